#include "config/leave_out.hpp"

#include "config/check.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace triaged::config {

namespace {

using Names = std::set<std::string, std::less<>>;

// The providers that go, in the order of the file, with a note for each.
Names choose_providers(const Document& document, const MissingSecrets& missing, std::vector<std::string>& notes) {
  Names out;
  bool alone = true;
  for (const Provider& provider : document.providers) {
    if (lacks_key(provider, missing)) {
      out.insert(provider.name);
      notes.push_back("provider " + provider.name +
                      " is left out: " + missing.at("providers." + provider.name + ".api_key"));
    } else if (provider.use != UseWhen::if_alone) {
      alone = false;
    }
  }
  for (const Provider& provider : document.providers) {
    if (provider.use != UseWhen::if_alone) continue;
    if (alone) {
      notes.push_back("provider " + provider.name + " is used: no other provider is left");
    } else {
      out.insert(provider.name);
      notes.push_back("provider " + provider.name + " is left out: other providers are there (use: if_alone)");
    }
  }
  return out;
}

// Where what pointed to a tier points now. Tiers are those of the file.
class TierMap {
 public:
  TierMap(std::vector<std::string> names, std::vector<bool> left) : names_(std::move(names)), left_(std::move(left)) {}

  // Itself, else the next stronger one that is left, else the next weaker.
  const std::string& find(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    const auto index = static_cast<std::size_t>(found - names_.begin());
    for (std::size_t i = index; i < names_.size(); ++i) {
      if (left_[i]) return names_[i];
    }
    for (std::size_t i = std::min(index, names_.size()); i > 0; --i) {
      if (left_[i - 1]) return names_[i - 1];
    }
    return names_.front();
  }

 private:
  std::vector<std::string> names_;
  std::vector<bool> left_;
};

TierMap prune_tiers(Document& document, const Names& out, std::vector<std::string>& notes) {
  std::vector<std::string> names;
  std::vector<bool> left;
  for (TierEntry& tier : document.tiers) {
    std::erase_if(tier.targets,
                  [&out](const TargetEntry& target) { return out.count(split_target(target.target).first) > 0; });
    names.push_back(tier.name);
    left.push_back(!tier.targets.empty());
    if (tier.targets.empty()) notes.push_back("tier " + tier.name + " is left out: none of its targets is left");
  }
  std::erase_if(document.embeddings,
                [&out](const std::string& target) { return out.count(split_target(target).first) > 0; });
  std::erase_if(document.tiers, [](const TierEntry& tier) { return tier.targets.empty(); });
  return TierMap(std::move(names), std::move(left));
}

void move_tier(std::string& tier, const std::string& what, const TierMap& map, std::vector<std::string>& notes) {
  const std::string& now = map.find(tier);
  if (now == tier) return;
  notes.push_back(what + " leads to tier " + now + ": tier " + tier + " is left out");
  tier = now;
}

// The tier that names the target in the file.
std::optional<std::string> tier_of(const std::vector<TierEntry>& tiers, std::string_view target) {
  std::optional<std::string> found;
  for (const TierEntry& tier : tiers) {
    for (const TargetEntry& entry : tier.targets) {
      if (entry.target == target) found = tier.name;  // the strongest that has it
    }
  }
  return found;
}

const std::string& first_target(const Document& document, std::string_view tier_name) {
  for (const TierEntry& tier : document.tiers) {
    if (tier.name == tier_name) return tier.targets.front().target;
  }
  return document.tiers.back().targets.front().target;
}

}  // namespace

bool leave_out(Document& document, const MissingSecrets& missing, std::vector<std::string>& notes) {
  const Names out = choose_providers(document, missing, notes);
  std::erase_if(document.providers, [&out](const Provider& provider) { return out.count(provider.name) > 0; });
  if (document.providers.empty()) return false;
  note_left_out(document.passthrough, document.providers, notes);

  RoutingEntry& routing = document.routing;
  const std::optional<std::string> baseline_tier = tier_of(document.tiers, routing.baseline);
  const TierMap map = prune_tiers(document, out, notes);
  if (document.tiers.empty()) return false;

  for (std::size_t i = 0; i < routing.table.size(); ++i) {
    move_tier(routing.table[i].tier, "routing.table[" + std::to_string(i) + "]", map, notes);
  }
  std::string& embedder = routing.semantic.upstream.model;
  if (out.count(split_target(embedder).first) > 0) {
    notes.push_back("routing.semantic.upstream is left out, as its provider is: the built-in embedder compares");
    embedder.clear();
  }
  for (SemanticRouteEntry& route : routing.semantic.routes) {
    move_tier(route.tier, "routing.semantic.routes." + route.name, map, notes);
  }
  if (!routing.classifier.llm.tier.empty()) {
    move_tier(routing.classifier.llm.tier, "routing.classifier.llm", map, notes);
  }
  for (GateEntry& gate : document.quality.gates) {
    if (!gate.judge.tier.empty()) move_tier(gate.judge.tier, "quality.gates." + gate.name + ".judge", map, notes);
  }
  if (routing.default_tier.empty()) {
    routing.default_tier = document.tiers.back().name;
  } else {
    move_tier(routing.default_tier, "routing.default_tier", map, notes);
  }
  if (routing.baseline.empty()) {
    routing.baseline = document.tiers.back().targets.front().target;
  } else if (!tier_of(document.tiers, routing.baseline)) {
    const std::string gone = routing.baseline;
    routing.baseline = first_target(document, map.find(*baseline_tier));
    notes.push_back("routing.baseline is " + routing.baseline + ": " + gone + " is left out");
  }
  return true;
}

}  // namespace triaged::config
