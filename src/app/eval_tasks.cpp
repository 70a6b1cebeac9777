// triaged eval tasks: how often a task classifier is right on labelled prompts.
#include "app/eval_tasks.hpp"

#include "triaged/learn/task_report.hpp"

#include "app/files.hpp"
#include "app/outcome_options.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace triaged::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string classifier;
  bool json = false;
};

int eval_tasks(const Options& options) {
  const auto classifier = load_classifier_file(options.classifier);
  if (!classifier) return failed("eval", classifier.error());
  learn::TaskSources sources;
  sources.own = options.files;
  const Result<learn::TaskData> data = learn::read_task_data(sources);
  if (!data) return failed("eval", data.error());
  const learn::TaskReport report = learn::report_on(*data, learn::predict(*data, **classifier));
  std::cout << (options.json ? learn::report_json(report) : learn::report_text(report));
  return 0;
}

}  // namespace

void add_eval_tasks(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parser.add_subcommand("tasks", "how often the task classifier is right on labelled prompts");
  command->add_option("FILE", options->files, "rows {text or messages, label} (JSON lines)")->required();
  command->add_option("--classifier", options->classifier, "the task classifier's file (default: built in)");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &chosen] { chosen = [options] { return eval_tasks(*options); }; });
}

}  // namespace triaged::app
