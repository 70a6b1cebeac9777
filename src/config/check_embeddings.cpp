// Checks of the models that make vectors: those of `embeddings`, and the one that routing asks.
#include "config/check.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace triaged::config {

namespace {

bool stands_in_a_tier(const Document& document, std::string_view model) {
  const auto is_it = [model](const TargetEntry& target) { return target.target == model; };
  return std::any_of(document.tiers.begin(), document.tiers.end(), [&](const TierEntry& tier) {
    return std::any_of(tier.targets.begin(), tier.targets.end(), is_it);
  });
}

}  // namespace

std::string embedder_name(const UpstreamEmbedderEntry& embedder) {
  const std::int64_t dimensions = embedder.settings.dimensions;
  return dimensions == 0 ? embedder.model : embedder.model + "@" + std::to_string(dimensions);
}

void check_embedding_model(const std::string& model, const std::string& key, const Document& document, Report& report) {
  const std::string shown = report.quoted(key, model);
  const auto [name, rest] = split_target(model);
  const auto provider = std::find_if(document.providers.begin(), document.providers.end(),
                                     [name = name](const Provider& each) { return each.name == name; });
  if (provider == document.providers.end() || rest.empty()) {
    report.error(key, shown + " is no `provider/model` of a provider described here",
                 did_you_mean(name, provider_names(document)));
    return;
  }
  if (provider->dialect != ProviderDialect::openai && provider->dialect != ProviderDialect::simulated) {
    report.error(key, "the provider of " + shown + " does not speak OpenAI's dialect");
  }
  if (stands_in_a_tier(document, model)) {
    report.error(key, shown + " stands in a tier, too", "a model either answers or embeds");
  }
}

void check_embeddings(const Document& document, Report& report) {
  std::set<std::string_view> seen;
  for (const std::string& model : document.embeddings) {
    check_embedding_model(model, "embeddings", document, report);
    if (!seen.insert(model).second) report.error("embeddings", report.quoted("embeddings", model) + " stands twice");
  }
}

}  // namespace triaged::config
