// Which target a request goes to next: a pure choice over what was tried and what each target's health allows.
#pragma once

#include "triaged/dispatch/breaker.hpp"
#include "triaged/routing/plan.hpp"

#include "dispatch/retry_budget.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace triaged::dispatch {

// Of one target on one worker.
struct TargetHealth {
  TargetHealth(const config::Breaker& settings, double retry_budget) : breaker(settings), budget(retry_budget) {}
  Breaker breaker;
  RetryBudget budget;
  TimePoint held_until{};     // the provider asked us to wait (Retry-After)
  bool resets_fresh = false;  // it reset a new connection since it last answered
};

struct Choice {
  std::size_t candidate = 0;  // index into Plan::candidates
  bool forced = false;        // asked although its breaker is open
};

// What a request has to choose from.
struct Field {
  const routing::Plan& plan;
  std::span<const std::size_t> order;  // of the candidates
  const std::vector<bool>& spent;      // candidate i is out for this request
  double panic = 1;                    // Balance::panic
  bool first_attempt = true;
};

// The first candidate whose health lets it pass, and, for a further attempt, whose budget does. Where some but few of a
// tier's targets are left by their breakers, the breakers of that tier are ignored; a tier that is out as a whole is
// passed over. If none passes and nothing was tried yet, the first that is only open by its breaker: an attempt that
// may fail is better than an error that is certain, but one such attempt a request is enough. Empty: nothing is left,
// or all that is left asked to be left alone.
std::optional<Choice> choose(const Field& field, std::vector<TargetHealth>& health, TimePoint now);
// Whether choose() would find something.
bool any_left(const Field& field, const std::vector<TargetHealth>& health, TimePoint now);
// When the first of the held targets may be asked again.
std::optional<TimePoint> soonest(const routing::Plan& plan, const std::vector<bool>& spent,
                                 const std::vector<TargetHealth>& health, TimePoint now);

}  // namespace triaged::dispatch
