// How good each of several models is expected to be on a prompt, and what it would cost: linear heads on the features
// that the decision knows, each model's near what all models share.
#pragma once

#include "triaged/learn/cost_evaluation.hpp"
#include "triaged/learn/outcome_data.hpp"
#include "triaged/routing/estimates.hpp"

#include <span>
#include <vector>

namespace triaged::learn {

using ModelValues = std::vector<std::vector<double>>;  // [model][row]

// One head that all models share, fitted to their mean, and each model's distance from it, shrunk harder.
class SharedHeads {
 public:
  SharedHeads(std::span<const OutcomePoint* const> points, const ModelValues& values, const CostTraining& options);
  std::vector<double> at(const OutcomePoint& point) const;

 private:
  routing::OutcomeHead shared_;
  std::vector<routing::OutcomeHead> own_;
};

class QualityEstimates {
 public:
  QualityEstimates(std::span<const OutcomePoint* const> points, const ModelValues& scores, const CostTraining& options);
  std::vector<double> good(const OutcomePoint& point) const;  // P(good) by model, in [0.01, 0.99]

 private:
  SharedHeads heads_;
};

// Costs spread over orders of magnitude, so the heads follow their logarithms. A mean of logarithms is not the
// logarithm of the mean: each model has a factor by which the dollars of the rows it was made from add up.
class CostEstimates {
 public:
  CostEstimates(std::span<const OutcomePoint* const> points, const ModelValues& dollars, const CostTraining& options);
  std::vector<double> dollars(const OutcomePoint& point) const;  // by model

 private:
  SharedHeads heads_;
  std::vector<double> factors_;
};

}  // namespace triaged::learn
