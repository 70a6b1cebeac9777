// Whether a cheap attempt pays whose answer may be thrown away.
#pragma once

#include "triaged/config/quality.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace triaged::quality {

// How often answers of one kind of request passed at one tier. Old answers fade, so that it follows a model that
// changes.
class PassRate {
 public:
  // Fewer measured answers decide nothing.
  static constexpr double least_answers = 20;
  // What is assumed before anything is known, as if so many answers had been seen.
  static constexpr double prior_rate = 0.85;
  static constexpr double prior_answers = 10;
  // Where this many are reached, all count half.
  static constexpr double most_answers = 500;

  void add(bool passed);
  double answers() const { return answers_; }
  bool is_measured() const { return answers_ >= least_answers; }
  double rate() const { return (passed_ + prior_rate * prior_answers) / (answers_ + prior_answers); }

 private:
  double passed_ = 0;
  double answers_ = 0;
};

// A tier that a request could start at or be escalated to.
struct Rung {
  double cost = 0;     // dollars, expected, of one attempt
  double seconds = 0;  // expected, until its answer is judged
  double lost_cache =
      0;  // dollars more when it is reached by escalation: the prompt cache that starting there would find
  PassRate passed;
};

// Of starting at the first rung and being escalated rung by rung; the answer of the last one goes through as it is:
//   E(i) = cost(i) + (1 - p(i)) * (seconds(i) * second_worth + lost_cache(i + 1) + E(i + 1)),  E(last) = cost(last)
double expected_cost(std::span<const Rung> rungs, double second_worth);

// The rung of least expected cost, where every rung below it is measured; one request in twenty starts at the first all
// the same, to find out. `random` in [0, 1), new for every request.
std::size_t best_start(std::span<const Rung> rungs, const config::Cascade& settings, double random);

}  // namespace triaged::quality
