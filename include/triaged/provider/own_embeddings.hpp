// A request of the gateway's own for the vectors of some texts, and what is read of its answer. For providers that
// speak OpenAI's dialect.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/provider/own_request.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

// `dimensions` 0: as many as the model has.
OwnRequest write_own_embeddings(std::span<const std::string> texts, std::int64_t dimensions);

// One vector for each of so many texts, in their order, as the model gave it. Anything else is an error that says what
// is wrong.
Result<std::vector<std::vector<float>>> read_own_embeddings(std::string_view body, std::size_t texts);

}  // namespace triaged::provider
