// Which tiers a target stands in. Tiers are ordered from the cheapest to the strongest.
#pragma once

#include "triaged/config/settings.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace triaged::routing {

inline bool stands_in(std::size_t target, const config::Tier& tier) {
  return std::find(tier.targets.begin(), tier.targets.end(), target) != tier.targets.end();
}

inline std::optional<std::size_t> highest_tier_of(std::size_t target, const config::Settings& settings) {
  for (std::size_t i = settings.tiers.size(); i-- > 0;) {
    if (stands_in(target, settings.tiers[i])) return i;
  }
  return std::nullopt;
}

inline std::optional<std::size_t> lowest_tier_of(std::size_t target, const config::Settings& settings) {
  for (std::size_t i = 0; i < settings.tiers.size(); ++i) {
    if (stands_in(target, settings.tiers[i])) return i;
  }
  return std::nullopt;
}

}  // namespace triaged::routing
