#include "triaged/learn/router_metrics.hpp"

#include <gtest/gtest.h>

namespace triaged::learn {
namespace {

// Ten prompts: the strong model is always right, the weak one on the first five only.
std::vector<Routed> ten(const std::vector<double>& scores) {
  std::vector<Routed> rows;
  for (std::size_t i = 0; i < 10; ++i) rows.push_back({scores[i], 1.0, i < 5 ? 1.0 : 0.0});
  return rows;
}

TEST(RouterMetrics, AreThoseOfAPerfectRouter) {
  const RouterMetrics metrics = measure(ten({0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
  EXPECT_DOUBLE_EQ(metrics.apgr, 0.75);  // the whole gap after half of the calls
  EXPECT_NEAR(*metrics.cpt50, 25, 1e-6);
  EXPECT_NEAR(*metrics.cpt80, 40, 1e-6);
  EXPECT_NEAR(*metrics.strong_share[0], 40, 1e-6);
  EXPECT_NEAR(*metrics.strong_share[1], 45, 1e-6);
  EXPECT_DOUBLE_EQ(*metrics.auc, 1);
}

TEST(RouterMetrics, TakeEqualScoresAsMixedAtRandom) {
  const RouterMetrics metrics = measure(ten(std::vector<double>(10, 3.0)));
  EXPECT_DOUBLE_EQ(metrics.apgr, 0.5);
  EXPECT_NEAR(*metrics.cpt50, 50, 1e-6);
  EXPECT_NEAR(*metrics.cpt80, 80, 1e-6);
  EXPECT_DOUBLE_EQ(*metrics.auc, 0.5);
}

TEST(RouterMetrics, OfTheWorstRouterMirrorThoseOfTheBest) {
  const RouterMetrics metrics = measure(ten({1, 1, 1, 1, 1, 0, 0, 0, 0, 0}));
  EXPECT_DOUBLE_EQ(metrics.apgr, 0.25);
  EXPECT_NEAR(*metrics.cpt50, 75, 1e-6);
  EXPECT_DOUBLE_EQ(*metrics.auc, 0);
}

TEST(RouterMetrics, ExceedOneWhereTheWeakModelIsSometimesBetter) {
  const std::vector<Routed> rows{{2, 1, 0}, {1, 1, 0}, {0, 0, 1}};
  EXPECT_GT(measure(rows).apgr, 1);
}

TEST(RouterMetrics, AreEmptyWithoutAGapOrRows) {
  EXPECT_EQ(measure({}).apgr, 0);
  EXPECT_TRUE(routing_curve({}).empty());
  const std::vector<Routed> same{{1, 1, 1}, {0, 0, 0}};
  const RouterMetrics metrics = measure(same);
  EXPECT_EQ(metrics.apgr, 0);
  EXPECT_FALSE(metrics.cpt50);
  EXPECT_FALSE(metrics.auc);
  EXPECT_EQ(*metrics.strong_share[2], 0);
}

TEST(RouterMetrics, IntervalsHoldTheValueAndAreTheSameEachTime) {
  std::vector<Routed> rows;
  for (int i = 0; i < 400; ++i)
    rows.push_back({static_cast<double>((i * 37) % 101), 1, (i * 37) % 101 > 60 ? 0.0 : 1.0});
  const double apgr = measure(rows).apgr;
  const Interval interval = apgr_interval(rows, 1);
  EXPECT_LT(interval.low, apgr);
  EXPECT_GT(interval.high, apgr);
  EXPECT_LT(interval.high - interval.low, 0.1);
  EXPECT_EQ(apgr_interval(rows, 1).low, interval.low);
  const Interval none = apgr_difference(rows, rows, 1);
  EXPECT_EQ(none.low, 0);
  EXPECT_EQ(none.high, 0);
}

}  // namespace
}  // namespace triaged::learn
