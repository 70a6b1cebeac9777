// Token usage as OpenAI-like providers report it, brought into disjoint classes.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>

namespace triaged::provider {

// The figures as reported; overlapping, and not always consistent.
struct UsageFigures {
  std::optional<std::int64_t> prompt;
  std::optional<std::int64_t> completion;
  std::optional<std::int64_t> total;
  std::int64_t cached = 0;
  std::int64_t cache_write = 0;
  std::int64_t audio_input = 0;
  std::int64_t reasoning = 0;
  std::int64_t audio_output = 0;
};

// The classes sum to `total` where that is given. Nothing without a prompt or a completion figure.
std::optional<chat::Usage> normalise(UsageFigures figures);

// Reads the value at the cursor: a usage object, or anything else, which gives nothing.
std::optional<chat::Usage> read_usage(JsonReader& reader);

}  // namespace triaged::provider
