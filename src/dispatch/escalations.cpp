#include "dispatch/escalations.hpp"

#include "triaged/routing/plan.hpp"

#include <algorithm>
#include <chrono>

namespace triaged::dispatch {
namespace {

constexpr double fewest_costs = 5;    // before their mean says what an answer costs
constexpr double longest_mean = 100;  // answers; older ones fade

}  // namespace

Escalations::Escalations(const config::Settings& settings) : settings_(settings.quality) {
  if (settings.quality.gates.empty()) return;
  for (std::size_t way = 0; way < routing::way_count(settings); ++way) {
    ways_.emplace_back(routing::way_name(way, settings), settings);
  }
}

Escalations::Start Escalations::start(std::size_t way, std::span<const std::size_t> tiers, double random,
                                      double other_random) const {
  const Way& known = ways_[way];
  std::size_t first = 0;
  std::string_view reason;
  if (tiers.size() > 1 && known.rate.starts_higher(random)) {
    first = 1;
    reason = "answers of this route are escalated too often";
  }
  std::vector<quality::Rung> rungs;
  for (const std::size_t tier : tiers) {
    const Tier& measured = known.tiers[tier];
    if (!settings_.cascade.skip_losing || measured.answers < fewest_costs) break;
    rungs.push_back({measured.dollars, measured.seconds, 0, measured.passed});
  }
  if (rungs.size() == tiers.size() && tiers.size() > 1) {
    const std::size_t best = quality::best_start(rungs, settings_.cascade, other_random);
    if (best > first) {
      first = best;
      reason = "a cheaper attempt does not pay here";
    }
  }
  return {tiers[first], reason};
}

void Escalations::judged(std::size_t way, std::size_t tier, bool passed) { ways_[way].tiers[tier].passed.add(passed); }

void Escalations::took(std::size_t way, std::size_t tier, std::optional<NanoDollars> cost, Duration time) {
  if (!cost) return;
  Tier& measured = ways_[way].tiers[tier];
  measured.answers = std::min(measured.answers + 1, longest_mean);
  measured.dollars += (cost->dollars() - measured.dollars) / measured.answers;
  measured.seconds += (std::chrono::duration<double>(time).count() - measured.seconds) / measured.answers;
}

void Escalations::ended(std::size_t way, bool escalated) { ways_[way].rate.add(escalated); }

}  // namespace triaged::dispatch
