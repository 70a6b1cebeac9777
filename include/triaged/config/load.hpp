// From YAML text to Settings. All problems are found in one pass and reported together.
#pragma once

#include "triaged/config/settings.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::config {

struct Problem {
  bool fatal = true;  // false: a warning
  int line = 0;       // 1-based; 0 when there is none
  int column = 0;
  std::string key;         // "tiers[1].targets[0]"
  std::string message;     // what is wrong, in a sentence
  std::string suggestion;  // what to do; may be empty
};

std::string format(const Problem& problem, std::string_view file_name);  // "file:12:3: error: tiers[1].name: ..."

// Where secrets come from; the app passes the process environment and file system, tests their own.
struct Sources {
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::function<std::optional<std::string>(const std::string& path)> file;
};

struct Loaded {
  std::shared_ptr<const Settings> settings;  // null when a problem is fatal
  std::vector<Problem> problems;
};

// `directory` is what relative paths in the text are relative to.
Loaded load(std::string_view yaml, const Sources& sources, const std::string& directory);

struct Difference {
  std::string key;
  std::string before;  // as JSON, or "nothing"
  std::string after;
};
// What differs between two configurations, by key. Secrets are not compared: whether one is set is.
std::vector<Difference> differences(const Settings& before, const Settings& after);

std::string json_schema();  // of the whole file, draft 2020-12; kept in config/triaged.schema.json
std::string
reference_markdown();  // every key with type, default and meaning; kept in docs/configuration.md between markers

}  // namespace triaged::config
