#include "triaged/base/embedded.hpp"

#include <cstddef>

// Set by models.S.
extern "C" {
extern const char triaged_task_model_begin[];
extern const char triaged_task_model_end[];
extern const char triaged_outcome_model_begin[];
extern const char triaged_outcome_model_end[];
extern const char triaged_embedder_begin[];
extern const char triaged_embedder_end[];
}

namespace triaged {

namespace {

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::string_view embedded_task_model() { return between(triaged_task_model_begin, triaged_task_model_end); }

std::string_view embedded_outcome_model() { return between(triaged_outcome_model_begin, triaged_outcome_model_end); }

std::string_view embedded_embedder() { return between(triaged_embedder_begin, triaged_embedder_end); }

}  // namespace triaged
