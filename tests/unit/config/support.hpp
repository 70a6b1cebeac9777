// What the tests of this layer share: a world without secrets, and a smallest good file to change.
#pragma once

#include "triaged/config/load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::config::testing {

using Texts = std::map<std::string, std::string>;

inline Sources sources(Texts environment = {}, Texts files = {}) {
  const auto find_in = [](Texts texts) {
    return [texts = std::move(texts)](const std::string& name) -> std::optional<std::string> {
      const auto found = texts.find(name);
      return found == texts.end() ? std::nullopt : std::optional(found->second);
    };
  };
  return Sources{find_in(std::move(environment)), find_in(std::move(files))};
}

inline Loaded load_text(std::string_view yaml, Texts environment = {}, Texts files = {}) {
  return load(yaml, sources(std::move(environment), std::move(files)), "/etc/triaged");
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The problems as `check` prints them, one a line.
inline std::string printed(const Loaded& loaded) {
  std::string out;
  for (const Problem& problem : loaded.problems) out += format(problem, "f") + "\n";
  return out;
}

inline const Problem* find_problem(const Loaded& loaded, std::string_view key) {
  const auto found = std::find_if(loaded.problems.begin(), loaded.problems.end(),
                                  [key](const Problem& problem) { return problem.key == key; });
  return found == loaded.problems.end() ? nullptr : &*found;
}

inline bool noted(const Settings& settings, std::string_view text) {
  return std::find(settings.notes.begin(), settings.notes.end(), text) != settings.notes.end();
}

// Needs nothing; `more` is appended at the top level.
inline std::string minimal(std::string_view more = {}) {
  return "providers:\n"
         "  sim: {dialect: simulated}\n"
         "tiers:\n"
         "  - {name: light, targets: [sim/small]}\n"
         "  - {name: strong, targets: [sim/large]}\n"
         "routing:\n"
         "  table: [{complexity: <0.5, tier: light}]\n" +
         std::string(more);
}

// One OpenAI-compatible provider named `up`, with these lines among its settings.
inline std::string with_provider(std::string_view settings) {
  return "providers:\n  up:\n" + std::string(settings) + "tiers: [{name: only, targets: [up/model]}]\n";
}

}  // namespace triaged::config::testing
