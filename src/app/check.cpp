// triaged check: every problem of a configuration at once.
#include "triaged/base/counted.hpp"
#include "triaged/base/text.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/generation.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace triaged::app {
namespace {

struct Options {
  std::string file;
  bool json = false;
  bool schema = false;
  bool reference = false;
};

void print_json(const Read& read) {
  std::string out = "{\"file\":";
  append_json_string(out, read.name);
  out += ",\"valid\":";
  out += read.loaded.settings != nullptr ? "true" : "false";
  out += ",\"problems\":[";
  bool first = true;
  for (const config::Problem& problem : read.loaded.problems) {
    if (!first) out += ',';
    first = false;
    out += "{\"severity\":";
    append_json_string(out, problem.fatal ? "error" : "warning");
    out += ",\"line\":" + std::to_string(problem.line) + ",\"column\":" + std::to_string(problem.column) + ",\"key\":";
    append_json_string(out, problem.key);
    out += ",\"message\":";
    append_json_string(out, problem.message);
    out += ",\"suggestion\":";
    append_json_string(out, problem.suggestion);
    out += '}';
  }
  std::cout << out << "]}\n";
}

// Files of models, thresholds, past prompts and prices, which a daemon would refuse to start without.
// The note says how much of past prompts is of use.
std::string load_what_it_names(config::Loaded& loaded) {
  const Result<std::shared_ptr<Generation>> generation = Generation::load(loaded.settings, nullptr);
  config::Problem problem;
  if (!generation) {
    problem.message = generation.error().detail;
    loaded.problems.push_back(std::move(problem));
    loaded.settings = nullptr;
    return {};
  }
  const Past& past = (*generation)->decider->past();
  if (!past.warning.empty()) {
    problem.fatal = false;
    problem.key = past_key;
    problem.message = past.warning;
    loaded.problems.push_back(std::move(problem));
  }
  return past.note;
}

int check(const Options& options) {
  if (options.schema) {
    std::cout << config::json_schema();
    return 0;
  }
  if (options.reference) {
    std::cout << config::reference_markdown();
    return 0;
  }
  Read read = read_configuration(options.file);
  std::string past;
  if (read.loaded.settings) past = load_what_it_names(read.loaded);
  if (options.json && read.readable) {
    print_json(read);
    return read.loaded.settings != nullptr ? 0 : 1;
  }
  if (!told_problems(read)) {
    const auto errors = std::count_if(read.loaded.problems.begin(), read.loaded.problems.end(),
                                      [](const config::Problem& problem) { return problem.fatal; });
    if (read.readable) std::cerr << read.name << ": " << counted(static_cast<std::uint64_t>(errors), "error") << '\n';
    return 1;
  }
  const config::Settings& settings = *read.loaded.settings;
  for (const std::string& note : settings.notes) std::cout << "note: " << note << '\n';
  if (!past.empty()) std::cout << "note: " << past << '\n';
  std::cout << read.name << ": valid, " << counted(settings.providers.size(), "provider") << ", "
            << counted(settings.tiers.size(), "tier") << ", " << counted(settings.targets.size(), "target")
            << ", configuration " << settings.hash << '\n';
  return 0;
}

}  // namespace

void add_check(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parser.add_subcommand("check", "check a configuration file and print every problem at once");
  command->add_option("FILE,-c,--config", options->file, "the file; without it the built-in configuration is checked");
  command->add_flag("--json", options->json, "print the result as JSON");
  command->add_flag("--schema", options->schema, "print the JSON schema of the configuration instead");
  command->add_flag("--reference", options->reference, "print every key of the configuration as Markdown instead");
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace triaged::app
