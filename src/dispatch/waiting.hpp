// Adds the time between its construction and destruction to a sum: what a request spent waiting for others.
#pragma once

#include "triaged/base/clock.hpp"

namespace triaged::dispatch {

class Waiting {
 public:
  Waiting(const Clock& clock, Duration& sum) : clock_(clock), sum_(sum), since_(clock.now()) {}
  ~Waiting() { sum_ += clock_.now() - since_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  const Clock& clock_;
  Duration& sum_;
  TimePoint since_;
};

}  // namespace triaged::dispatch
