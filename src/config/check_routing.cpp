// Checks of `routing`, and the names that suggestions are made of.
#include "triaged/base/text.hpp"
#include "triaged/chat/paths.hpp"
#include "triaged/config/client_key.hpp"

#include "config/check.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace triaged::config {

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (candidates.size() > 200) return {};  // a broken generated file must not cost minutes of comparing
  const std::string_view near = nearest(word, candidates);
  if (!near.empty()) return "did you mean '" + std::string(near) + "'?";
  std::string all;
  for (const std::string_view candidate : candidates) all += (all.empty() ? "" : ", ") + std::string(candidate);
  return all.empty() || all.size() > 300 ? std::string() : "there is: " + all;
}

std::vector<std::string_view> tier_names(const Document& document) {
  std::vector<std::string_view> names;
  for (const TierEntry& tier : document.tiers) {
    if (!tier.name.empty()) names.push_back(tier.name);
  }
  return names;
}

std::vector<std::string_view> plain_tier_names(const Document& document, const Report& report) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < document.tiers.size(); ++i) {
    if (!report.expanded(element("tiers", i) + ".name")) names.push_back(document.tiers[i].name);
  }
  return names;
}

std::vector<std::string_view> provider_names(const Document& document) {
  std::vector<std::string_view> names;
  for (const Provider& provider : document.providers) names.push_back(provider.name);
  return names;
}

namespace {

std::vector<std::string_view> plain_target_names(const Document& document, const Report& report) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < document.tiers.size(); ++i) {
    const std::string path = element("tiers", i) + ".targets";
    for (std::size_t k = 0; k < document.tiers[i].targets.size(); ++k) {
      if (!report.expanded(element(path, k) + ".target")) names.push_back(document.tiers[i].targets[k].target);
    }
  }
  return names;
}

bool has_target(const Document& document, std::string_view name) {
  return std::any_of(document.tiers.begin(), document.tiers.end(), [name](const TierEntry& tier) {
    return std::any_of(tier.targets.begin(), tier.targets.end(),
                       [name](const TargetEntry& target) { return target.target == name; });
  });
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Which complexities of a task the rows so far have taken.
class Cover {
 public:
  bool covers(ComplexityRange range) const {
    double reached = range.min;
    bool moved = true;
    while (moved && reached < range.max) {
      moved = false;
      for (const ComplexityRange& taken : taken_) {
        if (taken.min <= reached && taken.max > reached) {
          reached = taken.max;
          moved = true;
        }
      }
    }
    return reached >= range.max;
  }
  void add(ComplexityRange range) { taken_.push_back(range); }

 private:
  std::vector<ComplexityRange> taken_;
};

void warn_of_idle_rules(const RoutingEntry& routing, Report& report) {
  std::map<std::string_view, Cover> covers;
  for (std::size_t i = 0; i < routing.table.size(); ++i) {
    const RuleEntry& rule = routing.table[i];
    const auto range = rule.complexity.empty() ? ComplexityRange{} : parse_complexity(rule.complexity);
    if (!range) continue;
    // What other conditions leave over is not known before requests come.
    const bool narrow = !rule.languages.empty() || !rule.paths.empty() || !rule.keys.empty() || !rule.headers.empty() ||
                        !rule.metadata.empty() || !rule.tokens.empty();
    std::vector<std::string_view> tasks(rule.tasks.begin(), rule.tasks.end());
    if (tasks.empty()) tasks = task_names();
    const bool idle =
        std::all_of(tasks.begin(), tasks.end(), [&](std::string_view task) { return covers[task].covers(*range); });
    if (idle) {
      report.warning(element("routing.table", i), "this row never matches: the rows before it take all it is for",
                     "remove it, or move it up");
    }
    if (narrow) continue;
    for (const std::string_view task : tasks) covers[task].add(*range);
  }
}

bool uses(const RoutingEntry& routing, std::string_view strategy) {
  return std::find(routing.strategies.begin(), routing.strategies.end(), strategy) != routing.strategies.end();
}

// Requests reach a tier by a row, by default, or from a weaker tier that failed them.
void warn_of_unused_tiers(const Document& document, Report& report) {
  const auto index_of = [&document](std::string_view name) {
    const auto found = std::find_if(document.tiers.begin(), document.tiers.end(),
                                    [name](const TierEntry& tier) { return tier.name == name; });
    return static_cast<std::size_t>(found - document.tiers.begin());
  };
  const RoutingEntry& routing = document.routing;
  std::size_t weakest = routing.default_tier.empty() ? document.tiers.size() - 1 : index_of(routing.default_tier);
  for (const RuleEntry& rule : routing.table) weakest = std::min(weakest, index_of(rule.tier));
  for (const SemanticRouteEntry& route : routing.semantic.routes) {
    if (uses(routing, "semantic")) weakest = std::min(weakest, index_of(route.tier));
  }
  if (report.placed("routing.semantic.past") && uses(routing, "semantic")) weakest = 0;
  for (std::size_t i = 0; i < weakest; ++i) {
    if (document.tiers[i].name == routing.classifier.llm.tier) continue;  // it is there for that
    report.warning(element("tiers", i), "no row of `routing.table` and no route leads to this tier or to a weaker one",
                   "add one, or remove the tier; until then only `tier:NAME` reaches it");
  }
}

constexpr std::string_view route_path = "/v1/route";  // requests come in there that are only decided

bool is_routed(std::string_view path) {
  return chat::find_routed_path(path) != nullptr || chat::without_version(path) == chat::without_version(route_path);
}

std::vector<std::string_view> rule_paths() {
  std::vector<std::string_view> paths;
  paths.reserve(chat::routed_paths.size() + 1);
  for (const chat::RoutedPath& each : chat::routed_paths) paths.push_back(each.path);
  paths.push_back(route_path);
  return paths;
}

// What is written there may be a key in clear: it is not repeated.
void check_keys(const RuleEntry& rule, const std::string& path, Report& report) {
  for (const std::string& key : rule.keys) {
    if (is_key_fingerprint(key)) continue;
    report.error(path + ".key",
                 is_key_fingerprint(to_lower(key)) ? "has capitals: fingerprints of keys have none"
                                                   : "is no fingerprint of a key: `key-` and 8 hexadecimal digits",
                 "write key- and the first 8 digits that `printf %s \"$KEY\" | sha256sum` prints");
  }
}

void check_conditions(const RuleEntry& rule, const std::string& path, Report& report) {
  if (report.placed(path + ".tokens") && !report.failed(path + ".tokens") && !parse_token_range(rule.tokens)) {
    report.error(path + ".tokens", report.quoted(path + ".tokens", rule.tokens) + " is no range of tokens",
                 "write \"<2000\", \">=32k\" or \"2k..8k\"");
  }
  for (const std::string& wanted : rule.paths) {
    if (wanted.substr(0, 1) != "/") {
      report.error(path + ".path", report.quoted(path + ".path", wanted) + " is no path", "begin it with `/`");
    } else if (!is_routed(wanted)) {
      report.warning(path + ".path", "no request to " + report.quoted(path + ".path", wanted) + " is routed",
                     did_you_mean(wanted, rule_paths()));
    }
  }
  check_keys(rule, path, report);
  for (const auto& [name, value] : rule.headers) {
    if (!is_header_name(name)) {
      report.error(path + ".headers", report.quoted(path + ".headers", name) + " is no name of a header field");
    }
  }
}

void check_rules(const Document& document, const std::vector<std::string_view>& tiers,
                 const std::vector<std::string_view>& shown, Report& report) {
  for (std::size_t i = 0; i < document.routing.table.size(); ++i) {
    const RuleEntry& rule = document.routing.table[i];
    const std::string path = element("routing.table", i);
    if (report.placed(path + ".task") && rule.tasks.empty() && !report.failed(path + ".task")) {
      report.error(path + ".task", "names no task", "remove the key to match every task");
    }
    if (report.placed(path + ".complexity") && !report.failed(path + ".complexity") &&
        !parse_complexity(rule.complexity)) {
      report.error(path + ".complexity",
                   report.quoted(path + ".complexity", rule.complexity) + " is no range of complexity within 0 and 1",
                   "write \"<0.35\", \">=0.6\" or \"0.2..0.5\"");
    }
    check_conditions(rule, path, report);
    if (!rule.tier.empty() && !contains(tiers, rule.tier)) {
      report.error(path + ".tier", "there is no tier " + report.quoted(path + ".tier", rule.tier),
                   did_you_mean(rule.tier, shown));
    }
    if (rule.tier.empty() && report.placed(path + ".tier") && !report.failed(path + ".tier")) {
      report.error(path + ".tier", "is empty", did_you_mean({}, shown));
    }
  }
}

void check_strategies(const RoutingEntry& routing, Report& report) {
  std::set<std::string_view> seen;
  for (const std::string& strategy : routing.strategies) {
    if (!seen.insert(strategy).second) {
      report.error("routing.strategies", "'" + strategy + "' stands there twice", "name each strategy once");
    }
  }
  if (report.failed("routing.strategies")) return;
  if (!routing.table.empty() && !uses(routing, "intent")) {
    report.warning("routing.table", "no row is ever looked at: `strategies` does not name intent",
                   "add intent to `strategies`, or remove the table");
  }
  if (report.placed("routing.cost_aware") && !uses(routing, "cost_aware")) {
    report.warning("routing.cost_aware", "it decides nothing: `strategies` does not name cost_aware",
                   "add cost_aware to `strategies`");
  }
  if (!routing.semantic.routes.empty() && !uses(routing, "semantic")) {
    report.warning("routing.semantic", "its routes decide nothing: `strategies` does not name semantic",
                   "write `strategies: [semantic, intent]` to ask the routes first");
  }
  const bool past = report.placed("routing.semantic.past");
  if (routing.semantic.routes.empty() && !past && uses(routing, "semantic")) {
    report.warning("routing.strategies", "semantic decides nothing: there are no routes and no past prompts",
                   "describe routes under `routing.semantic.routes`");
  }
  if (past && !uses(routing, "semantic") && !uses(routing, "cost_aware")) {
    report.warning("routing.semantic.past", "it decides nothing: `strategies` names neither semantic nor cost_aware",
                   "write `strategies: [semantic, intent]` to ask past prompts first");
  }
  if (!routing.table.empty() && routing.strategies.size() > 1 && routing.strategies.front() == "cost_aware") {
    report.warning("routing.strategies",
                   "cost_aware answers first: the table is left only what the strongest tier has no price for",
                   "write [intent, cost_aware] to let the table go first");
  }
}

// Nothing is known of how these tiers did: what that makes of the estimates' bounds is told in docs/routing.md.
void warn_of_untaught_costs(const Document& document, Report& report) {
  constexpr double reached_at_most = 0.5;  // by a weaker tier's lower bound, of the strongest tier's quality
  const RoutingEntry& routing = document.routing;
  const CostAware& costs = routing.cost_aware;
  const bool taught =
      !costs.model_file.empty() || !costs.thresholds_file.empty() || report.placed("routing.semantic.past");
  if (!uses(routing, "cost_aware") || document.tiers.size() < 2 || taught) return;
  if (costs.willingness_to_pay > 0 || costs.quality_floor < reached_at_most) return;
  report.warning("routing.cost_aware",
                 "without outcomes of your own it leaves nearly every request to the strongest tier: what is estimated "
                 "of the others is too unsure for `quality_floor`",
                 "train a model (`triaged train outcomes`), name past prompts, or set `willingness_to_pay`");
}

void check_llm_classifier(const Document& document, const std::vector<std::string_view>& tiers,
                          const std::vector<std::string_view>& shown, Report& report) {
  const std::string path = "routing.classifier.llm.tier";
  const std::string& tier = document.routing.classifier.llm.tier;
  if (!report.placed(path) || report.failed(path) || contains(tiers, tier)) return;
  if (tier.empty()) {
    report.error(path, "is empty", did_you_mean({}, shown));
    return;
  }
  report.error(path, "there is no tier " + report.quoted(path, tier), did_you_mean(tier, shown));
}

}  // namespace

void check_routing(const Document& document, Report& report) {
  const RoutingEntry& routing = document.routing;
  const std::vector<std::string_view> tiers = tier_names(document);
  const std::vector<std::string_view> shown = plain_tier_names(document, report);
  check_rules(document, tiers, shown, report);
  check_llm_classifier(document, tiers, shown, report);
  if (!routing.default_tier.empty() && !contains(tiers, routing.default_tier)) {
    report.error("routing.default_tier",
                 "there is no tier " + report.quoted("routing.default_tier", routing.default_tier),
                 did_you_mean(routing.default_tier, shown));
  }
  if (!routing.baseline.empty() && !has_target(document, routing.baseline)) {
    report.error("routing.baseline", "no tier has the target " + report.quoted("routing.baseline", routing.baseline),
                 did_you_mean(routing.baseline, plain_target_names(document, report)));
  }
  check_strategies(routing, report);
  // These would mislead while references are broken.
  if (report.fatal()) return;
  warn_of_idle_rules(routing, report);
  warn_of_untaught_costs(document, report);
  if (!uses(routing, "cost_aware")) warn_of_unused_tiers(document, report);
}

}  // namespace triaged::config
