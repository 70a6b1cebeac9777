// Circuit breaker of one target on one worker. Closed: requests pass. Open: none until the cooldown ends. Half-open:
// one probe passes; it closes the breaker or opens it for twice as long. Time is handed in.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/config/settings.hpp"

#include <cstdint>

namespace triaged::dispatch {

class Breaker {
 public:
  explicit Breaker(const config::Breaker& settings) : settings_(settings) {}

  enum class State : std::uint8_t { closed, open, half_open };
  State state(TimePoint now) const;

  // May a request be sent now? In half-open state the first that asks gets the probe and must report its end by one of
  // the three calls below.
  bool try_pass(TimePoint now);
  void on_success(TimePoint now);
  void on_failure(TimePoint now);
  void on_neutral();               // ended without saying anything about the target (client left)
  void hold_off(TimePoint until);  // Retry-After: open until then, whatever was counted
  TimePoint open_until() const { return open_until_; }

 private:
  config::Breaker settings_;
  std::uint32_t consecutive_ = 0;
  std::uint32_t opened_ = 0;  // times in a row: the exponent of the cooldown
  bool probing_ = false;
  bool open_ = false;
  TimePoint open_until_{};
};

}  // namespace triaged::dispatch
