// Checks of `quality`, and of the keys that name a gate.
#include "config/check.hpp"

#include <algorithm>
#include <re2/re2.h>
#include <set>
#include <string>
#include <vector>

namespace triaged::config {

namespace {

std::string gate_path(const GateEntry& gate) { return "quality.gates." + gate.name; }

void check_patterns(const std::vector<std::string>& patterns, const std::string& path, Report& report) {
  for (const std::string& pattern : patterns) {
    RE2::Options quiet;
    quiet.set_log_errors(false);
    const RE2 expression(pattern, quiet);
    if (expression.ok()) continue;
    report.error(path, report.quoted(path, pattern) + " is no regular expression: " + expression.error(),
                 "RE2 has no look-around and no back-references");
  }
}

void check_judge(const GateEntry& gate, const Document& document, Report& report) {
  const std::string path = gate_path(gate) + ".judge.tier";
  if (!report.placed(path) || report.failed(path)) return;
  const std::vector<std::string_view> tiers = tier_names(document);
  if (std::find(tiers.begin(), tiers.end(), gate.judge.tier) != tiers.end()) return;
  report.error(path, "there is no tier " + report.quoted(path, gate.judge.tier),
               did_you_mean(gate.judge.tier, plain_tier_names(document, report)));
}

void check_gate(const GateEntry& gate, const Document& document, Report& report) {
  const std::string path = gate_path(gate);
  if (gate.name == no_gate) {
    report.error(path, "`none` is no name for a gate: it says that there is none", "choose another name");
  }
  std::set<std::string_view> seen;
  for (const std::string& check : gate.checks) {
    if (!seen.insert(check).second) report.error(path + ".checks", "'" + check + "' stands there twice", "remove one");
  }
  check_patterns(gate.settings.must_match, path + ".must_match", report);
  check_patterns(gate.settings.must_not_match, path + ".must_not_match", report);
  check_judge(gate, document, report);
}

void check_reference(const std::string& gate, const std::string& path, const std::vector<std::string_view>& names,
                     Report& report) {
  if (gate.empty() || gate == no_gate || report.failed(path)) return;
  if (std::find(names.begin(), names.end(), gate) != names.end()) return;
  report.error(path, "there is no gate " + report.quoted(path, gate), did_you_mean(gate, names));
}

bool is_used(const Document& document, std::string_view gate) {
  const RoutingEntry& routing = document.routing;
  const auto names_it = [gate](const auto& row) { return row.gate == gate; };
  return routing.gate == gate || std::any_of(routing.table.begin(), routing.table.end(), names_it) ||
         std::any_of(routing.semantic.routes.begin(), routing.semantic.routes.end(), names_it);
}

}  // namespace

void check_quality(const Document& document, Report& report) {
  std::vector<std::string_view> names;
  for (const GateEntry& gate : document.quality.gates) names.push_back(gate.name);
  for (const GateEntry& gate : document.quality.gates) check_gate(gate, document, report);

  const RoutingEntry& routing = document.routing;
  check_reference(routing.gate, "routing.gate", names, report);
  for (std::size_t i = 0; i < routing.table.size(); ++i) {
    check_reference(routing.table[i].gate, "routing.table[" + std::to_string(i) + "].gate", names, report);
  }
  for (const SemanticRouteEntry& route : routing.semantic.routes) {
    check_reference(route.gate, "routing.semantic.routes." + route.name + ".gate", names, report);
  }
  if (report.fatal()) return;
  for (const GateEntry& gate : document.quality.gates) {
    if (is_used(document, gate.name)) continue;
    report.warning(gate_path(gate), "nothing is held against this gate",
                   "name it in `routing.gate`, a row of `routing.table` or a route");
  }
}

}  // namespace triaged::config
