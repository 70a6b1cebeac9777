#include "app/reload.hpp"

#include "triaged/config/load.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace triaged::app {

namespace {

// Listeners, threads and open files stay as they were started.
bool needs_restart(std::string_view key) {
  if (key.substr(0, 7) == "server.") return key.substr(0, 15) != "server.api_keys";
  constexpr std::array<std::string_view, 4> fixed{"ledger.enabled", "ledger.path", "ledger.flush", "log."};
  return std::any_of(fixed.begin(), fixed.end(),
                     [key](std::string_view each) { return key.substr(0, each.size()) == each; });
}

}  // namespace

Merged merge(const config::Settings& running, const config::Settings& wanted) {
  auto settings = std::make_shared<config::Settings>(wanted);
  settings->server = running.server;
  settings->server.api_keys = wanted.server.api_keys;
  settings->ledger.enabled = running.ledger.enabled;
  settings->ledger.path = running.ledger.path;
  settings->ledger.flush = running.ledger.flush;
  settings->log = running.log;
  Merged merged;
  merged.report.hash = wanted.hash;
  for (const config::Difference& difference : config::differences(running, wanted)) {
    const bool later = needs_restart(difference.key);
    (later ? merged.report.needs_restart : merged.report.changed)
        .push_back(difference.key + ": " + difference.before + " -> " + difference.after);
  }
  merged.settings = std::move(settings);
  return merged;
}

}  // namespace triaged::app
