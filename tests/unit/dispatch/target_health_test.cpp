#include "dispatch/target_health.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

struct Fixture {
  Fixture() {
    config::Breaker settings;
    settings.failures = 1;
    settings.cooldown = std::chrono::seconds(10);
    for (std::size_t target = 0; target < 3; ++target) {
      health.emplace_back(settings, 0.2);
      plan.candidates.push_back({0, target});
    }
  }
  std::optional<Choice> choose(bool first_attempt, double panic = 1) {
    const Field field{plan, order, spent, panic, first_attempt};
    const bool any = any_left(field, health, now);
    const auto choice = dispatch::choose(field, health, now);
    EXPECT_EQ(any || (choice && choice->forced), choice.has_value());
    return choice;
  }
  routing::Plan plan;
  std::vector<TargetHealth> health;
  std::vector<std::size_t> order{0, 1, 2};
  std::vector<bool> spent = std::vector<bool>(3, false);
  TimePoint now{std::chrono::seconds(100)};
};

TEST(Choose, TakesTheFirstCandidateThatIsWell) {
  Fixture f;

  const auto choice = f.choose(true);

  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->candidate, 0U);
  EXPECT_FALSE(choice->forced);
}

TEST(Choose, PassesOverSpentHeldAndBrokenTargets) {
  Fixture f;
  f.health[0].held_until = f.now + std::chrono::seconds(1);
  f.health[1].breaker.on_failure(f.now);

  EXPECT_EQ(f.choose(true)->candidate, 2U);
  f.spent[2] = true;
  const auto forced = f.choose(true);
  ASSERT_TRUE(forced);
  EXPECT_EQ(forced->candidate, 1U);
  EXPECT_TRUE(forced->forced);
}

TEST(Choose, ForcesAnOpenBreakerOnlyForTheFirstAttempt) {
  Fixture f;
  for (TargetHealth& each : f.health) each.breaker.on_failure(f.now);

  EXPECT_TRUE(f.choose(true));
  EXPECT_FALSE(f.choose(false));
}

TEST(Choose, NeverForcesATargetWhoseProviderAskedForAPause) {
  Fixture f;
  for (TargetHealth& each : f.health) each.held_until = f.now + std::chrono::seconds(3);
  f.health[1].held_until = f.now + std::chrono::seconds(2);

  EXPECT_FALSE(f.choose(true));
  EXPECT_EQ(soonest(f.plan, f.spent, f.health, f.now), f.now + std::chrono::seconds(2));
  f.now += std::chrono::seconds(2);
  EXPECT_TRUE(f.choose(true));
}

TEST(Choose, SendsOneProbeWhenTheCooldownIsOver) {
  Fixture f;
  f.spent = {false, true, true};
  f.health[0].breaker.on_failure(f.now);
  f.now += std::chrono::seconds(10);

  const auto probe = f.choose(false);

  ASSERT_TRUE(probe);
  EXPECT_FALSE(probe->forced);
  EXPECT_FALSE(f.choose(false));  // the probe is out
}

TEST(Choose, FollowsTheOrderThatItIsGiven) {
  Fixture f;
  f.order = {2, 0, 1};

  EXPECT_EQ(f.choose(true)->candidate, 2U);
  f.spent[2] = true;
  EXPECT_EQ(f.choose(false)->candidate, 0U);
}

TEST(Choose, AsksATargetWithoutRetryBudgetOnlyFirst) {
  Fixture f;
  f.health[0].budget.on_further_attempt(f.now);
  for (int i = 0; i < 10; ++i) f.health[0].budget.on_further_failed();

  EXPECT_EQ(f.choose(true)->candidate, 0U);
  EXPECT_EQ(f.choose(false)->candidate, 1U);
  f.spent = {false, true, true};
  EXPECT_FALSE(f.choose(false));
}

TEST(Choose, IgnoresBreakersWhereTooFewOfATierAreLeft) {
  Fixture f;
  f.health[0].breaker.on_failure(f.now);
  EXPECT_EQ(f.choose(true, 0.5)->candidate, 1U) << "one of three is out";
  f.health[1].breaker.on_failure(f.now);

  const auto choice = f.choose(true, 0.5);
  EXPECT_EQ(choice->candidate, 0U);
  EXPECT_TRUE(choice->forced);
  EXPECT_EQ(f.choose(true, 1)->candidate, 2U) << "1 is never";
  f.health[0].held_until = f.now + std::chrono::seconds(1);
  EXPECT_EQ(f.choose(false, 0.5)->candidate, 1U) << "a Retry-After is kept";
}

TEST(Choose, PassesOverATierThatIsOutAsAWhole) {
  Fixture f;
  f.plan.candidates[2].tier = 1;
  f.health[0].breaker.on_failure(f.now);
  f.health[1].breaker.on_failure(f.now);

  EXPECT_EQ(f.choose(true, 0)->candidate, 2U);
}

}  // namespace
}  // namespace triaged::dispatch
