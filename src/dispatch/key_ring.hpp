// Which of its provider's keys an attempt at a target takes. One per target and worker: a rate limit goes for one key
// and one model. Time is handed in.
#pragma once

#include "triaged/base/clock.hpp"

#include <cstddef>
#include <vector>

namespace triaged::dispatch {

class KeyRing {
 public:
  explicit KeyRing(std::size_t keys) : out_until_(keys) {}  // at least one

  // The next in turn that is not out; if all are, the one that is back first.
  std::size_t take(TimePoint now);
  // Whether there is another key than this one that is not out.
  bool other_left(std::size_t key, TimePoint now) const;
  void put_out(std::size_t key, TimePoint until);
  TimePoint soonest() const;  // when the first of them is back; in the past: it is there

 private:
  std::vector<TimePoint> out_until_;
  std::size_t next_ = 0;
};

}  // namespace triaged::dispatch
