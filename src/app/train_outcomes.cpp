// triaged train outcomes: the model of how well each tier would answer, from outcomes of a strong and a weak model.
#include "app/train_outcomes.hpp"

#include "triaged/base/counted.hpp"
#include "triaged/learn/router_report.hpp"
#include "triaged/learn/task_report.hpp"

#include "app/files.hpp"
#include "app/outcome_options.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace triaged::app {
namespace {

struct OutcomeOptions {
  std::vector<std::string> files;
  std::vector<std::string> labels;  // FILE=N
  PairOptions pair;
  learn::OutcomeTraining training;
  std::string out = "outcomes.model";
  std::string report;
  std::size_t label_trial = 500;  // rows of a left-out file that the report mixes in
  bool json = false;
};

struct Rows {
  std::vector<std::size_t> trained;
  std::vector<std::size_t> labels;
  std::vector<std::vector<std::size_t>> rest;  // by file with labels, in their order
};

// Rows of the files to train on, and a sample of each file of labels; all are indices into `pairs`.
Rows choose_rows(const learn::OutcomeData& data, const std::vector<learn::Pair>& pairs, std::size_t files,
                 const std::vector<Labels>& labels, std::uint64_t seed) {
  Rows rows;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (data.examples[pairs[i].example].file < files) rows.trained.push_back(i);
  }
  for (std::size_t l = 0; l < labels.size(); ++l) {
    std::vector<std::size_t> of_file;
    std::vector<learn::Pair> own;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (data.examples[pairs[i].example].file != files + l) continue;
      of_file.push_back(i);
      own.push_back(pairs[i]);
    }
    std::vector<bool> taken(own.size(), false);
    for (const std::size_t i : learn::sample_pairs(data, own, labels[l].count, seed)) taken[i] = true;
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < own.size(); ++i) (taken[i] ? rows.labels : rest).push_back(of_file[i]);
    rows.rest.push_back(std::move(rest));
  }
  return rows;
}

void name_models(const learn::OutcomeData& data, const PairOptions& options, learn::OutcomeCard& card) {
  const auto name = [&](std::size_t file, const std::vector<std::string>& names) {
    const std::size_t model = data.model_in(file, names);
    return model == learn::OutcomeData::no_model ? std::string() : data.models[model];
  };
  for (std::size_t file = 0; file < data.files.size(); ++file) {
    card.strong.push_back(name(file, options.strong));
    card.weak.push_back(name(file, options.weak));
  }
}

// What the card says of prompts that training did not see.
void evaluate(const learn::OutcomeData& data, const std::vector<learn::Pair>& pairs, const OutcomeOptions& options,
              const Stopwatch& progress, learn::OutcomeCard& card) {
  const auto tell = [&](std::string_view line) { progress(line); };
  card.kinds = leave_out(data, pairs, learn::Part::kind, 0, options.training, tell);
  if (data.files.size() < 2) return;
  card.files = leave_out(data, pairs, learn::Part::file, 0, options.training, tell);
  if (options.label_trial == 0) return;
  card.with_labels = leave_out(data, pairs, learn::Part::file, options.label_trial, options.training, tell);
}

void print_cross(const char* what, const learn::CrossEvaluation& cross) {
  if (cross.counted == 0) return;
  std::printf("%-40s APGR %.3f  words %.3f  over %zu parts\n", what, cross.router, cross.words, cross.counted);
}

void warn_of_thin_data(std::size_t rows) {
  constexpr std::size_t enough = 200;
  if (rows >= enough) return;
  std::fprintf(stderr, "warning: %s with outcomes: what is learnt from fewer than %zu is mostly chance\n",
               counted(rows, "prompt").c_str(), enough);
}

int train_outcomes(const OutcomeOptions& options) {
  const Stopwatch progress;
  std::vector<Labels> labels;
  std::vector<std::string> paths = options.files;
  for (const std::string& text : options.labels) {
    const Result<Labels> parsed = parse_labels(text);
    if (!parsed) return failed("train", parsed.error());
    labels.push_back(*parsed);
    paths.push_back(parsed->path);
  }
  const auto classifier = load_classifier_file(options.pair.classifier);
  if (!classifier) return failed("train", classifier.error());
  const Result<learn::OutcomeData> data = learn::read_outcomes(paths, **classifier);
  if (!data) return failed("train", data.error());
  const Result<std::vector<learn::Pair>> pairs = learn::pairs_of(*data, options.pair.strong, options.pair.weak);
  if (!pairs) return failed("train", pairs.error());
  progress("read " + std::to_string(data->examples.size()) + " prompts, " + std::to_string(pairs->size()) +
           " with outcomes of both models");

  learn::OutcomeCard card;
  card.data = &*data;
  name_models(*data, options.pair, card);
  const Rows rows = choose_rows(*data, *pairs, options.files.size(), labels, options.training.seed);
  warn_of_thin_data(rows.trained.size());
  if (!options.report.empty() || options.json) evaluate(*data, *pairs, options, progress, card);
  routing::OutcomeWeights weights = learn::train_outcomes(*data, *pairs, rows.trained, options.training);
  if (!rows.labels.empty()) {
    weights = learn::adapt_outcomes(weights, *data, *pairs, rows.labels, options.training);
  }
  weights.output = learn::train_output_lengths(*data);
  if (card.kinds.errors.empty()) {
    card.kinds.errors = learn::kind_errors(*data, *pairs, options.training);
  }
  weights.prior_weight = static_cast<float>(learn::prior_weight_of(card.kinds.errors));
  progress("trained");

  const std::string bytes = routing::encode_estimate_model(weights);
  const auto model = routing::EstimateModel::decode(bytes, options.out);
  if (!model) return failed("train", model.error());
  card.version = (*model)->version();
  card.model_sha256 = learn::sha256_hex(bytes);
  card.classifier = data->classifier;
  card.training = options.training;
  card.trained_rows = rows.trained.size();
  card.labels = rows.labels.size();
  card.prior_weight = weights.prior_weight;
  for (std::size_t l = 0; l < labels.size(); ++l) {
    if (rows.rest[l].empty()) continue;
    const std::vector<double> gains = learn::gains_of((*model)->weights(), *data, *pairs, rows.rest[l]);
    learn::LeftOut rest;
    rest.name = labels[l].path.substr(labels[l].path.rfind('/') + 1);
    rest.labels = labels[l].count;
    rest.report = learn::report_on(*data, *pairs, rows.rest[l], gains, options.training.seed);
    card.labelled.push_back(std::move(rest));
  }
  if (const Result<void> written = write_file(options.out, bytes); !written) return failed("train", written.error());
  if (!options.report.empty()) {
    const std::string text = options.report.ends_with(".md") ? card_markdown(card) : card_json(card);
    const Result<void> written = write_file(options.report, text);
    if (!written) return failed("train", written.error());
  }
  if (options.json) {
    std::cout << card_json(card);
    return 0;
  }
  std::printf("%s: %s, %zu bytes, from %zu prompts and %zu labels, prior weight %.1f\n", options.out.c_str(),
              card.version.c_str(), bytes.size(), card.trained_rows, card.labels,
              static_cast<double>(card.prior_weight));
  print_cross("a kind of prompts left out", card.kinds);
  print_cross("a file left out", card.files);
  print_cross("a file left out but for some rows", card.with_labels);
  for (const learn::LeftOut& rest : card.labelled) {
    std::printf("\nthe rest of %s:\n%s", rest.name.c_str(), report_text(rest.report).c_str());
  }
  return 0;
}

}  // namespace

void add_train_outcomes(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<OutcomeOptions>();
  CLI::App* command =
      parser.add_subcommand("outcomes", "train the estimates of answer quality on outcomes (JSON lines)");
  command->add_option("FILE", options->files, "rows {prompt, task, scores{model: 0..1}[, output_chars{model: n}]}")
      ->required();
  add_pair(*command, options->pair);
  command->add_option("--labels", options->labels,
                      "FILE=N: N rows of the kind of requests that the model is for; the rest is reported on");
  command->add_option("-o,--out", options->out, "the model file")->capture_default_str();
  command->add_option("--report", options->report, "evaluate, and write the card: Markdown for .md, else JSON");
  command->add_option("--label-trial", options->label_trial, "for the card: labels of a left-out file; 0: none")
      ->capture_default_str();
  command->add_option("--seed", options->training.seed, "the same seed and data make the same bytes")
      ->capture_default_str();
  command->add_flag("--json", options->json, "evaluate, and print the card as JSON");
  command->callback([options, &chosen] { chosen = [options] { return train_outcomes(*options); }; });
}

}  // namespace triaged::app
