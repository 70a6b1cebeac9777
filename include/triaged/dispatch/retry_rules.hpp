// What to do after an attempt failed: one pure function over the facts of the failure.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/provider/provider.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::dispatch {

// The facts of one failed attempt.
struct AttemptFailure {
  ErrorKind kind = ErrorKind::internal;  // upstream_status when the provider answered with an error status
  Blame blame = Blame::upstream;
  Progress progress = Progress::nothing_sent;
  bool reused_connection = false;                       // failed on a kept-alive connection ...
  bool got_bytes = false;                               // ... and not one byte of a response came
  bool committed = false;                               // content had already gone to the client
  std::optional<provider::FailureClass> failure_class;  // for upstream_status and stream_error
  std::optional<std::chrono::milliseconds> retry_after;
};

// Where the request stands.
struct AttemptState {
  std::uint32_t attempts_on_target = 1;  // including the failed one
  std::uint32_t attempts = 1;            // of the request
  bool other_target_left = false;
  bool other_key_left = false;     // of the failed target's provider
  bool budget_left = true;         // of the failed target: another attempt at it may be made
  bool resets_fresh = false;       // likewise: it reset a new connection since it last answered
  double random = 0;               // [0, 1): jitter
  Duration left{Duration::max()};  // until the request's own deadline
};

enum class Next : std::uint8_t {
  fresh_connection,  // same target at once, on a new connection: an idle one had been closed under us; not counted
  same_target,       // after `wait`
  next_target,       // at once
  stop,
};
std::string_view name(Next next);

struct Verdict {
  Next next = Next::stop;
  Duration wait{0};
  bool blame_target = false;  // counts against the target's breaker
  Duration target_out{0};   // the provider asked for this pause (Retry-After), or the key is refused: keep away so long
  Duration key_out{0};      // likewise, of the key alone
  std::string_view reason;  // short, constant, for logs
};

Verdict after_failure(const AttemptFailure& failure, const AttemptState& state, const config::Retry& retry);

// Exponential backoff with full jitter: uniform in [0, min(max, base * 2^(attempt-1))].
Duration backoff(std::uint32_t attempt, double random, const config::Retry& retry);

}  // namespace triaged::dispatch
