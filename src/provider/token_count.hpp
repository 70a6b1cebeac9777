// A number of tokens in a provider's usage.
#pragma once

#include "triaged/base/json.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace triaged::provider {

// More than any bill can hold; keeps sums far from overflow.
inline constexpr std::int64_t most_tokens = 1'000'000'000'000;

// Reads the value at the cursor. Nothing for what is no count.
inline std::optional<std::int64_t> read_token_count(JsonReader& reader) {
  if (reader.peek() != JsonType::number) {
    reader.skip();
    return {};
  }
  const auto count = json_integer(reader.take_number());
  if (!count || *count < 0) return {};
  return std::min(*count, most_tokens);
}

}  // namespace triaged::provider
