#include "triaged/config/settings.hpp"

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

std::optional<std::size_t> Settings::find_tier(std::string_view name) const { return find_by_name(tiers, name); }
std::optional<std::size_t> Settings::find_target(std::string_view name) const { return find_by_name(targets, name); }

std::string_view name(Strategy strategy) {
  switch (strategy) {
    case Strategy::intent: return "intent";
    case Strategy::cost_aware: return "cost_aware";
    case Strategy::semantic: return "semantic";
  }
  return "";
}

}  // namespace triaged::config
