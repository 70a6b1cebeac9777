#include "triaged/config/settings.hpp"

#include <algorithm>

namespace triaged::config {

namespace {

template <class T>
std::optional<std::size_t> find_by_name(const std::vector<T>& list, std::string_view name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> Settings::find_provider(std::string_view name) const {
  return find_by_name(providers, name);
}
std::optional<std::size_t> Settings::find_tier(std::string_view name) const { return find_by_name(tiers, name); }
std::string_view Settings::tier_name(std::size_t tier) const {
  return tier < tiers.size() ? std::string_view(tiers[tier].name) : "embeddings";
}
std::optional<std::size_t> Settings::find_target(std::string_view name) const { return find_by_name(targets, name); }

std::optional<std::size_t> Quality::find_gate(std::string_view name) const { return find_by_name(gates, name); }

bool Gate::has(Check check) const { return std::find(checks.begin(), checks.end(), check) != checks.end(); }

const std::vector<std::string_view>& check_names() {
  static const std::vector<std::string_view> names{"empty",    "refusal", "repetition", "cut_off",
                                                   "language", "json",    "tools"};
  return names;
}

std::string_view name(Check check) { return check_names()[static_cast<std::size_t>(check)]; }

std::string_view name(Profile profile) {
  switch (profile) {
    case Profile::automatic: return "auto";
    case Profile::generic: return "generic";
    case Profile::openai: return "openai";
    case Profile::azure: return "azure";
    case Profile::mistral: return "mistral";
    case Profile::deepseek: return "deepseek";
    case Profile::groq: return "groq";
    case Profile::xai: return "xai";
    case Profile::openrouter: return "openrouter";
    case Profile::vllm: return "vllm";
    case Profile::ollama: return "ollama";
    case Profile::llamacpp: return "llamacpp";
    case Profile::vertex: return "vertex";
  }
  return "generic";
}

std::string_view name(Policy policy) {
  switch (policy) {
    case Policy::order: return "order";
    case Policy::weighted: return "weighted";
    case Policy::least_busy: return "least_busy";
    case Policy::latency: return "latency";
    case Policy::usage: return "usage";
    case Policy::cheapest: return "cheapest";
  }
  return "";
}

std::string_view name(Strategy strategy) {
  switch (strategy) {
    case Strategy::intent: return "intent";
    case Strategy::cost_aware: return "cost_aware";
    case Strategy::semantic: return "semantic";
  }
  return "";
}

}  // namespace triaged::config
