#include "triaged/routing/tokenizer_for.hpp"

#include <optional>

namespace triaged::routing {

Tokenizer tokenizer_for(std::string_view model, const config::Settings& settings) {
  constexpr std::string_view tier_prefix = "tier:";
  if (const auto target = settings.find_target(model)) return settings.targets[*target].tokenizer;
  std::optional<std::size_t> tier;
  if (model.starts_with(tier_prefix)) tier = settings.find_tier(model.substr(tier_prefix.size()));
  if (!tier) {
    if (const std::optional<Tokenizer> known = tokenizer_of(model)) return *known;
  }
  const config::Tier& answers = settings.tiers[tier.value_or(settings.routing.default_tier)];
  return settings.targets[answers.targets.front()].tokenizer;
}

}  // namespace triaged::routing
