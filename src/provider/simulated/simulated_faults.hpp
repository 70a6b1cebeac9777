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

// Up and down in turn, beginning with up: the faults named beside it hold while it is down.
struct Flap {
  Duration up{0};
  Duration down{0};
  bool operator==(const Flap&) const = default;
};

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
  bool context_length = false;   // 400: the prompt is too long
  bool content_filter = false;   // 400: the prompt is refused
  bool prefill_refused = false;  // 400 where the last message is the assistant's
  std::optional<Flap> flap;
  std::optional<std::uint64_t> times;  // of standing faults: for so many requests

  bool operator==(const Faults&) const = default;
};

// Faults separated by ';', ',' or '+'. An unknown one is an error that names those that exist.
Result<void> parse_faults(std::string_view text, Faults& faults);
// What holds of them so long after they began: none while up; else what is named beside `flap` and `times`, status=503
// if nothing is.
Faults at(const Faults& faults, Duration since);
// The words without `flap` and `times`: what there is to say of a moment when they hold.
std::string momentary_words(std::string_view text);

}  // namespace triaged::provider
