#include "triaged/learn/outcome_training.hpp"

#include "learn/json_lines.hpp"
#include "learn/ridge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace triaged::learn {

namespace {

using routing::OutcomeHead;
using routing::OutcomeWeights;

enum class Head { level, gain };

// Training follows the pooled outcomes, as they are less noisy; labels say what the pair itself does.
enum class Outcomes { pooled, of_pair };

double target_of(const Pair& pair, Head head, Outcomes outcomes) {
  const bool pooled = outcomes == Outcomes::pooled;
  const auto strong = static_cast<double>(pooled ? pair.pooled_strong : pair.strong);
  const auto weak = static_cast<double>(pooled ? pair.pooled_weak : pair.weak);
  return head == Head::gain ? strong - weak : (strong + weak) / 2;
}

std::vector<RidgeRow> rows_of(const OutcomeData& data, const std::vector<Pair>& pairs,
                              std::span<const std::size_t> rows, Head head, Outcomes outcomes) {
  std::vector<RidgeRow> found;
  found.reserve(rows.size());
  for (const std::size_t i : rows) {
    found.push_back({&data.examples[pairs[i].example].point, target_of(pairs[i], head, outcomes), 1.0});
  }
  return found;
}

bool starts_with(const std::string& name, std::string_view with) { return name.compare(0, with.size(), with) == 0; }

Penalty base_penalty(const OutcomeTraining& options) {
  Penalty penalty;
  penalty.text = options.text_penalty;
  for (const std::string& name : routing::outcome_feature_names()) {
    double of = options.signal_penalty;
    if (name == "length") of = options.length_penalty;
    if (starts_with(name, "length of ")) of = options.slope_penalty;
    if (starts_with(name, "task ")) of = options.task_penalty;
    for (const std::string_view band : {"simple ", "fair ", "hard ", "very hard "}) {
      if (starts_with(name, band)) of = options.table_penalty;
    }
    penalty.dense.push_back(of);
  }
  return penalty;
}

OutcomeHead prior_head(Head head, const OutcomeTraining& options) {
  OutcomeHead prior = empty_head();
  const auto& names = routing::outcome_feature_names();
  const auto length = std::find(names.begin(), names.end(), "length");
  if (head == Head::gain) {
    prior.dense[static_cast<std::size_t>(length - names.begin())] = static_cast<float>(options.length_prior);
  }
  return prior;
}

struct Looseness {
  double dense = 100;
  double text = 30;
};

Penalty label_penalty(const Looseness& looseness) {
  Penalty penalty;
  penalty.text = looseness.text;
  penalty.dense.assign(routing::outcome_feature_count(), looseness.dense);
  return penalty;
}

constexpr std::size_t folds = 5;

// Mean squared error on the labels, each predicted by a model that did not see it.
double error_of(const Looseness& looseness, const OutcomeHead& base, const std::vector<RidgeRow>& labels,
                unsigned steps) {
  double error = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<RidgeRow> others;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (i % folds != fold) others.push_back(labels[i]);
    }
    const OutcomeHead head = fit_ridge(others, label_penalty(looseness), base, steps);
    for (std::size_t i = fold; i < labels.size(); i += folds) {
      const double miss = labels[i].target - score(head, *labels[i].point);
      error += miss * miss;
    }
  }
  return error;
}

// The tightest comes first and only gives way to what is better.
Looseness find_looseness(const OutcomeHead& base, const std::vector<RidgeRow>& labels, unsigned steps) {
  Looseness best;
  double least = std::numeric_limits<double>::max();
  for (const double dense : {1000.0, 300.0, 100.0, 30.0}) {
    for (const double text : {300.0, 100.0, 30.0, 10.0}) {
      const double error = error_of({dense, text}, base, labels, steps);
      if (error >= least) continue;
      least = error;
      best = {dense, text};
    }
  }
  return best;
}

}  // namespace

double gain_of(const OutcomeWeights& weights, const OutcomePoint& point) { return score(weights.gain, point); }
double level_of(const OutcomeWeights& weights, const OutcomePoint& point) { return score(weights.level, point); }

OutcomeWeights train_outcomes(const OutcomeData& data, const std::vector<Pair>& pairs,
                              std::span<const std::size_t> rows, const OutcomeTraining& options) {
  const Penalty penalty = base_penalty(options);
  OutcomeWeights weights;
  weights.classifier = data.classifier;
  for (const Head head : {Head::level, Head::gain}) {
    OutcomeHead& to = head == Head::level ? weights.level : weights.gain;
    to = fit_ridge(rows_of(data, pairs, rows, head, Outcomes::pooled), penalty, prior_head(head, options),
                   options.steps);
  }
  return weights;
}

OutcomeWeights adapt_outcomes(const OutcomeWeights& base, const OutcomeData& data, const std::vector<Pair>& pairs,
                              std::span<const std::size_t> labels, const OutcomeTraining& options) {
  // Folds must not follow the order of the file.
  std::vector<std::size_t> order(labels.begin(), labels.end());
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const std::uint64_t left = data.examples[pairs[a].example].hash;
    const std::uint64_t right = data.examples[pairs[b].example].hash;
    return left != right ? left < right : a < b;
  });
  OutcomeWeights weights = base;
  if (order.size() < folds) return weights;
  const std::vector<RidgeRow> gains = rows_of(data, pairs, order, Head::gain, Outcomes::of_pair);
  const std::vector<RidgeRow> levels = rows_of(data, pairs, order, Head::level, Outcomes::of_pair);
  const Penalty penalty = label_penalty(find_looseness(base.gain, gains, options.steps));
  weights.gain = fit_ridge(gains, penalty, base.gain, options.steps);
  weights.level = fit_ridge(levels, penalty, base.level, options.steps);
  return weights;
}

double prior_weight_of(std::span<const KindError> kinds) {
  constexpr double least = 2;
  constexpr double most = 200;
  if (kinds.size() < 2) return 8;
  double squares = 0;
  double spread = 0;
  for (const KindError& kind : kinds) {
    const double miss = kind.actual - kind.predicted;
    squares += miss * miss;
    const double p = std::clamp(kind.predicted, 0.05, 0.95);
    spread += p * (1 - p);
  }
  // The Beta distribution whose variance is that of the errors.
  return squares > 0 ? std::clamp(spread / squares - 1, least, most) : most;
}

std::vector<std::size_t> sample_pairs(const OutcomeData& data, const std::vector<Pair>& pairs, std::size_t count,
                                      std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string key = std::to_string(data.examples[pairs[i].example].hash) + "/" + std::to_string(i);
    order.emplace_back(stable_hash(key, seed), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> picked;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) picked.push_back(order[i].second);
  std::sort(picked.begin(), picked.end());
  return picked;
}

}  // namespace triaged::learn
