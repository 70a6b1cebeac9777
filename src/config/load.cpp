#include "triaged/config/load.hpp"

#include "config/check.hpp"
#include "config/fingerprint.hpp"
#include "config/leave_out.hpp"
#include "config/reader.hpp"
#include "config/report.hpp"
#include "config/resolve.hpp"
#include "config/yaml_tree.hpp"

#include <utility>

namespace triaged::config {

namespace {

// Nothing when a problem is fatal.
std::shared_ptr<const Settings> load_settings(std::string_view yaml, const Sources& sources,
                                              const std::string& directory, Report& report) {
  const std::optional<Node> root = parse_yaml(yaml, report);
  if (!root) return nullptr;
  Document document;
  Reader reader(report, sources, directory);
  reader.read(*root, document);
  if (root->kind != Node::Kind::mapping) return nullptr;
  check(document, reader.missing(), sources, directory, report);
  if (report.fatal()) return nullptr;

  std::vector<std::string> notes;
  if (!leave_out(document, reader.missing(), notes)) {
    std::string why;
    for (const std::string& note : notes) why += (why.empty() ? "" : "; ") + note;
    report.error("providers", "nothing is left to send requests to: " + why,
                 "set a key, or add a provider with `dialect: simulated` and `use: if_alone`");
    return nullptr;
  }
  std::string effective = effective_json(document, report);
  auto settings = std::make_shared<Settings>(resolve(std::move(document), directory));
  settings->hash = fingerprint(effective);
  settings->effective = std::move(effective);
  settings->notes = std::move(notes);
  return settings;
}

}  // namespace

Loaded load(std::string_view yaml, const Sources& sources, const std::string& directory) {
  Report report;
  Loaded loaded;
  loaded.settings = load_settings(yaml, sources, directory, report);
  loaded.problems = report.take();
  return loaded;
}

}  // namespace triaged::config
