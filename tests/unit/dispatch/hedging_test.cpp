#include "dispatch/hedging.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

using std::chrono::milliseconds;

TEST(FirstContentTimes, KnowNoPercentileBeforeThereAreEnough) {
  FirstContentTimes times;
  for (std::size_t i = 1; i < FirstContentTimes::needed; ++i) {
    times.add(milliseconds(i));
    EXPECT_FALSE(times.p95());
  }
  times.add(milliseconds(500));
  EXPECT_TRUE(times.p95());
}

TEST(FirstContentTimes, TakeThe95thOf100) {
  FirstContentTimes times;
  for (int i = 100; i >= 1; --i) times.add(milliseconds(i));
  EXPECT_EQ(times.p95(), milliseconds(95));
}

TEST(FirstContentTimes, ForgetTheOldest) {
  FirstContentTimes times;
  for (std::size_t i = 0; i < FirstContentTimes::kept; ++i) times.add(milliseconds(9000));
  for (std::size_t i = 0; i < FirstContentTimes::kept; ++i) times.add(milliseconds(10));
  EXPECT_EQ(times.size(), FirstContentTimes::kept);
  EXPECT_EQ(times.p95(), milliseconds(10));
}

TEST(HedgeBudget, AllowsItsShareOfRequestsAndABurstOfTen) {
  HedgeBudget budget;
  EXPECT_TRUE(budget.try_take()) << "the first slow request need not wait for others";
  EXPECT_FALSE(budget.try_take());

  int hedges = 0;
  for (int i = 0; i < 1000; ++i) {
    budget.on_request(0.05);
    if (budget.try_take()) ++hedges;
  }
  EXPECT_NEAR(hedges, 50, 1);

  for (int i = 0; i < 10000; ++i) budget.on_request(0.05);
  int burst = 0;
  while (budget.try_take()) ++burst;
  EXPECT_EQ(burst, 10);
}

TEST(HedgeAfter, IsTheConfiguredOrTheMeasuredTimeAndNeverTooShort) {
  FirstContentTimes none;
  FirstContentTimes fast;
  FirstContentTimes slow;
  for (int i = 0; i < 30; ++i) {
    fast.add(milliseconds(10));
    slow.add(milliseconds(2000));
  }
  config::Hedge hedge;
  hedge.least = milliseconds(500);
  EXPECT_FALSE(hedge_after(hedge, slow)) << "off by default";

  hedge.enabled = true;
  EXPECT_FALSE(hedge_after(hedge, none)) << "nothing is known";
  EXPECT_EQ(hedge_after(hedge, fast), milliseconds(500));
  EXPECT_EQ(hedge_after(hedge, slow), milliseconds(2000));

  hedge.after = milliseconds(700);
  EXPECT_EQ(hedge_after(hedge, none), milliseconds(700));
  hedge.after = milliseconds(100);
  EXPECT_EQ(hedge_after(hedge, none), milliseconds(500));
}

}  // namespace
}  // namespace triaged::dispatch
