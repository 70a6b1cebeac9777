// triaged eval: how good routing is on labelled outcomes.
#include "triaged/base/counted.hpp"
#include "triaged/learn/past_evaluation.hpp"
#include "triaged/learn/router_report.hpp"
#include "triaged/routing/embedder.hpp"

#include "app/commands.hpp"
#include "app/eval_cost.hpp"
#include "app/eval_tasks.hpp"
#include "app/files.hpp"
#include "app/models.hpp"
#include "app/outcome_options.hpp"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::app {
namespace {

struct RouterOptions {
  std::string file;
  std::vector<std::string> train;
  PairOptions pair;
  std::string model;
  std::size_t labels = 0;
  std::string svg;
  std::vector<std::string> past_files;
  config::Past past;
  learn::OutcomeTraining training;
  bool json = false;
};

// Files to train on may be the judged file as well: its prompts are then left out of training.
std::vector<std::size_t> rows_to_train_on(const learn::OutcomeData& data, const std::vector<learn::Pair>& pairs) {
  std::vector<std::uint64_t> judged;
  for (const learn::Pair& pair : pairs) {
    const learn::OutcomeExample& example = data.examples[pair.example];
    if (example.file == 0) judged.push_back(example.hash);
  }
  std::sort(judged.begin(), judged.end());
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const learn::OutcomeExample& example = data.examples[pairs[i].example];
    if (example.file != 0 && !std::binary_search(judged.begin(), judged.end(), example.hash)) rows.push_back(i);
  }
  return rows;
}

// The report on past prompts: `trial` but for its texts, which are read here.
Result<learn::PastUse> use_of_past(const RouterOptions& options, learn::PastTrial trial) {
  const auto targets_of = [&options](std::string_view model) {
    return learn::weak_or_strong(model, options.pair.strong, options.pair.weak);
  };
  const Result<learn::PastOutcomes> judged = learn::read_past_outcomes({options.file}, 2, targets_of);
  if (!judged) return judged.error();
  Result<learn::PastOutcomes> past = learn::read_past_outcomes(options.past_files, 2, targets_of);
  if (!past) return past.error();
  auto embedder = routing::built_in_embedder();
  if (!embedder) return embedder.error();
  trial.texts = judged->rows;
  const std::size_t all = past->rows.size();
  const std::vector<routing::PastPrompt> others = learn::without_texts(std::move(past->rows), judged->rows);
  if (others.empty() || past->scored == 0) {
    return client_error(ErrorKind::invalid_request, 400,
                        "--past leaves nothing to look at: of " + counted(all, "row") + ", " +
                            std::to_string(all - others.size()) + " are prompts of FILE, and " +
                            std::to_string(all - past->scored) + " know neither --strong nor --weak");
  }
  return evaluate_past(trial, others, options.past, *embedder);
}

int eval_router(const RouterOptions& options) {
  const Stopwatch progress;
  const auto classifier = load_classifier_file(options.pair.classifier);
  if (!classifier) return failed("eval", classifier.error());
  const auto model = load_estimates(options.model);
  if (!model) return failed("eval", model.error());
  std::vector<std::string> paths{options.file};
  paths.insert(paths.end(), options.train.begin(), options.train.end());
  const Result<learn::OutcomeData> data = learn::read_outcomes(paths, **classifier);
  if (!data) return failed("eval", data.error());
  const Result<std::vector<learn::Pair>> pairs = learn::pairs_of(*data, options.pair.strong, options.pair.weak);
  if (!pairs) return failed("eval", pairs.error());
  progress("read " + std::to_string(pairs->size()) + " prompts with outcomes of both models");

  std::vector<learn::Pair> own;  // of the judged file: they come first
  for (const learn::Pair& pair : *pairs) {
    if (data->examples[pair.example].file == 0) own.push_back(pair);
  }
  if (own.size() < options.labels + 2) {
    return failed("eval", client_error(ErrorKind::invalid_request, 400,
                                       options.file + " has " + std::to_string(own.size()) +
                                           " rows with outcomes of both models: too few to judge by"));
  }
  const std::vector<std::size_t> labels = learn::sample_pairs(*data, own, options.labels, options.training.seed);
  const std::vector<std::size_t> judged = learn::others_than(labels, own.size());
  const auto weights_for = [&](const std::vector<learn::Pair>& outcomes) {
    routing::OutcomeWeights weights =
        options.train.empty()
            ? (*model)->weights()
            : learn::train_outcomes(*data, outcomes, rows_to_train_on(*data, outcomes), options.training);
    if (!labels.empty()) weights = learn::adapt_outcomes(weights, *data, outcomes, labels, options.training);
    return weights;
  };
  const routing::OutcomeWeights weights = weights_for(*pairs);
  const std::vector<double> scores = learn::gains_of(weights, *data, *pairs, judged);
  learn::RouterReport report = learn::report_on(*data, *pairs, judged, scores, options.training.seed);
  if (!labels.empty() || !options.train.empty()) {
    const auto untaught = weights_for(learn::deal_out(*data, *pairs, options.training.seed));
    const std::vector<double> others = learn::gains_of(untaught, *data, *pairs, judged);
    report.untaught = learn::report_on(*data, *pairs, judged, others, options.training.seed).router.apgr;
  }
  progress("judged " + std::to_string(judged.size()) + " prompts");
  if (!options.svg.empty()) {
    const std::string name = options.file.substr(options.file.rfind('/') + 1);
    const Result<void> written = write_file(options.svg, curve_svg(*data, *pairs, judged, scores, name));
    if (!written) return failed("eval", written.error());
  }
  if (options.past_files.empty()) {
    std::cout << (options.json ? report_json(report) : report_text(report));
    return 0;
  }
  const std::vector<routing::Outlook> outlooks = learn::outlooks_of(weights, *data, *pairs, judged);
  const learn::PastTrial trial{
      *pairs, judged, scores, outlooks, {}, double{weights.prior_weight}, options.training.seed};
  const Result<learn::PastUse> use = use_of_past(options, trial);
  if (!use) return failed("eval", use.error());
  std::cout << (options.json ? "{\"router\": " + report_json(report) + ", \"past\": " + past_json(*use) + "}\n"
                             : report_text(report) + past_text(*use));
  return 0;
}

void add_past(CLI::App& command, RouterOptions& options) {
  CLI::Option* files =
      command.add_option("--past", options.past_files,
                         "outcomes as past prompts: what their neighbours add; prompts of FILE are left out");
  command.add_option("--neighbours", options.past.neighbours, "so many of the nearest are looked at")
      ->check(CLI::Range(std::size_t{1}, config::Past::most_neighbours))
      ->capture_default_str()
      ->needs(files);
  command.add_option("--threshold", options.past.threshold, "least similarity (default: the embedder's own)")
      ->check(CLI::Range(0.0, 0.99))
      ->needs(files);
  command.add_option("--quality-floor", options.past.quality_floor, "that the weak model must surely keep")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str()
      ->needs(files);
}

void add_router(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<RouterOptions>();
  CLI::App* command = parser.add_subcommand("router", "route between a strong and a weak model, on known outcomes");
  command->add_option("FILE", options->file, "rows {prompt, scores{model: 0..1}} (JSON lines)")->required();
  add_pair(*command, options->pair);
  CLI::Option* model = command->add_option("--model", options->model, "the outcome model's file (default: built in)");
  command->add_option("--train", options->train, "train on these outcomes instead; prompts of FILE are left out")
      ->excludes(model);
  command->add_option("--labels", options->labels, "so many rows of FILE are trained on, the others judged");
  add_past(*command, *options);
  command->add_option("--svg", options->svg, "draw quality against the share of strong calls");
  command->add_option("--seed", options->training.seed, "of samples and intervals")->capture_default_str();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &chosen] { chosen = [options] { return eval_router(*options); }; });
}

}  // namespace

void add_eval(CLI::App& parser, Command& chosen) {
  CLI::App* command = parser.add_subcommand("eval", "measure routing on labelled data");
  command->require_subcommand(1);
  add_router(*command, chosen);
  add_eval_cost(*command, chosen);
  add_eval_semantic(*command, chosen);
  add_eval_tasks(*command, chosen);
}

}  // namespace triaged::app
