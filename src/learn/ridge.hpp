// Linear least squares with a penalty on the distance from given weights, solved by conjugate gradients: the same bytes
// in every run.
#pragma once

#include "triaged/learn/outcome_data.hpp"
#include "triaged/routing/estimates.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace triaged::learn {

struct RidgeRow {
  const OutcomePoint* point = nullptr;
  double target = 0;
  double weight = 1;
};

struct Penalty {
  std::vector<double> dense;  // [outcome_feature_count()]
  double text = 100;          // of each bucket
};

// Minimises sum weight * (target - head(point))^2 + sum penalty * (weights - prior)^2; the intercept is free.
routing::OutcomeHead fit_ridge(std::span<const RidgeRow> rows, const Penalty& penalty,
                               const routing::OutcomeHead& prior, unsigned steps);

routing::OutcomeHead empty_head();
double score(const routing::OutcomeHead& head, const OutcomePoint& point);

}  // namespace triaged::learn
