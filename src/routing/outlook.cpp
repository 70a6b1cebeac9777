#include "routing/outlook.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::routing {

namespace {

TierEstimate quality_of(const OutlookInput& input, const Outlook& outlook, std::size_t tier) {
  const double prior = outlook.good(tier_strength(tier, input.settings.tiers.size()));
  if (input.brain.outcomes == nullptr) {
    TierEstimate estimate;
    estimate.good = prior;
    estimate.lower = prior;
    return estimate;
  }
  const std::size_t band = complexity_band(input.request.complexity.value);
  return input.brain.outcomes->estimate(input.request.task.best, band, tier, prior);
}

// What is near to the request counts beside what is known of its kind.
TierEstimate with_neighbours(const OutlookInput& input, const TierEstimate& estimate,
                             std::optional<std::size_t> target) {
  if (input.neighbours.empty() || !target) return estimate;
  const Evidence evidence = evidence_of(input.neighbours, *target, input.brain.past->least_similarity());
  return with_evidence(estimate, input.brain.estimates->prior_weight() + estimate.seen, evidence);
}

std::vector<TierOffer> offers(const std::vector<TierOutlook>& outlooks, TierEstimate TierOutlook::*quality) {
  std::vector<TierOffer> offers;
  offers.reserve(outlooks.size());
  for (const TierOutlook& outlook : outlooks) {
    const TierEstimate& estimate = outlook.*quality;
    offers.push_back({estimate.good, estimate.lower, outlook.cost, outlook.target && !outlook.above_price});
  }
  return offers;
}

}  // namespace

double expected_output(const OutlookInput& input, std::size_t tier, std::size_t target) {
  const Brain& brain = input.brain;
  const config::Target& settings = input.settings.targets[target];
  double tokens = brain.estimates->output_length(input.request, settings.model).expected;
  if (brain.outcomes != nullptr) {
    const std::size_t band = complexity_band(input.request.complexity.value);
    tokens *= brain.outcomes->estimate(input.request.task.best, band, tier, 0).token_factor;
  }
  return settings.max_output > 0 ? std::min(tokens, static_cast<double>(settings.max_output)) : tokens;
}

std::vector<TierOutlook> look_ahead(const OutlookInput& input, const UsableTargets& usable, std::size_t ceiling) {
  const Outlook outlook = input.brain.estimates->look(input.request);
  std::vector<TierOutlook> outlooks;
  outlooks.reserve(ceiling + 1);
  for (std::size_t tier = 0; tier <= ceiling; ++tier) {
    TierOutlook& found = outlooks.emplace_back();
    found.tier = tier;
    found.target = first_within(input.price, usable, tier);
    found.above_price = !found.target;
    if (found.above_price) found.target = usable.first(tier);
    found.without_past = quality_of(input, outlook, tier);
    found.quality = with_neighbours(input, found.without_past, found.target);
    if (!found.target) continue;
    found.output_tokens = expected_output(input, tier, *found.target);
    if (input.brain.pricing == nullptr) continue;
    ExpectedUsage usage;
    usage.input = input_tokens_of(input.request.features, input.settings.targets[*found.target].tokenizer);
    usage.output = std::llround(found.output_tokens);
    found.cost = input.brain.pricing->cost(*found.target, usage);
  }
  return outlooks;
}

std::vector<TierOffer> offers_of(const std::vector<TierOutlook>& outlooks) {
  return offers(outlooks, &TierOutlook::quality);
}

std::vector<TierOffer> offers_without_past(const std::vector<TierOutlook>& outlooks) {
  return offers(outlooks, &TierOutlook::without_past);
}

}  // namespace triaged::routing
