#include "app/trim_rule.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace triaged::app {
namespace {

// The turns, from 0, in which memory was trimmed.
std::vector<int> trims(TrimRule& rule, std::size_t open, int turns) {
  std::vector<int> found;
  for (int i = 0; i < turns; ++i) {
    if (rule.trim(open)) found.push_back(i);
  }
  return found;
}

TEST(TrimRule, LeavesMemoryAloneWhileConnectionsStay) {
  TrimRule rule;
  EXPECT_TRUE(trims(rule, 10'000, 20).empty());
  EXPECT_TRUE(trims(rule, 6'000, 20).empty());
  EXPECT_TRUE(trims(rule, 9'000, 20).empty());
}

TEST(TrimRule, LeavesFewConnectionsAlone) {
  TrimRule rule;
  trims(rule, 500, 1);
  EXPECT_TRUE(trims(rule, 0, 100).empty());
}

TEST(TrimRule, TrimsAtOnceAndThenWithGrowingPausesWhenHalfHaveGone) {
  TrimRule rule;
  trims(rule, 1'000, 3);
  EXPECT_EQ(trims(rule, 400, 200), (std::vector<int>{0, 2, 6, 14, 30, 62}));
}

TEST(TrimRule, BeginsAnewWhenMoreConnectionsGo) {
  TrimRule rule;
  trims(rule, 10'000, 1);
  EXPECT_EQ(trims(rule, 4'000, 2), (std::vector<int>{0}));
  EXPECT_EQ(trims(rule, 1'000, 3), (std::vector<int>{0, 2}));
  trims(rule, 5'000, 200);
  EXPECT_EQ(trims(rule, 0, 200).size(), 6U);
}

}  // namespace
}  // namespace triaged::app
