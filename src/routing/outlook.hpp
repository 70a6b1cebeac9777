// How good each tier's answer is expected to be, and what it would cost.
#pragma once

#include "triaged/routing/plan.hpp"

#include "routing/price_ceiling.hpp"
#include "routing/usable.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace triaged::routing {

// What a plan's estimates are made from.
struct OutlookInput {
  const EstimateInput& request;
  const config::Settings& settings;
  const Brain& brain;  // with estimates
  const PriceCeiling& price;
  std::span<const PastNeighbour> neighbours;
};

// Of the tiers up to `ceiling`, in their order.
std::vector<TierOutlook> look_ahead(const OutlookInput& input, const UsableTargets& usable, std::size_t ceiling);

// Output tokens that a target is expected to need.
double expected_output(const OutlookInput& input, std::size_t tier, std::size_t target);

// For choose_by_cost().
std::vector<TierOffer> offers_of(const std::vector<TierOutlook>& outlooks);
std::vector<TierOffer> offers_without_past(const std::vector<TierOutlook>& outlooks);

}  // namespace triaged::routing
