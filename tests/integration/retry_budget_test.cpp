// An outage is not answered with a multiple of the load.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <string>

namespace triaged::test {
namespace {

constexpr std::size_t requests = 300;

std::size_t attempts_with_everything_failing(const std::string& breaker) {
  TwoTiers site("", [&breaker](DaemonSetup& setup) { setup.breaker = breaker; });
  site.low.always(fails(500));
  site.high.always(fails(503, "overloaded"));
  for (std::size_t i = 0; i < requests; ++i) EXPECT_GE(site.ask(chat("auto")).status, 500);
  return site.low.count() + site.high.count();
}

TEST(RetryBudget, KeepsAttemptsWithinAFifthOfTheRequestsWhenEverythingFails) {
  const std::size_t attempts = attempts_with_everything_failing("");

  EXPECT_GE(attempts, requests);
  EXPECT_LE(attempts * 10, requests * 12) << attempts;
}

// The budget alone: a burst of ten at each target is saved up, then three in twenty.
TEST(RetryBudget, DoesSoEvenWithoutBreakers) {
  const std::size_t attempts = attempts_with_everything_failing("failures: 1000, failure_rate: 1");

  EXPECT_GE(attempts, requests + 40) << "it is a share, not nothing";
  EXPECT_LE(attempts, requests + requests / 5 + 2 * 10 + 2) << attempts;
}

TEST(RetryBudget, NeverThrottlesAFallbackThatAnswers) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.breaker = "failures: 1000, failure_rate: 1"; });
  site.low.always(fails(500));
  site.high.always(answers("large says"));
  Client client = site.client();

  for (std::size_t i = 0; i < requests; ++i) ASSERT_EQ(client.ask(chat("auto")).status, 200) << i;

  EXPECT_EQ(site.low.count(), requests);
  EXPECT_EQ(site.high.count(), requests);
}

TEST(RetryBudget, IsCountedWhenItIsUsedUp) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.breaker = "failures: 1000, failure_rate: 1"; });
  site.low.always(fails(500));
  site.high.always(fails(500));

  for (int i = 0; i < 20; ++i) EXPECT_EQ(site.ask(chat("high/large")).status, 500);

  EXPECT_THAT(site.ask_admin(get("/metrics")).body,
              testing::ContainsRegex("triaged_retry_budget_exhausted_total\\{target=\"high/large\"\\} [1-9]"));
}

}  // namespace
}  // namespace triaged::test
