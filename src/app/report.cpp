// triaged report: what was spent and saved.
#include "triaged/ledger/report.hpp"

#include "triaged/base/text.hpp"
#include "triaged/store/ledger_store.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"

#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace triaged::app {
namespace {

struct Options {
  std::string config;
  std::string database;
  std::string since = "30d";
  std::string by = "tier";
  bool json = false;
};

const std::map<std::string, ledger::ReportBy> groupings{{"tier", ledger::ReportBy::tier},
                                                        {"model", ledger::ReportBy::model},
                                                        {"task", ledger::ReportBy::task},
                                                        {"key", ledger::ReportBy::key},
                                                        {"day", ledger::ReportBy::day}};

int report(const Options& options) {
  std::string path = options.database;
  if (path.empty()) {
    const Read read = read_configuration(options.config);
    if (!told_problems(read)) return 1;
    path = read.loaded.settings->ledger.path;
  }
  const auto span = parse_duration(options.since);
  if (!span || span->count() <= 0) {
    std::cerr << "triaged report: --since takes a time such as 24h or 30d, not '" << options.since << "'\n";
    return 2;
  }
  Result<std::unique_ptr<store::LedgerStore>> database = store::open_sqlite(path, true);
  if (!database) {
    std::cerr << "triaged report: " << database.error().detail << '\n';
    return 1;
  }
  ledger::ReportQuery query;
  query.until = system_clock().wall() + std::chrono::milliseconds(1);
  query.since = query.until - std::chrono::duration_cast<std::chrono::milliseconds>(*span);
  query.by = groupings.at(options.by);
  const Result<ledger::Report> result = (*database)->report(query);
  if (!result) {
    std::cerr << "triaged report: " << result.error().detail << '\n';
    return 1;
  }
  std::cout << (options.json ? ledger::report_json(*result) : ledger::report_text(*result)) << '\n';
  return 0;
}

}  // namespace

void add_report(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parser.add_subcommand("report", "show what was spent and saved");
  command->add_option("--since", options->since, "how far back: 24h, 30d")->capture_default_str();
  command->add_option("--by", options->by, "group by tier, model, task, key or day")
      ->check(CLI::IsMember({"tier", "model", "task", "key", "day"}))
      ->capture_default_str();
  command->add_option("-c,--config", options->config, "configuration file that names the ledger (default: built in)");
  command->add_option("--db", options->database, "the ledger's database itself");
  command->add_flag("--json", options->json, "print the report as JSON");
  command->callback([options, &chosen] { chosen = [options] { return report(*options); }; });
}

}  // namespace triaged::app
