// Which target a request goes to next: a pure choice over what was tried and what each target's health allows.
#pragma once

#include "triaged/dispatch/breaker.hpp"
#include "triaged/routing/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace triaged::dispatch {

// Of one target on one worker.
struct TargetHealth {
  explicit TargetHealth(const config::Breaker& settings) : breaker(settings) {}
  Breaker breaker;
  TimePoint held_until{};  // the provider asked us to wait (Retry-After)
};

struct Choice {
  std::size_t candidate = 0;  // index into Plan::candidates
  bool forced = false;        // its breaker is open, but every other is too
};

// `spent[i]`: candidate i is out for this request. The first candidate whose health lets it pass; if none does and
// nothing was tried yet, the first that is only open by its breaker: an attempt that may fail is better than an error
// that is certain, but one such attempt a request is enough. Empty: nothing is left, or all that is left asked to be
// left alone.
std::optional<Choice> choose(const routing::Plan& plan, const std::vector<bool>& spent,
                             std::vector<TargetHealth>& health, TimePoint now, bool first_attempt);
// When the first of the held targets may be asked again.
std::optional<TimePoint> soonest(const routing::Plan& plan, const std::vector<bool>& spent,
                                 const std::vector<TargetHealth>& health, TimePoint now);

}  // namespace triaged::dispatch
