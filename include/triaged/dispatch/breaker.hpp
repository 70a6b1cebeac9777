// Circuit breaker of one target on one worker. Closed: requests pass. It opens after failures in a row, or when too
// large a share of the last attempts failed. Open: none passes until the cooldown ends. Half-open: one probe passes; it
// closes the breaker or opens it for twice as long. Time is handed in.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/config/settings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace triaged::dispatch {

class Breaker {
 public:
  explicit Breaker(const config::Breaker& settings) : settings_(settings) {}

  enum class State : std::uint8_t { closed, open, half_open };
  State state(TimePoint now) const;

  // May a request be sent now? In half-open state the first that asks gets the probe and must report its end by one of
  // the three calls below.
  bool try_pass(TimePoint now);
  bool may_pass(TimePoint now) const;  // what try_pass() would say
  void on_success(TimePoint now);
  void on_failure(TimePoint now);
  void on_neutral();               // ended without saying anything about the target (client left)
  void hold_off(TimePoint until);  // Retry-After: open until then, whatever was counted
  // Of a health check: a failed one opens it until then, unless it is open for longer; a passed one closes what a check
  // opened, and ends the cooldown of what failed attempts opened, so that the next request is the probe.
  void on_check_failed(TimePoint until);
  void on_check_passed(TimePoint now);
  TimePoint open_until() const { return open_until_; }
  // When it closed after it had been open; none: it never was.
  std::optional<TimePoint> back_since() const { return back_since_; }

 private:
  // What opened it last: decides what a passed check is worth.
  enum class Cause : std::uint8_t { failures, hold, check };
  struct Slot {
    std::int64_t number = -1;  // of the stretches of time since the clock's beginning
    std::uint32_t attempts = 0;
    std::uint32_t failures = 0;
  };

  void count(bool failed, TimePoint now);
  bool fails_too_often(TimePoint now) const;
  std::int64_t slot_number(TimePoint now) const;
  void close(TimePoint now);

  config::Breaker settings_;
  std::uint32_t consecutive_ = 0;
  std::uint32_t opened_ = 0;  // times in a row: the exponent of the cooldown
  bool probing_ = false;
  bool open_ = false;
  Cause cause_ = Cause::failures;
  TimePoint open_until_{};
  std::optional<TimePoint> back_since_;
  std::array<Slot, 10> recent_{};  // the window in steps
};

}  // namespace triaged::dispatch
