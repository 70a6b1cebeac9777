// What a router is worth on outcomes it was not trained on, always beside what is free: counting words, the same scores
// dealt to other prompts, outcomes dealt to other prompts before training, and what nobody can beat.
#pragma once

#include "triaged/learn/outcome_data.hpp"
#include "triaged/learn/outcome_training.hpp"
#include "triaged/learn/router_metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct RouterReport {
  std::size_t rows = 0;
  double strong = 0;  // mean outcomes
  double weak = 0;
  RouterMetrics router;
  Interval apgr;                   // 95 %
  RouterMetrics words;             // more words: rather to the strong model
  Interval above_words;            // of APGR over that of the words, 95 %
  double shuffled = 0;             // mean APGR of the scores dealt to other rows
  RouterMetrics oracle;            // by the outcomes themselves
  std::optional<double> untaught;  // APGR of a model trained on outcomes dealt to other prompts
};

using Progress = std::function<void(std::string_view)>;

// `scores` are those of `rows`, which are indices into `pairs`.
RouterReport report_on(const OutcomeData& data, const std::vector<Pair>& pairs, std::span<const std::size_t> rows,
                       std::span<const double> scores, std::uint64_t seed);
std::vector<routing::Outlook> outlooks_of(const routing::OutcomeWeights& weights, const OutcomeData& data,
                                          const std::vector<Pair>& pairs, std::span<const std::size_t> rows);
std::vector<double> gains_of(const routing::OutcomeWeights& weights, const OutcomeData& data,
                             const std::vector<Pair>& pairs, std::span<const std::size_t> rows);

// Curves of the router, the words and the oracle as an SVG image.
std::string curve_svg(const OutcomeData& data, const std::vector<Pair>& pairs, std::span<const std::size_t> rows,
                      std::span<const double> scores, std::string_view title);

std::vector<std::size_t> all_rows(const std::vector<Pair>& pairs);
std::vector<std::size_t> others_than(std::span<const std::size_t> rows, std::size_t size);  // of 0 .. size-1
// The same pairs, with outcomes that belong to other prompts of the same file.
std::vector<Pair> deal_out(const OutcomeData& data, std::vector<Pair> pairs, std::uint64_t seed);

struct LeftOut {
  std::string name;
  RouterReport report;
  std::size_t labels = 0;  // of its rows that training saw
};
enum class Part { kind, file };

// Answers whose probability of being good was put into one tenth.
struct ExpectedAnswers {
  std::size_t count = 0;
  double expected = 0;  // sums: of the probabilities ...
  double good = 0;      // ... and of the outcomes
};
// From [0, 0.1) to [0.9, 1].
using Reliability = std::array<ExpectedAnswers, 10>;
// Mean distance of what was expected and what came, over the tenths.
double calibration_error(const Reliability& reliability);

struct CrossEvaluation {
  std::vector<LeftOut> parts;     // those with at least 50 rows
  std::vector<KindError> errors;  // of weak and strong quality: for prior_weight_of()
  Reliability reliability{};      // of both models' answers to what was left out
  double router = 0;              // mean APGR over parts whose strong model is clearly the better one
  double words = 0;
  std::size_t counted = 0;  // such parts
};
// Trains without each part in turn, adding `labels` rows of the part where that is not 0, and measures on the others.
CrossEvaluation leave_out(const OutcomeData& data, const std::vector<Pair>& pairs, Part part, std::size_t labels,
                          const OutcomeTraining& options, const Progress& progress);

// The same errors of kinds left out, without the reports.
std::vector<KindError> kind_errors(const OutcomeData& data, const std::vector<Pair>& pairs,
                                   const OutcomeTraining& options);

// What is kept beside a model: what it was made from and what it is worth.
struct OutcomeCard {
  std::string version;
  std::string model_sha256;
  std::string classifier;
  OutcomeTraining training;
  const OutcomeData* data = nullptr;
  std::vector<std::string> strong;  // by file
  std::vector<std::string> weak;
  std::size_t trained_rows = 0;
  std::size_t labels = 0;
  float prior_weight = 0;
  CrossEvaluation kinds;
  CrossEvaluation files;
  CrossEvaluation with_labels;
  std::vector<LeftOut> labelled;  // the rest of files whose labels were mixed in
};
std::string card_json(const OutcomeCard& card);
std::string card_markdown(const OutcomeCard& card);
std::string report_json(const RouterReport& report);
std::string report_text(const RouterReport& report);  // a table for people

}  // namespace triaged::learn
