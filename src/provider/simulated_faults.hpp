// The faults that a test can ask the simulated provider for: "status=429;retry_after=2", "cut=40", ... See
// docs/simulate.md.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::provider {

struct Faults {
  std::optional<int> status;                 // answer with this error status
  std::optional<std::uint64_t> retry_after;  // seconds, on an error status
  bool reset = false;                        // reset before the head
  bool silence = false;                      // never answer
  Duration slow_first_token{0};              // extra wait between the head and the first content
  std::optional<Duration> drip;              // wait between tokens
  std::optional<std::uint64_t> cut;          // close the connection after so many tokens
  std::optional<std::uint64_t> stall;        // say nothing more after so many tokens
  std::optional<std::uint64_t> malformed;    // one broken event after so many tokens
  std::optional<std::uint64_t> filtered;     // end by content filter after so many tokens
  bool no_done = false;                      // a stream without its terminal event
  bool wrong_length = false;                 // a body shorter than its Content-Length
  bool refusal = false;
  bool empty = false;
  bool bad_json = false;
  bool context_length = false;  // 400: the prompt is too long
  bool content_filter = false;  // 400: the prompt is refused
};

// Faults separated by ';', ',' or '+'. An unknown one is an error that names those that exist.
Result<void> parse_faults(std::string_view text, Faults& faults);

}  // namespace triaged::provider
