#include "triaged/learn/router_report.hpp"

#include "triaged/base/ids.hpp"

#include "learn/curve_svg.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace triaged::learn {

namespace {

constexpr std::size_t least_rows = 50;
constexpr double clear_gap = 0.05;  // below it a share of the gap says nothing

std::vector<Routed> routed(const std::vector<Pair>& pairs, std::span<const std::size_t> rows,
                           std::span<const double> scores) {
  std::vector<Routed> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Pair& pair = pairs[rows[i]];
    found.push_back({scores[i], static_cast<double>(pair.strong), static_cast<double>(pair.weak)});
  }
  return found;
}

std::vector<double> words_of(const OutcomeData& data, const std::vector<Pair>& pairs,
                             std::span<const std::size_t> rows) {
  std::vector<double> words;
  for (const std::size_t row : rows) words.push_back(data.examples[pairs[row].example].words);
  return words;
}

std::vector<double> best_scores(const std::vector<Pair>& pairs, std::span<const std::size_t> rows) {
  std::vector<double> gains;
  for (const std::size_t row : rows) gains.push_back(static_cast<double>(pairs[row].gain()));
  return gains;
}

template <class T>
void shuffle(std::vector<T>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[static_cast<std::size_t>(random.unit() * static_cast<double>(i))]);
  }
}

std::size_t part_of(const OutcomeExample& example, Part part) {
  return part == Part::kind ? example.kind : example.file;
}

std::string part_name(const OutcomeData& data, Part part, std::size_t at) {
  if (part == Part::kind) return data.kinds[at];
  const std::string& path = data.files[at].path;
  return path.substr(path.rfind('/') + 1);
}

routing::OutcomeWeights train_with(const OutcomeData& data, const std::vector<Pair>& pairs,
                                   std::span<const std::size_t> rows, std::span<const std::size_t> labels,
                                   const OutcomeTraining& options) {
  routing::OutcomeWeights weights = train_outcomes(data, pairs, rows, options);
  return labels.empty() ? weights : adapt_outcomes(weights, data, pairs, labels, options);
}

void add_answer(Reliability& reliability, double expected, double good) {
  const auto tenth = static_cast<std::size_t>(expected * 10);
  ExpectedAnswers& answers = reliability[std::min(tenth, reliability.size() - 1)];
  ++answers.count;
  answers.expected += expected;
  answers.good += good;
}

// `outlooks` are those of `rows`, which are indices into `pairs`; here and below.
void add_answers(std::span<const routing::Outlook> outlooks, const std::vector<Pair>& pairs,
                 std::span<const std::size_t> rows, Reliability& reliability) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    add_answer(reliability, outlooks[i].good(1), static_cast<double>(pairs[rows[i]].pooled_strong));
    add_answer(reliability, outlooks[i].good(0), static_cast<double>(pairs[rows[i]].pooled_weak));
  }
}

void add_errors(std::span<const routing::Outlook> outlooks, const std::vector<Pair>& pairs,
                std::span<const std::size_t> rows, std::vector<KindError>& errors) {
  KindError strong;
  KindError weak;
  const double part = 1.0 / static_cast<double>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    strong.actual += part * static_cast<double>(pairs[rows[i]].pooled_strong);
    weak.actual += part * static_cast<double>(pairs[rows[i]].pooled_weak);
    strong.predicted += part * outlooks[i].good(1);
    weak.predicted += part * outlooks[i].good(0);
  }
  errors.push_back(strong);
  errors.push_back(weak);
}

// The parts' rows, as indices into pairs.
std::vector<std::vector<std::size_t>> split(const OutcomeData& data, const std::vector<Pair>& pairs, Part part) {
  std::vector<std::vector<std::size_t>> parts(part == Part::kind ? data.kinds.size() : data.files.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) parts[part_of(data.examples[pairs[i].example], part)].push_back(i);
  return parts;
}

}  // namespace

std::vector<std::size_t> all_rows(const std::vector<Pair>& pairs) {
  std::vector<std::size_t> rows(pairs.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::vector<std::size_t> others_than(std::span<const std::size_t> rows, std::size_t size) {
  std::vector<bool> taken(size, false);
  for (const std::size_t row : rows) taken[row] = true;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < size; ++i) {
    if (!taken[i]) others.push_back(i);
  }
  return others;
}

std::vector<Pair> deal_out(const OutcomeData& data, std::vector<Pair> pairs, std::uint64_t seed) {
  Random random(seed);
  for (const std::vector<std::size_t>& rows : split(data, pairs, Part::file)) {
    std::vector<Pair> outcomes;
    outcomes.reserve(rows.size());
    for (const std::size_t row : rows) outcomes.push_back(pairs[row]);
    shuffle(outcomes, random);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      outcomes[i].example = pairs[rows[i]].example;
      pairs[rows[i]] = outcomes[i];
    }
  }
  return pairs;
}

std::vector<routing::Outlook> outlooks_of(const routing::OutcomeWeights& weights, const OutcomeData& data,
                                          const std::vector<Pair>& pairs, std::span<const std::size_t> rows) {
  std::vector<routing::Outlook> outlooks;
  outlooks.reserve(rows.size());
  for (const std::size_t row : rows) {
    const OutcomePoint& point = data.examples[pairs[row].example].point;
    outlooks.push_back({level_of(weights, point), gain_of(weights, point)});
  }
  return outlooks;
}

std::vector<double> gains_of(const routing::OutcomeWeights& weights, const OutcomeData& data,
                             const std::vector<Pair>& pairs, std::span<const std::size_t> rows) {
  std::vector<double> gains;
  for (const std::size_t row : rows) gains.push_back(gain_of(weights, data.examples[pairs[row].example].point));
  return gains;
}

RouterReport report_on(const OutcomeData& data, const std::vector<Pair>& pairs, std::span<const std::size_t> rows,
                       std::span<const double> scores, std::uint64_t seed) {
  RouterReport report;
  report.rows = rows.size();
  for (const std::size_t row : rows) {
    report.strong += static_cast<double>(pairs[row].strong) / static_cast<double>(rows.size());
    report.weak += static_cast<double>(pairs[row].weak) / static_cast<double>(rows.size());
  }
  const std::vector<Routed> by_router = routed(pairs, rows, scores);
  const std::vector<Routed> by_words = routed(pairs, rows, words_of(data, pairs, rows));
  report.router = measure(by_router);
  report.apgr = apgr_interval(by_router, seed);
  report.words = measure(by_words);
  report.above_words = apgr_difference(by_router, by_words, seed);
  report.oracle = measure(routed(pairs, rows, best_scores(pairs, rows)));

  constexpr int times = 20;
  Random random(seed);
  std::vector<double> dealt(scores.begin(), scores.end());
  for (int i = 0; i < times; ++i) {
    shuffle(dealt, random);
    report.shuffled += measure(routed(pairs, rows, dealt)).apgr / times;
  }
  return report;
}

CrossEvaluation leave_out(const OutcomeData& data, const std::vector<Pair>& pairs, Part part, std::size_t labels,
                          const OutcomeTraining& options, const Progress& progress) {
  CrossEvaluation evaluation;
  const std::vector<Pair> dealt = deal_out(data, pairs, options.seed);
  const std::vector<std::vector<std::size_t>> parts = split(data, pairs, part);
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const std::vector<std::size_t>& rows = parts[at];
    if (rows.size() < labels + least_rows) continue;
    std::vector<Pair> own;
    own.reserve(rows.size());
    for (const std::size_t row : rows) own.push_back(pairs[row]);
    std::vector<std::size_t> seen;
    for (const std::size_t i : sample_pairs(data, own, labels, options.seed)) seen.push_back(rows[i]);
    std::vector<std::size_t> judged;
    std::set_difference(rows.begin(), rows.end(), seen.begin(), seen.end(), std::back_inserter(judged));
    const std::vector<std::size_t> others = others_than(rows, pairs.size());

    const routing::OutcomeWeights weights = train_with(data, pairs, others, seen, options);
    LeftOut left;
    left.name = part_name(data, part, at);
    left.labels = seen.size();
    left.report = report_on(data, pairs, judged, gains_of(weights, data, pairs, judged), options.seed);
    const routing::OutcomeWeights untaught = train_with(data, dealt, others, seen, options);
    left.report.untaught = measure(routed(pairs, judged, gains_of(untaught, data, pairs, judged))).apgr;
    const std::vector<routing::Outlook> outlooks = outlooks_of(weights, data, pairs, judged);
    add_errors(outlooks, pairs, judged, evaluation.errors);
    add_answers(outlooks, pairs, judged, evaluation.reliability);
    if (left.report.strong - left.report.weak >= clear_gap) {
      evaluation.router += left.report.router.apgr;
      evaluation.words += left.report.words.apgr;
      ++evaluation.counted;
    }
    progress("left out " + left.name);
    evaluation.parts.push_back(std::move(left));
  }
  if (evaluation.counted > 0) {
    evaluation.router /= static_cast<double>(evaluation.counted);
    evaluation.words /= static_cast<double>(evaluation.counted);
  }
  return evaluation;
}

double calibration_error(const Reliability& reliability) {
  double distance = 0;
  std::size_t count = 0;
  for (const ExpectedAnswers& answers : reliability) {
    distance += std::abs(answers.expected - answers.good);
    count += answers.count;
  }
  return count == 0 ? 0 : distance / static_cast<double>(count);
}

std::vector<KindError> kind_errors(const OutcomeData& data, const std::vector<Pair>& pairs,
                                   const OutcomeTraining& options) {
  std::vector<KindError> errors;
  for (const std::vector<std::size_t>& rows : split(data, pairs, Part::kind)) {
    if (rows.size() < least_rows) continue;
    const std::vector<std::size_t> others = others_than(rows, pairs.size());
    if (others.empty()) continue;
    const routing::OutcomeWeights weights = train_outcomes(data, pairs, others, options);
    add_errors(outlooks_of(weights, data, pairs, rows), pairs, rows, errors);
  }
  return errors;
}

std::string curve_svg(const OutcomeData& data, const std::vector<Pair>& pairs, std::span<const std::size_t> rows,
                      std::span<const double> scores, std::string_view title) {
  return draw_curves(title, {{"router", "#1f5fbf", routing_curve(routed(pairs, rows, scores))},
                             {"words", "#c06010", routing_curve(routed(pairs, rows, words_of(data, pairs, rows)))},
                             {"oracle", "#808080", routing_curve(routed(pairs, rows, best_scores(pairs, rows)))}});
}

}  // namespace triaged::learn
