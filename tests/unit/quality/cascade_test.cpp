#include "triaged/quality/cascade.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace triaged::quality {
namespace {

PassRate measured(int passed, int failed) {
  PassRate rate;
  for (int i = 0; i < passed; ++i) rate.add(true);
  for (int i = 0; i < failed; ++i) rate.add(false);
  return rate;
}

Rung rung(double cost, PassRate passed = {}, double seconds = 0, double lost_cache = 0) {
  Rung result;
  result.cost = cost;
  result.seconds = seconds;
  result.lost_cache = lost_cache;
  result.passed = passed;
  return result;
}

constexpr double any = 0.5;  // a random number that explores nothing

TEST(PassRate, IsShrunkenTowardsWhatIsAssumed) {
  EXPECT_DOUBLE_EQ(PassRate().rate(), 0.85);
  EXPECT_DOUBLE_EQ(measured(0, 10).rate(), 8.5 / 20);
  EXPECT_DOUBLE_EQ(measured(30, 60).rate(), 38.5 / 100);
  EXPECT_FALSE(measured(10, 9).is_measured());
  EXPECT_TRUE(measured(10, 10).is_measured());
}

TEST(PassRate, FollowsAModelThatChanges) {
  PassRate rate = measured(500, 0);
  EXPECT_DOUBLE_EQ(rate.answers(), 500);
  rate.add(false);
  EXPECT_DOUBLE_EQ(rate.answers(), 251);
  for (int i = 0; i < 1000; ++i) rate.add(false);
  EXPECT_LT(rate.rate(), 0.15);
  EXPECT_LE(rate.answers(), 500);
}

TEST(ExpectedCost, IsThatOfTheAttemptAndOfWhatFollowsIt) {
  // p = (25 + 8.5) / 60 = 0.558333...
  const PassRate half = measured(25, 25);
  const double p = 33.5 / 60;
  EXPECT_DOUBLE_EQ(expected_cost(std::vector<Rung>{}, 0), 0);
  EXPECT_DOUBLE_EQ(expected_cost(std::vector<Rung>{rung(0.01, half)}, 0), 0.01);
  // p * c1 + (1 - p) * (c1 + c2)
  EXPECT_DOUBLE_EQ(expected_cost(std::vector<Rung>{rung(0.001, half), rung(0.01)}, 0),
                   p * 0.001 + (1 - p) * (0.001 + 0.01));
  // three tiers, by hand: E2 = 0.1; E1 = 0.01 + 0.15 * 0.1 = 0.025; E0 = 0.001 + (1 - p) * 0.025
  EXPECT_DOUBLE_EQ(expected_cost(std::vector<Rung>{rung(0.001, half), rung(0.01), rung(0.1)}, 0),
                   0.001 + (1 - p) * 0.025);
}

TEST(ExpectedCost, CountsTheTimeOfWhatIsThrownAwayAndTheCacheThatIsLost) {
  // p = (10 + 8.5) / 30; two seconds at a tenth of a cent, four tenths of a cent of cache: (1 - p) * (0.002 + 0.004 +
  // 0.01)
  const double p = 18.5 / 30;
  const std::vector<Rung> rungs{rung(0.001, measured(10, 10), 2, 1), rung(0.01, {}, 9, 0.004)};
  EXPECT_NEAR(expected_cost(rungs, 0.001), 0.001 + (1 - p) * 0.016, 1e-12);
}

TEST(BestStart, IsTheCheapTierWhileItPays) {
  // 0.001 + (1 - 33.5 / 60) * 0.01 = 0.00542 < 0.01
  const std::vector<Rung> rungs{rung(0.001, measured(25, 25)), rung(0.01)};
  EXPECT_EQ(best_start(rungs, {}, any), 0U);
}

TEST(BestStart, SkipsTheCheapTierThatLoses) {
  // p = (2 + 8.5) / 60 = 0.175: 0.002 + 0.825 * 0.01 = 0.01025 > 0.01
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.002, measured(2, 48)), rung(0.01)}, {}, any), 1U);
  // the same with one more passed in fifty and a cheaper first attempt: 0.001 + 0.825 * 0.01 = 0.00925 < 0.01
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.001, measured(2, 48)), rung(0.01)}, {}, any), 0U);
}

TEST(BestStart, CountsWaitingAndLostCache) {
  // without: 0.001 + 0.4416... * 0.01; a second's worth of a cent and three seconds make it 0.001 + 0.4416... * 0.04 =
  // 0.0187
  std::vector<Rung> rungs{rung(0.001, measured(25, 25), 3), rung(0.01)};
  config::Cascade settings;
  EXPECT_EQ(best_start(rungs, settings, any), 0U);
  settings.second_worth = 0.01;
  EXPECT_EQ(best_start(rungs, settings, any), 1U);
  settings.second_worth = 0;
  rungs[1].lost_cache = 0.02;  // 0.001 + 0.4416... * 0.03 = 0.01425
  EXPECT_EQ(best_start(rungs, settings, any), 1U);
}

TEST(BestStart, DecidesNothingBeforeThereAreEnoughAnswers) {
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.009, measured(0, 19)), rung(0.01)}, {}, any), 0U);
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.009, measured(0, 20)), rung(0.01)}, {}, any), 1U);
}

TEST(BestStart, FindsTheBestOfSeveralAndPassesNoTierThatIsNotMeasured) {
  const PassRate bad = measured(0, 50);  // p = 8.5 / 60
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.008, bad), rung(0.009, bad), rung(0.01)}, {}, any), 2U);
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.008, bad), rung(0.009), rung(0.01)}, {}, any), 1U);
  EXPECT_EQ(best_start(std::vector<Rung>{rung(0.008), rung(0.009, bad), rung(0.0001)}, {}, any), 0U);
  EXPECT_EQ(best_start(std::vector<Rung>{}, {}, any), 0U);
}

TEST(BestStart, ExploresOneInTwentyAndCanBeSwitchedOff) {
  const std::vector<Rung> rungs{rung(0.009, measured(0, 50)), rung(0.01)};
  EXPECT_EQ(best_start(rungs, {}, 0.049), 0U);
  EXPECT_EQ(best_start(rungs, {}, 0.05), 1U);
  config::Cascade off;
  off.skip_losing = false;
  EXPECT_EQ(best_start(rungs, off, any), 0U);
}

}  // namespace
}  // namespace triaged::quality
