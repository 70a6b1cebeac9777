// Token usage of one attempt in disjoint classes: every token is in exactly one class, and the classes sum to the
// provider's own total. The provider codecs do this normalisation; nobody else subtracts one class from another.
#pragma once

#include <cstdint>
#include <string_view>

namespace triaged::chat {

// How a figure is known. `unknown` is never priced as zero.
enum class Certainty : std::uint8_t { exact, estimated, unknown };
std::string_view name(Certainty certainty);

struct Usage {
  std::int64_t input = 0;           // read at full price
  std::int64_t cached_input = 0;    // read from the provider's prompt cache
  std::int64_t cache_write_5m = 0;  // written to the cache, short-lived (also where a provider has just one lifetime)
  std::int64_t cache_write_1h = 0;
  std::int64_t audio_input = 0;
  std::int64_t output = 0;     // visible answer
  std::int64_t reasoning = 0;  // thought, billed as output, not shown
  std::int64_t audio_output = 0;
  Certainty certainty = Certainty::unknown;

  std::int64_t total_input() const { return input + cached_input + cache_write_5m + cache_write_1h + audio_input; }
  std::int64_t total_output() const { return output + reasoning + audio_output; }
  std::int64_t total() const { return total_input() + total_output(); }
  bool operator==(const Usage&) const = default;
};

}  // namespace triaged::chat
