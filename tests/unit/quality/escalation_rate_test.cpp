#include "triaged/quality/escalation_rate.hpp"

#include <gtest/gtest.h>

namespace triaged::quality {
namespace {

config::Escalation settings(double target, std::size_t window, bool step_up = false) {
  config::Escalation result;
  result.target = target;
  result.window = window;
  result.step_up = step_up;
  return result;
}

void add(EscalationRate& rate, int good, int escalated) {
  for (int i = 0; i < good; ++i) rate.add(false);
  for (int i = 0; i < escalated; ++i) rate.add(true);
}

TEST(EscalationRate, IsTheShareOfTheLastAnswers) {
  EscalationRate rate(settings(0.15, 10));
  EXPECT_EQ(rate.rate(), 0);
  add(rate, 3, 1);
  EXPECT_DOUBLE_EQ(rate.rate(), 0.25);
  add(rate, 8, 0);
  EXPECT_EQ(rate.answers(), 10U);
  EXPECT_DOUBLE_EQ(rate.rate(), 0.1) << "two of the oldest are forgotten";
  add(rate, 2, 0);
  EXPECT_DOUBLE_EQ(rate.rate(), 0);
}

TEST(EscalationRate, RaisesNoAlarmBeforeThereAreEnoughAnswers) {
  EscalationRate rate(settings(0.15, 200));
  add(rate, 0, 19);
  EXPECT_FALSE(rate.alarm());
  add(rate, 0, 1);
  EXPECT_TRUE(rate.alarm());
  add(rate, 114, 0);  // 20 of 134
  EXPECT_FALSE(rate.alarm());
}

TEST(EscalationRate, AlarmsAboveTheTargetNotAtIt) {
  EscalationRate rate(settings(0.15, 20));
  add(rate, 17, 3);
  EXPECT_FALSE(rate.alarm());
  add(rate, 0, 1);
  EXPECT_TRUE(rate.alarm());
}

TEST(EscalationRate, StartsHigherOnlyWhereThatIsConfigured) {
  EscalationRate rate(settings(0.15, 200));
  add(rate, 0, 100);
  EXPECT_FALSE(rate.starts_higher(0.5));
}

TEST(EscalationRate, StartsHigherAboveTheTargetExceptForOneInTwenty) {
  EscalationRate rate(settings(0.15, 200, true));
  add(rate, 16, 3);
  EXPECT_FALSE(rate.starts_higher(0.99));
  rate.add(true);
  EXPECT_TRUE(rate.starts_higher(0.99));
  EXPECT_TRUE(rate.starts_higher(0.05));
  EXPECT_FALSE(rate.starts_higher(0.049));
  EXPECT_TRUE(rate.alarm());
}

TEST(EscalationRate, ComesDownWhenLowStartsDoWellAgain) {
  EscalationRate rate(settings(0.15, 200, true));
  add(rate, 0, 20);
  ASSERT_TRUE(rate.starts_higher(0.5));
  add(rate, 17, 2);
  EXPECT_TRUE(rate.starts_higher(0.5)) << "19 low starts are too few";
  EXPECT_TRUE(rate.alarm());
  rate.add(false);
  EXPECT_FALSE(rate.starts_higher(0.5)) << "2 of 20";
  EXPECT_FALSE(rate.alarm());
}

TEST(EscalationRate, ForgetsBadLowStartsThatAreLongAgo) {
  EscalationRate rate(settings(0.15, 200, true));
  add(rate, 0, 20);
  add(rate, 0, 150);
  ASSERT_TRUE(rate.starts_higher(0.5));
  add(rate, 33, 0);
  EXPECT_TRUE(rate.starts_higher(0.5)) << "7 of the last 40";
  add(rate, 1, 0);
  EXPECT_FALSE(rate.starts_higher(0.5)) << "6 of the last 40";
}

TEST(EscalationRate, WorksWithAWindowBelowTwenty) {
  EscalationRate rate(settings(0.5, 10, true));
  add(rate, 0, 10);
  EXPECT_TRUE(rate.starts_higher(0.5));
  add(rate, 10, 0);
  EXPECT_FALSE(rate.starts_higher(0.5));
}

}  // namespace
}  // namespace triaged::quality
