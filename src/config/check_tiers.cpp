// Checks of `tiers` and their targets.
#include "config/check.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace triaged::config {
namespace {

// More than its name is said about the target.
bool described(const Report& report, const std::string& path) {
  const auto& keys = target_section().keys;
  return std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
    return key.name != "target" && report.placed(path + "." + std::string(key.name));
  });
}

bool check_target(const TargetEntry& target, const std::string& path, const std::vector<std::string_view>& providers,
                  Report& report) {
  const std::string key = path + ".target";
  if (target.target.empty()) {
    if (!report.failed(key) && !report.failed(path)) report.error(key, "is empty", "write provider/model");
    return false;
  }
  const auto [provider, model] = split_target(target.target);
  const bool spaced = std::any_of(target.target.begin(), target.target.end(), [](char c) { return c == ' '; });
  if (provider.empty() || model.empty() || spaced || has_control(target.target)) {
    report.error(key, report.quoted(key, target.target) + " is no target", "write provider/model");
    return false;
  }
  if (std::find(providers.begin(), providers.end(), provider) == providers.end()) {
    report.error(key, "there is no provider " + report.quoted(key, provider), did_you_mean(provider, providers));
  }
  return true;
}

struct Place {
  std::string path;
  bool described = false;
};

// A target may stand in several tiers, but only one place may say more about it.
void check_repeated(const std::string& name, const std::string& path, std::map<std::string, Place>& seen,
                    Report& report) {
  const bool now = described(report, path);
  const auto [found, is_new] = seen.try_emplace(name, Place{path, now});
  if (is_new) return;
  if (now && found->second.described) {
    report.error(path, "this target is described in " + found->second.path + " already",
                 "describe it once, and write only its name elsewhere");
  }
  if (now) found->second = Place{path, true};
}

void check_tier(const TierEntry& tier, const std::string& path, const std::vector<std::string_view>& providers,
                std::map<std::string, Place>& seen, Report& report) {
  if (tier.targets.empty() && !report.failed(path + ".targets") && !report.failed(path)) {
    report.error(path + ".targets", "the tier has no target", "name at least one provider/model");
  }
  std::set<std::string_view> here;
  for (std::size_t i = 0; i < tier.targets.size(); ++i) {
    const TargetEntry& target = tier.targets[i];
    const std::string target_path = element(path + ".targets", i);
    if (!check_target(target, target_path, providers, report)) continue;
    if (!here.insert(target.target).second) {
      report.error(target_path, "this target stands twice in the tier", "use `weight` for a larger share");
      continue;
    }
    check_repeated(target.target, target_path, seen, report);
  }
}

// Said of a target, but looked at by no tier that has it.
void warn_of_idle_shares(const Document& document, Report& report) {
  std::map<std::string_view, std::set<Policy>> policies;
  for (const TierEntry& tier : document.tiers) {
    for (const TargetEntry& target : tier.targets) {
      policies[target.target].insert(policy_of(tier, document.balance));
    }
  }
  for (std::size_t i = 0; i < document.tiers.size(); ++i) {
    const TierEntry& tier = document.tiers[i];
    for (std::size_t k = 0; k < tier.targets.size(); ++k) {
      const std::string path = element(element("tiers", i) + ".targets", k);
      const std::set<Policy>& used = policies[tier.targets[k].target];
      const bool weighs = used.contains(Policy::weighted) || used.contains(Policy::least_busy);
      if (report.placed(path + ".weight") && !weighs) {
        report.warning(path + ".weight", "it means nothing: the tier's policy does not look at weights",
                       "write `policy: weighted` at the tier, or remove it");
      }
      for (const char* const limit : {".rpm", ".tpm"}) {
        if (!report.placed(path + limit) || used.contains(Policy::usage)) continue;
        report.warning(path + limit, "it means nothing: the tier's policy does not look at rate limits",
                       "write `policy: usage` at the tier, or remove it");
      }
    }
  }
}

}  // namespace

void check_tiers(const Document& document, Report& report) {
  if (document.tiers.empty() && report.placed("tiers") && !report.failed("tiers")) {
    report.error("tiers", "there is no tier", "describe at least one");
  }
  const std::vector<std::string_view> providers = provider_names(document);
  std::set<std::string_view> names;
  std::map<std::string, Place> seen;
  for (std::size_t i = 0; i < document.tiers.size(); ++i) {
    const TierEntry& tier = document.tiers[i];
    const std::string path = element("tiers", i);
    if (report.placed(path + ".name") && !report.failed(path + ".name")) {
      if (!is_name(tier.name)) {
        report.error(path + ".name", report.quoted(path + ".name", tier.name) + " is no name",
                     "use letters, digits, '-', '_' and '.', at most 64");
      } else if (!names.insert(tier.name).second) {
        report.error(path + ".name", "there is a tier " + report.quoted(path + ".name", tier.name) + " already",
                     "give each tier its own name");
      }
    }
    check_tier(tier, path, providers, seen, report);
  }
  warn_of_idle_shares(document, report);
}

}  // namespace triaged::config
