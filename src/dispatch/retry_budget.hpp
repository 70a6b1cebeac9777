// How many further attempts (retries, and requests that come over from other targets) a target gets while they fail, so
// that an outage is not answered with a multiple of the load. Further attempts that are answered cost nothing: a
// healthy target is never short of them. One per target and worker; time is handed in.
#pragma once

#include "triaged/base/clock.hpp"

namespace triaged::dispatch {

class RetryBudget {
 public:
  static constexpr double most = 10;                           // saved up at most: a burst of so many failures
  static constexpr Duration trial = std::chrono::seconds(10);  // one is let through so often, to find out

  explicit RetryBudget(double share) : share_(share) {}

  void on_first_attempt();
  bool allows(TimePoint now) const;
  void on_further_attempt(TimePoint now) { last_ = now; }
  void on_further_answered();
  void on_further_failed() { left_ -= 1; }

 private:
  double share_;        // Retry::budget
  double left_ = most;  // below zero: more had been under way than was left
  TimePoint last_{};
};

}  // namespace triaged::dispatch
