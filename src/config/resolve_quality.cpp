// `quality` with its references resolved.
#include "config/resolve.hpp"

#include <algorithm>
#include <utility>

namespace triaged::config {

namespace {

Check check_of(std::string_view name) {
  const auto& names = check_names();
  return static_cast<Check>(std::find(names.begin(), names.end(), name) - names.begin());
}

Gate resolve_gate(const GateEntry& entry, const Settings& settings) {
  Gate gate = entry.settings;
  gate.name = entry.name;
  gate.checks.clear();
  for (const std::string& name : entry.checks) gate.checks.push_back(check_of(name));
  if (const auto tier = settings.find_tier(entry.judge.tier)) {
    gate.judge = entry.judge.settings;
    gate.judge->tier = *tier;
  }
  return gate;
}

}  // namespace

Quality resolve_quality(const QualityEntry& entry, const Settings& settings) {
  Quality quality;
  for (const GateEntry& gate : entry.gates) quality.gates.push_back(resolve_gate(gate, settings));
  quality.escalation = entry.escalation;
  quality.cascade = entry.cascade;
  return quality;
}

std::optional<std::size_t> resolve_gate_name(std::string_view name, const Settings& settings,
                                             std::optional<std::size_t> otherwise) {
  if (name.empty()) return otherwise;
  return settings.quality.find_gate(name);
}

}  // namespace triaged::config
