// How often the answers of one route are escalated, and what follows when that is too often. One per route and worker.
#pragma once

#include "triaged/config/quality.hpp"

#include <cstddef>
#include <vector>

namespace triaged::quality {

class EscalationRate {
 public:
  // So few answers say nothing.
  static constexpr std::size_t least_answers = 20;
  // While a route starts higher, so many of its last low starts tell whether it may come down.
  static constexpr std::size_t looked_back_at = 40;
  // The share of requests that start low all the same, to find out.
  static constexpr double exploration = 0.05;

  explicit EscalationRate(const config::Escalation& settings);

  // The answer of a request that started where the plan had it start; those that started higher tell nothing.
  void add(bool escalated);

  std::size_t answers() const { return filled_; }
  double rate() const { return share_of_last(filled_); }  // over the window; 0 without answers
  bool alarm() const;
  // Whether the next request starts one tier higher than planned. `random` in [0, 1), new for every request.
  bool starts_higher(double random) const { return stepped_up_ && random >= exploration; }

 private:
  double share_of_last(std::size_t count) const;

  double target_;
  bool step_up_;
  std::vector<bool> escalated_;  // a ring
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  bool stepped_up_ = false;
};

}  // namespace triaged::quality
