#include "triaged/quality/cascade.hpp"

#include "triaged/quality/escalation_rate.hpp"

namespace triaged::quality {

void PassRate::add(bool passed) {
  if (answers_ >= most_answers) {
    passed_ /= 2;
    answers_ /= 2;
  }
  answers_ += 1;
  if (passed) passed_ += 1;
}

double expected_cost(std::span<const Rung> rungs, double second_worth) {
  if (rungs.empty()) return 0;
  double expected = rungs.back().cost;
  for (std::size_t i = rungs.size() - 1; i-- > 0;) {
    const double thrown_away = rungs[i].seconds * second_worth + rungs[i + 1].lost_cache;
    expected = rungs[i].cost + (1 - rungs[i].passed.rate()) * (thrown_away + expected);
  }
  return expected;
}

std::size_t best_start(std::span<const Rung> rungs, const config::Cascade& settings, double random) {
  if (!settings.skip_losing || rungs.empty() || random < EscalationRate::exploration) return 0;
  std::size_t best = 0;
  double least = expected_cost(rungs, settings.second_worth);
  for (std::size_t start = 1; start < rungs.size() && rungs[start - 1].passed.is_measured(); ++start) {
    const double expected = expected_cost(rungs.subspan(start), settings.second_worth);
    if (expected >= least) continue;
    least = expected;
    best = start;
  }
  return best;
}

}  // namespace triaged::quality
