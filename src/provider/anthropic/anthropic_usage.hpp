// Token usage as Anthropic reports it, brought into disjoint classes.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>

namespace triaged::provider {

// A stream tells it twice: at its beginning, and at its end as far as it has changed. What comes later counts.
class AnthropicUsage {
 public:
  // Reads the usage object at the cursor; anything else is passed over.
  void read(JsonReader& reader);
  // Nothing before both the input and the output were told.
  std::optional<chat::Usage> normalised() const;

 private:
  std::optional<std::int64_t> input_, output_;
  std::int64_t cache_read_ = 0;
  std::int64_t cache_write_ = 0;
  std::int64_t cache_write_1h_ = 0;  // part of it
  std::int64_t thinking_ = 0;        // part of the output
};

}  // namespace triaged::provider
