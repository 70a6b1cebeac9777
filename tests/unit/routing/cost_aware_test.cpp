#include "triaged/routing/cost_aware.hpp"

#include <gtest/gtest.h>

namespace triaged::routing {
namespace {

TierOffer offer(double good, double lower, std::int64_t cost) { return {good, lower, NanoDollars(cost), true}; }

TEST(CostAware, TakesTheCheapestTierWhoseLowerBoundKeepsTheFloor) {
  const std::vector<TierOffer> tiers{offer(0.70, 0.60, 1000), offer(0.85, 0.80, 5000), offer(0.88, 0.85, 90'000)};
  const struct {
    double floor;
    std::size_t tier;
    CostAwareReason reason;
  } cases[] = {{0.50, 0, CostAwareReason::floor_kept}, {0.68, 0, CostAwareReason::floor_kept},
               {0.69, 1, CostAwareReason::floor_kept},  // 0.6 is 68.2 % of 0.88
               {0.90, 1, CostAwareReason::floor_kept}, {0.91, 2, CostAwareReason::top_only},
               {1.00, 2, CostAwareReason::top_only}};
  for (const auto& [floor, tier, reason] : cases) {
    CostAware options;
    options.quality_floor = floor;
    const CostAwareChoice choice = choose_by_cost(tiers, options);
    EXPECT_EQ(choice.tier, tier) << floor;
    EXPECT_EQ(choice.reason, reason) << floor;
  }
  EXPECT_EQ(choose_by_cost(tiers, {}).sentence,
            "keeps at least 90 % of the top tier's quality for $0.000005 instead of $0.000090");
}

TEST(CostAware, GoesUpWhenInDoubt) {
  const TierOffer unknown{0.9, 0.9, std::nullopt, true};
  const TierOffer top = offer(0.9, 0.9, 5000);
  EXPECT_EQ(choose_by_cost(std::vector{unknown, top}, {}).tier, 1U);
  EXPECT_EQ(choose_by_cost(std::vector{offer(0.9, 0.9, 10), unknown}, {}).tier, 1U);
  EXPECT_EQ(choose_by_cost(std::vector{offer(0.9, 0.9, 10), unknown}, {}).reason, CostAwareReason::prices_unknown);
  EXPECT_EQ(choose_by_cost(std::vector{offer(0.9, 0.9, 5000), top}, {}).tier, 1U) << "equal cost";
  EXPECT_EQ(choose_by_cost(std::vector{offer(0.9, 0.9, 9000), top}, {}).tier, 1U) << "dearer";
}

TEST(CostAware, LeavesTiersOutThatAreNotAvailable) {
  TierOffer out = offer(0.9, 0.9, 10);
  out.available = false;
  TierOffer top_out = offer(0.99, 0.99, 90'000);
  top_out.available = false;
  EXPECT_EQ(choose_by_cost(std::vector{out, offer(0.9, 0.9, 50), top_out}, {}).tier, 1U);
  EXPECT_FALSE(choose_by_cost(std::vector{out, top_out}, {}).tier);
  EXPECT_EQ(choose_by_cost({}, {}).reason, CostAwareReason::nothing_available);
}

TEST(CostAware, PaysForQualityWhatItIsWorth) {
  const std::vector<TierOffer> tiers{offer(0.6, 0, 1'000'000), offer(0.9, 0, 31'000'000)};  // 0.3 for three cents
  CostAware options;
  options.willingness_to_pay = 0.09;
  EXPECT_EQ(choose_by_cost(tiers, options).tier, 0U);
  options.willingness_to_pay = 0.11;
  const CostAwareChoice choice = choose_by_cost(tiers, options);
  EXPECT_EQ(choice.tier, 1U);
  EXPECT_EQ(choice.reason, CostAwareReason::best_worth);
  options.willingness_to_pay = 0;
  EXPECT_EQ(choose_by_cost(tiers, options).tier, 0U);
}

}  // namespace
}  // namespace triaged::routing
