// How long a target takes, as a moving average that believes bad news at once and good news little by little. It also
// fades while nothing is heard, so that a target that was slow is asked again some day. Time is handed in.
#pragma once

#include "triaged/base/clock.hpp"

#include <optional>

namespace triaged::dispatch {

class PeakEwma {
 public:
  // After so long without news, or with better news, 37 % of the old value is left. Answers of models take seconds.
  static constexpr Duration decay = std::chrono::seconds(30);

  void observe(Duration took, TimePoint now);
  // None: nothing was ever observed.
  std::optional<Duration> value(TimePoint now) const;
  std::optional<Duration> latest() const;  // as of the latest news, not faded

 private:
  double kept(TimePoint now) const;

  bool known_ = false;
  double value_ = 0;  // nanoseconds, as of `at_`
  TimePoint at_{};
};

}  // namespace triaged::dispatch
