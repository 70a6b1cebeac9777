// triaged train: makes model files from labelled data.
#include "triaged/learn/task_report.hpp"
#include "triaged/learn/task_training.hpp"

#include "app/commands.hpp"
#include "app/files.hpp"
#include "app/outcome_options.hpp"
#include "app/train_outcomes.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace triaged::app {
namespace {

struct TaskOptions {
  learn::TaskSources sources;
  learn::TaskTraining training;
  std::vector<std::string> held_out;
  std::string out = "tasks.model";
  std::string report;
  bool json = false;
};

std::vector<learn::TaskPrediction> of_own_rows(const learn::TaskData& data,
                                               const std::vector<learn::TaskPrediction>& all) {
  std::vector<learn::TaskPrediction> own;
  for (const learn::TaskPrediction& prediction : all) {
    if (data.examples[prediction.example].own) own.push_back(prediction);
  }
  return own.empty() ? all : own;
}

void print_line(const char* what, const learn::TaskTally& tally) {
  std::printf("%-24s %6zu prompts  right %.3f  among two %.3f  p >= 0.5: %.2f of them, right %.3f\n", what, tally.all,
              tally.top1(), tally.top2(), tally.sure_share(), tally.sure_precision());
}

void warn_of_thin_data(const learn::TaskData& data) {
  constexpr std::size_t enough = 30;  // prompts of a type; fewer teach next to nothing
  std::array<std::size_t, routing::task_type_names.size()> counts{};
  for (const learn::TaskExample& example : data.examples) ++counts[static_cast<std::size_t>(example.label)];
  std::string thin;
  for (std::size_t type = 0; type < counts.size(); ++type) {
    if (counts[type] >= enough) continue;
    thin.append(thin.empty() ? "" : ", ").append(routing::task_type_names[type]);
    thin.append(" (").append(std::to_string(counts[type])).append(")");
  }
  if (thin.empty()) return;
  std::fprintf(stderr, "warning: types with fewer than %zu prompts will hardly be recognised: %s\n", enough,
               thin.c_str());
}

int train_tasks(const TaskOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  const auto progress = [&](std::string_view line) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started;
    std::fprintf(stderr, "[%5.1f s] %.*s\n", passed.count(), static_cast<int>(line.size()), line.data());
  };
  const Result<learn::TaskData> data = learn::read_task_data(options.sources);
  if (!data) return failed("train", data.error());
  warn_of_thin_data(*data);
  const learn::TaskTrainingResult trained = learn::train_tasks(*data, options.training, progress);
  const std::string bytes = routing::encode_task_model(trained.weights);
  const Result<std::shared_ptr<const routing::TaskModel>> model = routing::TaskModel::decode(bytes, options.out);
  if (!model) return failed("train", model.error());

  learn::TaskCard card;
  card.version = (*model)->version();
  card.model_sha256 = learn::sha256_hex(bytes);
  card.training = options.training;
  card.temperature = trained.weights.temperature;
  card.data = &*data;
  card.cross_validated = learn::report_on(*data, of_own_rows(*data, trained.cross_validated));
  card.cross_validated_all = learn::report_on(*data, trained.cross_validated);
  learn::TaskData held_out;
  if (!options.held_out.empty()) {
    learn::TaskSources sources;
    sources.own = options.held_out;
    Result<learn::TaskData> read = learn::read_task_data(sources);
    if (!read) return failed("train", read.error());
    held_out = std::move(*read);
    card.held_out_data = &held_out;
    card.held_out = learn::report_on(held_out, learn::predict(held_out, *routing::make_trained_classifier(*model)));
  }
  if (const Result<void> written = write_file(options.out, bytes); !written) return failed("train", written.error());
  if (!options.report.empty()) {
    const std::string text = options.report.ends_with(".md") ? card_markdown(card) : card_json(card);
    if (const Result<void> written = write_file(options.report, text); !written)
      return failed("train", written.error());
  }
  if (options.json) {
    std::cout << card_json(card);
    return 0;
  }
  std::printf("%s: %s, %zu bytes, from %zu prompts of %zu files\n", options.out.c_str(), card.version.c_str(),
              bytes.size(), data->examples.size(), data->files.size());
  print_line("cross-validated, own", card.cross_validated.total);
  print_line("cross-validated, all", card.cross_validated_all.total);
  if (card.held_out_data != nullptr) {
    const auto built_in = load_classifier_file("");
    if (!built_in) return failed("train", built_in.error());
    const learn::TaskTally built_in_tally = learn::report_on(held_out, learn::predict(held_out, **built_in)).total;
    print_line("held out", card.held_out.total);
    print_line("held out, built-in model", built_in_tally);
    if (card.held_out.total.top1() < built_in_tally.top1()) {
      std::fprintf(stderr,
                   "warning: the built-in model is right more often; train with the public sets, too, or keep it\n");
    }
  }
  return 0;
}

void add_tasks(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<TaskOptions>();
  CLI::App* command = parser.add_subcommand("tasks", "train the task classifier on labelled prompts (JSON lines)");
  command->add_option("FILE", options->sources.bulk, "large sets of labelled prompts; sampled");
  command->add_option("--own", options->sources.own, "your own labelled prompts: all are used, and count three times");
  command->add_option("--held-out", options->held_out, "labelled prompts that are only used for the report");
  command->add_option("-o,--out", options->out, "the model file")->capture_default_str();
  command->add_option("--report", options->report, "write the report card: Markdown for .md, else JSON");
  command->add_option("--seed", options->training.seed, "the same seed and data make the same bytes")
      ->capture_default_str();
  command->add_option("--epochs", options->training.epochs, "passes over the data")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--folds", options->training.folds, "parts of the cross-validation")
      ->check(CLI::Range(2, 20))
      ->capture_default_str();
  command->add_option("--most-per-label", options->sources.most_per_label, "rows of a large set per label; 0: all")
      ->capture_default_str();
  command->add_flag("--json", options->json, "print the report card as JSON");
  command->callback([options, &chosen] {
    options->sources.seed = options->training.seed;
    chosen = [options] { return train_tasks(*options); };
  });
}

}  // namespace

void add_train(CLI::App& parser, Command& chosen) {
  CLI::App* command = parser.add_subcommand("train", "make model files from labelled data");
  command->require_subcommand(1);
  add_tasks(*command, chosen);
  add_train_outcomes(*command, chosen);
}

}  // namespace triaged::app
