// The strategy `cost_aware`: the cheapest tier that is good enough. Pure arithmetic on estimates.
#pragma once

#include "triaged/base/money.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace triaged::routing {

struct TierOffer {
  double good = 0;                  // P(good)
  double lower = 0;                 // its lower confidence bound, at most `good`
  std::optional<NanoDollars> cost;  // expected, of the whole request; none: the price is not known
  bool available = true;            // false: a constraint rules the tier out
};

struct CostAware {
  // A tier is good enough when its lower bound keeps this share of the top tier's P(good).
  double quality_floor = 0.9;
  // Dollars that an answer of full quality is worth. Set, it decides alone: the largest good * worth - cost wins.
  std::optional<double> willingness_to_pay;
};

enum class CostAwareReason : std::uint8_t {
  nothing_available,
  floor_kept,      // cheapest of those that keep the floor
  top_only,        // none but the top tier keeps it
  best_worth,      // by willingness to pay
  prices_unknown,  // a price that the choice needs is missing: the top tier
};
std::string_view name(CostAwareReason reason);

struct CostAwareChoice {
  std::optional<std::size_t> tier;  // none only if nothing is available
  CostAwareReason reason = CostAwareReason::nothing_available;
  std::string sentence;  // "keeps 94 % of the top tier's quality for $0.000120 instead of $0.004000"
};

// Tiers in order, the strongest last; the top tier is the last available one. Doubt goes up: a tier of unknown cost is
// never chosen for being cheap, and ties go to the stronger tier.
CostAwareChoice choose_by_cost(std::span<const TierOffer> tiers, const CostAware& options);

}  // namespace triaged::routing
