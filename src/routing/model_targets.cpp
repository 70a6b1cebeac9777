#include "triaged/routing/model_targets.hpp"

#include "triaged/base/model_name.hpp"

#include <algorithm>

namespace triaged::routing {

namespace {

enum class Fit { none, version, model, full };

std::string_view bare(std::string_view model) {
  for (std::string_view shorter = without_version(model); shorter.size() < model.size();
       shorter = without_version(model)) {
    model = shorter;
  }
  return model;
}

// `vendor/model` of a provider that sells other companies' models is also known as `model`.
std::string_view after_vendor(std::string_view model) { return model.substr(model.rfind('/') + 1); }

Fit fit_of(std::string_view model, const config::Target& target) {
  if (model == target.name) return Fit::full;
  if (model == target.model || model == after_vendor(target.model)) return Fit::model;
  const std::string_view shorter = bare(model);
  const bool same =
      shorter == bare(target.name) || shorter == bare(target.model) || shorter == bare(after_vendor(target.model));
  return same ? Fit::version : Fit::none;
}

}  // namespace

std::vector<std::size_t> targets_of_model(std::string_view model, const config::Settings& settings) {
  std::vector<std::size_t> targets;
  Fit best = Fit::version;
  for (std::size_t target = 0; target < settings.targets.size(); ++target) {
    const Fit fit = fit_of(model, settings.targets[target]);
    const bool in_a_tier =
        std::any_of(settings.tiers.begin(), settings.tiers.end(), [target](const config::Tier& tier) {
          return std::find(tier.targets.begin(), tier.targets.end(), target) != tier.targets.end();
        });
    if (fit < best || fit == Fit::none || !in_a_tier) continue;
    if (fit > best) targets.clear();
    best = fit;
    targets.push_back(target);
  }
  return targets;
}

}  // namespace triaged::routing
