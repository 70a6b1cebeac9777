#include "learn/cost_estimates.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace triaged::learn {
namespace {

// Prompts that differ in one dense feature, from -1 to 1.
std::vector<OutcomePoint> points_along_one_feature(std::size_t count) {
  std::vector<OutcomePoint> points(count);
  for (std::size_t i = 0; i < count; ++i) {
    points[i].dense.assign(routing::outcome_feature_count(), 0.0F);
    points[i].dense[0] = static_cast<float>(2.0 * static_cast<double>(i) / static_cast<double>(count - 1) - 1.0);
  }
  return points;
}

std::vector<const OutcomePoint*> pointers(const std::vector<OutcomePoint>& points) {
  std::vector<const OutcomePoint*> found;
  for (const OutcomePoint& point : points) found.push_back(&point);
  return found;
}

CostTraining loose() {
  CostTraining options;
  options.dense_penalty = 0.1;
  options.text_penalty = 0.1;
  return options;
}

TEST(CostEstimates, FollowCostsOverOrdersOfMagnitude) {
  const std::vector<OutcomePoint> points = points_along_one_feature(200);
  ModelValues dollars(2);
  for (const OutcomePoint& point : points) {
    const auto x = static_cast<double>(point.dense[0]);
    dollars[0].push_back(1e-4 * std::exp(3 * x));
    dollars[1].push_back(1e-2 * std::exp(x));
  }
  const CostEstimates costs(pointers(points), dollars, loose());
  for (const std::size_t row : {std::size_t{0}, std::size_t{100}, std::size_t{199}}) {
    const std::vector<double> expected = costs.dollars(points[row]);
    EXPECT_NEAR(expected[0] / dollars[0][row], 1, 0.05);
    EXPECT_NEAR(expected[1] / dollars[1][row], 1, 0.05);
  }
}

// The exponential of a mean of logarithms is below the mean: half of the answers are a hundred times dearer here.
TEST(CostEstimates, AddUpToWhatWasSpent) {
  const std::vector<OutcomePoint> points = points_along_one_feature(200);
  ModelValues dollars(1);
  for (std::size_t i = 0; i < points.size(); ++i) dollars[0].push_back(i % 2 == 0 ? 1e-4 : 1e-2);
  const CostEstimates costs(pointers(points), dollars, loose());
  double expected = 0;
  for (const OutcomePoint& point : points) expected += costs.dollars(point)[0];
  EXPECT_NEAR(expected, std::accumulate(dollars[0].begin(), dollars[0].end(), 0.0), 1e-9);
}

TEST(CostEstimates, TakeFreeAnswers) {
  const std::vector<OutcomePoint> points = points_along_one_feature(20);
  const CostEstimates costs(pointers(points), ModelValues{std::vector<double>(20, 0.0)}, loose());
  EXPECT_EQ(costs.dollars(points[3])[0], 0.0);
}

TEST(QualityEstimates, HoldModelsNearWhatTheyShareUnlessTheyDiffer) {
  const std::vector<OutcomePoint> points = points_along_one_feature(200);
  ModelValues scores(2);
  for (std::size_t i = 0; i < points.size(); ++i) {
    scores[0].push_back(i >= 150 ? 1 : 0);
    scores[1].push_back(i >= 50 ? 1 : 0);
  }
  CostTraining options = loose();
  const std::vector<double> apart = QualityEstimates(pointers(points), scores, options).good(points[100]);
  EXPECT_NEAR(apart[1] - apart[0], 0.5, 0.05);
  options.dense_penalty = 1e9;
  const QualityEstimates held(pointers(points), scores, options);
  EXPECT_NEAR(held.good(points[0])[0], 0.25, 0.01);  // its own mean, whatever the prompt
  EXPECT_NEAR(held.good(points[199])[1], 0.75, 0.01);
  for (const double good : apart) {
    EXPECT_GE(good, 0.01);
    EXPECT_LE(good, 0.99);
  }
}

}  // namespace
}  // namespace triaged::learn
