#include "routing/price_ceiling.hpp"

#include <algorithm>

namespace triaged::routing {

namespace {

constexpr std::int64_t usual_output = 500;  // tokens; about what makes input and output count alike in most prices

}  // namespace

PriceCeiling::PriceCeiling(const Pricing& pricing, std::string_view model, std::int64_t input_tokens)
    : pricing_(&pricing), usage_{input_tokens, 0, usual_output}, most_(pricing.cost_of(model, usage_)) {}

bool PriceCeiling::excludes(std::size_t target) const {
  if (!most_) return false;
  const std::optional<NanoDollars> cost = pricing_->cost(target, usage_);
  return cost && *most_ < *cost;
}

bool PriceCeiling::excludes_all(const std::vector<std::size_t>& targets) const {
  return !targets.empty() &&
         std::all_of(targets.begin(), targets.end(), [this](std::size_t target) { return excludes(target); });
}

std::optional<std::size_t> first_within(const PriceCeiling& price, const UsableTargets& usable, std::size_t tier) {
  for (const std::size_t target : usable.in(tier)) {
    if (!price.excludes(target)) return target;
  }
  return std::nullopt;
}

}  // namespace triaged::routing
