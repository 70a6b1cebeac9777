#include "triaged/base/model_name.hpp"
#include "triaged/base/text.hpp"
#include "triaged/routing/plan.hpp"

#include "routing/tiers.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::string_view tier_prefix = "tier:";

// As much of a name as an error message quotes.
std::string quoted(std::string_view name) {
  constexpr std::size_t most = 100;
  if (name.size() <= most) return std::string(name);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return std::string(name.substr(0, end)) + "...";
}

// Whatever `model` could have meant.
std::string suggestion(std::string_view model, const config::Settings& settings) {
  std::vector<std::string> tiers;
  for (const config::Tier& tier : settings.tiers) tiers.push_back(std::string(tier_prefix) + tier.name);
  std::vector<std::string_view> names{"auto"};
  names.insert(names.end(), tiers.begin(), tiers.end());
  for (const config::Target& target : settings.targets) {
    if (target.embeds) continue;
    names.push_back(target.name);
    names.push_back(target.model);
  }
  for (const std::string& name : settings.routing.intercept) {
    if (name != "*") names.push_back(name);
  }
  const std::string_view near = nearest(model.substr(0, 200), names);
  if (!near.empty()) return "Did you mean `" + std::string(near) + "`?";
  return "Use `auto`, `tier:NAME` or `provider/model`; GET /v1/models lists them.";
}

Error not_found(std::string_view model, const config::Settings& settings, std::string_view param,
                std::string hint = {}) {
  if (hint.empty()) hint = suggestion(model, settings);
  return client_error(ErrorKind::not_found, 404,
                      "The model `" + quoted(model) + "` does not exist or you do not have access to it. " + hint,
                      "model_not_found", std::string(param));
}

std::vector<std::size_t> targets_with_model(std::string_view model, const config::Settings& settings) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < settings.targets.size(); ++i) {
    if (!settings.targets[i].embeds && settings.targets[i].model == model) found.push_back(i);
  }
  return found;
}

// A target by its full name, or by its bare one where that is unambiguous.
Result<std::size_t> find_one_target(std::string_view model, const config::Settings& settings, std::string_view param) {
  const auto target = settings.find_target(model);
  if (target && settings.targets[*target].embeds) {
    return not_found(model, settings, param, "It makes embeddings: POST /v1/embeddings.");
  }
  if (target) return *target;
  const std::vector<std::size_t> found = targets_with_model(model, settings);
  if (found.size() == 1) return found.front();
  if (found.empty()) return not_found(model, settings, param);
  std::string hint = "Several targets have it; name one of them: ";
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0) hint += ", ";
    hint += "`" + settings.targets[found[i]].name + "`";
  }
  return not_found(model, settings, param, hint + ".");
}

bool stands_in(std::string_view model, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), model) != names.end();
}

// The name itself, or the one that it is a dated version of.
bool is_listed(std::string_view model, const std::vector<std::string>& names) {
  return stands_in(model, names) || stands_in(without_version(model), names);
}

// "*" is every name that does not name a target in full.
bool is_intercepted(std::string_view model, const config::Settings& settings) {
  const std::vector<std::string>& names = settings.routing.intercept;
  return stands_in(model, names) ||
         (!settings.find_target(model) && (is_listed(model, names) || stands_in("*", names)));
}

Wanted intercepted(std::string_view model, const config::Settings& settings) {
  Wanted wanted;
  wanted.kind = WantedKind::intercepted;
  wanted.tier = settings.tiers.size() - 1;
  std::vector<std::size_t> same = targets_with_model(model, settings);
  if (same.empty()) same = targets_with_model(without_version(model), settings);
  if (const auto target = settings.find_target(model)) same.assign(1, *target);
  std::optional<std::size_t> ceiling;
  for (const std::size_t target : same) {
    const auto tier = highest_tier_of(target, settings);
    if (!tier || (ceiling && *tier <= *ceiling)) continue;
    ceiling = tier;
    wanted.targets.assign(1, target);
  }
  if (ceiling) wanted.tier = *ceiling;
  return wanted;
}

Result<Wanted> from_list(const chat::Request& request, const config::Settings& settings) {
  Wanted wanted;
  wanted.kind = WantedKind::list;
  const auto add = [&wanted](std::size_t target) {
    const bool known = std::find(wanted.targets.begin(), wanted.targets.end(), target) != wanted.targets.end();
    if (!known) wanted.targets.push_back(target);
  };
  for (const std::string_view model : request.models) {
    if (model.substr(0, tier_prefix.size()) == tier_prefix) {
      const auto tier = settings.find_tier(model.substr(tier_prefix.size()));
      if (!tier) return not_found(model, settings, "models");
      for (const std::size_t target : settings.tiers[*tier].targets) add(target);
      continue;
    }
    const Result<std::size_t> target = find_one_target(model, settings, "models");
    if (!target) return target.error();
    add(*target);
  }
  return wanted;
}

}  // namespace

std::string_view name(WantedKind kind) {
  switch (kind) {
    case WantedKind::automatic: return "automatic";
    case WantedKind::tier: return "tier";
    case WantedKind::target: return "target";
    case WantedKind::list: return "list";
    case WantedKind::intercepted: return "intercepted";
  }
  return "automatic";
}

Result<Wanted> resolve_wanted(const chat::Request& request, const config::Settings& settings) {
  const std::string_view model = request.model;
  Wanted wanted;
  if (!request.models.empty()) {
    Result<Wanted> list = from_list(request, settings);
    if (!list) return list.error();
    wanted = *std::move(list);
  } else if (model.empty() || model == "auto") {
    wanted.kind = WantedKind::automatic;
  } else if (model.substr(0, tier_prefix.size()) == tier_prefix) {
    const auto tier = settings.find_tier(model.substr(tier_prefix.size()));
    if (!tier) return not_found(model, settings, "model");
    wanted.kind = WantedKind::tier;
    wanted.tier = *tier;
  } else if (is_intercepted(model, settings) && !settings.tiers.empty()) {
    wanted = intercepted(model, settings);
  } else {
    const Result<std::size_t> target = find_one_target(model, settings, "model");
    if (!target) return target.error();
    wanted.kind = WantedKind::target;
    wanted.targets.push_back(*target);
  }
  wanted.model = std::string(model);
  return wanted;
}

}  // namespace triaged::routing
