#include "triaged/routing/cost_aware.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace triaged::routing {

namespace {

std::string in_dollars(NanoDollars amount) {
  const std::string exact = format_dollars(amount);
  return "$" + exact.substr(0, exact.size() - 3);  // millionths are enough for a sentence
}

std::string in_percent(double share) {
  return std::to_string(static_cast<int>(std::floor(100.0 * std::clamp(share, 0.0, 10.0) + 1e-9))) + " %";
}

CostAwareChoice top_tier(std::size_t top, CostAwareReason reason, std::string sentence) {
  return {top, reason, std::move(sentence)};
}

CostAwareChoice by_worth(std::span<const TierOffer> tiers, std::size_t top, double worth) {
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = tiers.size(); i-- > 0;) {
    const TierOffer& offer = tiers[i];
    if (!offer.available || !offer.cost) continue;
    const double value = offer.good * worth - offer.cost->dollars();
    if (best && !(value > most)) continue;
    best = i;
    most = value;
  }
  if (!tiers[top].cost || !best) {
    return top_tier(top, CostAwareReason::prices_unknown, "the top tier has no price to compare with");
  }
  return {best, CostAwareReason::best_worth,
          "good with p " + in_percent(tiers[*best].good) + " for " + in_dollars(*tiers[*best].cost) +
              ": the best value at the willingness to pay"};
}

}  // namespace

std::string_view name(CostAwareReason reason) {
  switch (reason) {
    case CostAwareReason::nothing_available: return "nothing_available";
    case CostAwareReason::floor_kept: return "floor_kept";
    case CostAwareReason::top_only: return "top_only";
    case CostAwareReason::best_worth: return "best_worth";
    case CostAwareReason::prices_unknown: return "prices_unknown";
  }
  return "";
}

CostAwareChoice choose_by_cost(std::span<const TierOffer> tiers, const CostAware& options) {
  std::size_t top = tiers.size();
  while (top > 0 && !tiers[top - 1].available) --top;
  if (top == 0) return {std::nullopt, CostAwareReason::nothing_available, "no tier is available"};
  --top;
  if (options.willingness_to_pay) return by_worth(tiers, top, *options.willingness_to_pay);
  if (!tiers[top].cost) {
    return top_tier(top, CostAwareReason::prices_unknown, "the top tier has no price to compare with");
  }

  std::size_t best = top;
  const double needed = options.quality_floor * tiers[top].good;
  for (std::size_t i = top; i-- > 0;) {
    const TierOffer& offer = tiers[i];
    const bool good_enough = offer.available && offer.cost && offer.lower >= needed;
    if (good_enough && *offer.cost < *tiers[best].cost) best = i;
  }
  if (best == top) {
    return top_tier(top, CostAwareReason::top_only,
                    "no cheaper tier surely keeps " + in_percent(options.quality_floor) + " of the top tier's quality");
  }
  const double kept = tiers[top].good > 0 ? tiers[best].lower / tiers[top].good : 1.0;
  return {best, CostAwareReason::floor_kept,
          "keeps at least " + in_percent(kept) + " of the top tier's quality for " + in_dollars(*tiers[best].cost) +
              " instead of " + in_dollars(*tiers[top].cost)};
}

}  // namespace triaged::routing
