#include "learn/cost_estimates.hpp"

#include "learn/ridge.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::learn {

namespace {

constexpr double looser = 10;  // many models' mean says more than one model's outcomes

Penalty penalty_of(const CostTraining& options, double divisor) {
  Penalty penalty;
  penalty.dense.assign(routing::outcome_feature_count(), options.dense_penalty / divisor);
  penalty.text = options.text_penalty / divisor;
  return penalty;
}

double log_dollars(double dollars) {
  constexpr double least = 1e-9;  // a free answer is no reason for an infinite logarithm
  return std::log(std::max(dollars, least));
}

ModelValues logarithms(const ModelValues& dollars) {
  ModelValues found = dollars;
  for (std::vector<double>& model : found) {
    for (double& value : model) value = log_dollars(value);
  }
  return found;
}

}  // namespace

SharedHeads::SharedHeads(std::span<const OutcomePoint* const> points, const ModelValues& values,
                         const CostTraining& options) {
  std::vector<RidgeRow> mean;
  mean.reserve(points.size());
  for (std::size_t row = 0; row < points.size(); ++row) {
    double sum = 0;
    for (const std::vector<double>& model : values) sum += model[row];
    mean.push_back({points[row], sum / static_cast<double>(values.size()), 1});
  }
  shared_ = fit_ridge(mean, penalty_of(options, looser), empty_head(), options.steps);
  const Penalty penalty = penalty_of(options, 1);
  std::vector<RidgeRow> own = mean;
  for (const std::vector<double>& model : values) {
    for (std::size_t row = 0; row < points.size(); ++row) own[row].target = model[row] - mean[row].target;
    own_.push_back(fit_ridge(own, penalty, empty_head(), options.steps));
  }
}

std::vector<double> SharedHeads::at(const OutcomePoint& point) const {
  std::vector<double> found;
  found.reserve(own_.size());
  const double base = score(shared_, point);
  for (const routing::OutcomeHead& head : own_) found.push_back(base + score(head, point));
  return found;
}

QualityEstimates::QualityEstimates(std::span<const OutcomePoint* const> points, const ModelValues& scores,
                                   const CostTraining& options)
    : heads_(points, scores, options) {}

std::vector<double> QualityEstimates::good(const OutcomePoint& point) const {
  std::vector<double> found = heads_.at(point);
  for (double& value : found) value = std::clamp(value, 0.01, 0.99);
  return found;
}

CostEstimates::CostEstimates(std::span<const OutcomePoint* const> points, const ModelValues& dollars,
                             const CostTraining& options)
    : heads_(points, logarithms(dollars), options), factors_(dollars.size(), 1.0) {
  std::vector<double> expected(dollars.size(), 0.0);
  for (const OutcomePoint* point : points) {
    const std::vector<double> logs = heads_.at(*point);
    for (std::size_t m = 0; m < logs.size(); ++m) expected[m] += std::exp(logs[m]);
  }
  for (std::size_t m = 0; m < dollars.size(); ++m) {
    double real = 0;
    for (const double value : dollars[m]) real += value;
    factors_[m] = expected[m] > 0 ? real / expected[m] : 1.0;
  }
}

std::vector<double> CostEstimates::dollars(const OutcomePoint& point) const {
  std::vector<double> found = heads_.at(point);
  for (std::size_t m = 0; m < found.size(); ++m) found[m] = factors_[m] * std::exp(found[m]);
  return found;
}

}  // namespace triaged::learn
