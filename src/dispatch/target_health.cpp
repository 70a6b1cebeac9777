#include "dispatch/target_health.hpp"

#include <algorithm>

namespace triaged::dispatch {
namespace {

bool in_panic(const Field& field, std::size_t tier, const std::vector<TargetHealth>& health, TimePoint now) {
  std::size_t all = 0;
  std::size_t out = 0;
  for (const routing::Candidate& each : field.plan.candidates) {
    if (each.tier != tier) continue;
    ++all;
    if (health[each.target].breaker.state(now) != Breaker::State::closed) ++out;
  }
  return out<all&& static_cast<double>(out)> field.panic * static_cast<double>(all);
}

// Whatever its breaker says.
bool may_be_asked(const Field& field, std::size_t candidate, const TargetHealth& target, TimePoint now) {
  if (field.spent[candidate] || target.held_until > now) return false;
  return field.first_attempt || target.budget.allows(now);
}

}  // namespace

std::optional<Choice> choose(const Field& field, std::vector<TargetHealth>& health, TimePoint now) {
  std::optional<Choice> forced;
  for (const std::size_t i : field.order) {
    const routing::Candidate& candidate = field.plan.candidates[i];
    TargetHealth& target = health[candidate.target];
    if (!may_be_asked(field, i, target, now)) continue;
    if (target.breaker.try_pass(now)) return Choice{i, false};
    if (in_panic(field, candidate.tier, health, now)) return Choice{i, true};
    if (!forced) forced = Choice{i, true};
  }
  return field.first_attempt ? forced : std::nullopt;
}

bool any_left(const Field& field, const std::vector<TargetHealth>& health, TimePoint now) {
  return std::any_of(field.order.begin(), field.order.end(), [&](std::size_t i) {
    const routing::Candidate& candidate = field.plan.candidates[i];
    const TargetHealth& target = health[candidate.target];
    if (!may_be_asked(field, i, target, now)) return false;
    return target.breaker.may_pass(now) || in_panic(field, candidate.tier, health, now);
  });
}

std::optional<TimePoint> soonest(const routing::Plan& plan, const std::vector<bool>& spent,
                                 const std::vector<TargetHealth>& health, TimePoint now) {
  std::optional<TimePoint> first;
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    const TimePoint until = health[plan.candidates[i].target].held_until;
    if (spent[i] || until <= now) continue;
    if (!first || until < *first) first = until;
  }
  return first;
}

}  // namespace triaged::dispatch
