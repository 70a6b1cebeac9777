#include "triaged/base/embedded.hpp"

#include <cstddef>

// Set by models.S.
extern "C" {
extern const char triaged_task_model_begin[];
extern const char triaged_task_model_end[];
}

namespace triaged {

std::string_view embedded_task_model() {
  return {triaged_task_model_begin, static_cast<std::size_t>(triaged_task_model_end - triaged_task_model_begin)};
}

}  // namespace triaged
