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
      health.emplace_back(settings);
      plan.candidates.push_back({0, target});
    }
  }
  routing::Plan plan;
  std::vector<TargetHealth> health;
  std::vector<bool> spent = std::vector<bool>(3, false);
  TimePoint now{std::chrono::seconds(100)};
};

TEST(Choose, TakesTheFirstCandidateThatIsWell) {
  Fixture f;

  const auto choice = choose(f.plan, f.spent, f.health, f.now, true);

  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->candidate, 0U);
  EXPECT_FALSE(choice->forced);
}

TEST(Choose, PassesOverSpentHeldAndBrokenTargets) {
  Fixture f;
  f.health[0].held_until = f.now + std::chrono::seconds(1);
  f.health[1].breaker.on_failure(f.now);

  EXPECT_EQ(choose(f.plan, f.spent, f.health, f.now, true)->candidate, 2U);
  f.spent[2] = true;
  const auto forced = choose(f.plan, f.spent, f.health, f.now, true);
  ASSERT_TRUE(forced);
  EXPECT_EQ(forced->candidate, 1U);
  EXPECT_TRUE(forced->forced);
}

TEST(Choose, ForcesAnOpenBreakerOnlyForTheFirstAttempt) {
  Fixture f;
  for (TargetHealth& each : f.health) each.breaker.on_failure(f.now);

  EXPECT_TRUE(choose(f.plan, f.spent, f.health, f.now, true));
  EXPECT_FALSE(choose(f.plan, f.spent, f.health, f.now, false));
}

TEST(Choose, NeverForcesATargetWhoseProviderAskedForAPause) {
  Fixture f;
  for (TargetHealth& each : f.health) each.held_until = f.now + std::chrono::seconds(3);
  f.health[1].held_until = f.now + std::chrono::seconds(2);

  EXPECT_FALSE(choose(f.plan, f.spent, f.health, f.now, true));
  EXPECT_EQ(soonest(f.plan, f.spent, f.health, f.now), f.now + std::chrono::seconds(2));
  EXPECT_TRUE(choose(f.plan, f.spent, f.health, f.now + std::chrono::seconds(2), true));
}

TEST(Choose, SendsOneProbeWhenTheCooldownIsOver) {
  Fixture f;
  f.spent = {false, true, true};
  f.health[0].breaker.on_failure(f.now);
  const TimePoint later = f.now + std::chrono::seconds(10);

  const auto probe = choose(f.plan, f.spent, f.health, later, false);

  ASSERT_TRUE(probe);
  EXPECT_FALSE(probe->forced);
  EXPECT_FALSE(choose(f.plan, f.spent, f.health, later, false));  // the probe is out
}

}  // namespace
}  // namespace triaged::dispatch
