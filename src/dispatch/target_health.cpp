#include "dispatch/target_health.hpp"

namespace triaged::dispatch {

std::optional<Choice> choose(const routing::Plan& plan, const std::vector<bool>& spent,
                             std::vector<TargetHealth>& health, TimePoint now, bool first_attempt) {
  std::optional<Choice> forced;
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    if (spent[i]) continue;
    TargetHealth& target = health[plan.candidates[i].target];
    if (target.held_until > now) continue;
    if (target.breaker.try_pass(now)) return Choice{i, false};
    if (!forced) forced = Choice{i, true};
  }
  return first_attempt ? forced : std::nullopt;
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
