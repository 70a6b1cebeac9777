// A deadline is a point in time handed down, never a time-out restarted by each layer.
#pragma once

#include "triaged/base/clock.hpp"

#include <algorithm>

namespace triaged {

class Deadline {
 public:
  Deadline() : at_(TimePoint::max()) {}  // never
  explicit Deadline(TimePoint at) : at_(at) {}

  // A duration of zero or less means "no limit", as everywhere in the configuration.
  static Deadline in(Duration limit, TimePoint now) {
    if (limit <= Duration::zero()) return Deadline();
    return Deadline(now + std::chrono::duration_cast<TimePoint::duration>(limit));
  }

  TimePoint at() const { return at_; }
  bool never() const { return at_ == TimePoint::max(); }
  bool passed(TimePoint now) const { return now >= at_; }
  Deadline or_sooner(Deadline other) const { return Deadline(std::min(at_, other.at_)); }
  // What is left, at least zero; Duration::max() when there is no limit.
  Duration left(TimePoint now) const {
    if (never()) return Duration::max();
    return now >= at_ ? Duration::zero() : std::chrono::duration_cast<Duration>(at_ - now);
  }

 private:
  TimePoint at_;
};

}  // namespace triaged
