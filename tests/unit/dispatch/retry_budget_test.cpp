#include "dispatch/retry_budget.hpp"

#include "triaged/base/ids.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>
#include <string>

namespace triaged::dispatch {
namespace {

using std::chrono::milliseconds;

constexpr double share = 0.15;  // the default

class RetryBudgetTest : public testing::Test {
 protected:
  // One further attempt, if the budget allows it.
  bool try_further(bool answered) {
    if (!budget_.allows(now())) return false;
    budget_.on_further_attempt(now());
    if (answered)
      budget_.on_further_answered();
    else
      budget_.on_further_failed();
    return true;
  }
  int further_failures_until_empty() {
    int made = 0;
    while (made < 1000 && try_further(false)) ++made;
    return made;
  }
  TimePoint now() const { return clock_.now(); }

  ManualClock clock_;
  RetryBudget budget_{share};
};

TEST_F(RetryBudgetTest, AllowsABurstOfFailuresAndThenNoMore) {
  EXPECT_EQ(further_failures_until_empty(), static_cast<int>(RetryBudget::most));
  EXPECT_FALSE(budget_.allows(now()));
}

TEST_F(RetryBudgetTest, FirstAttemptsPayForThreeInTwenty) {
  further_failures_until_empty();

  for (int i = 0; i < 6; ++i) budget_.on_first_attempt();
  EXPECT_FALSE(budget_.allows(now()));
  budget_.on_first_attempt();

  EXPECT_TRUE(try_further(false));
  EXPECT_FALSE(budget_.allows(now()));
}

TEST_F(RetryBudgetTest, SavesUpNoMoreThanABurst) {
  for (int i = 0; i < 1000; ++i) budget_.on_first_attempt();

  EXPECT_EQ(further_failures_until_empty(), static_cast<int>(RetryBudget::most));
}

TEST_F(RetryBudgetTest, NeverLimitsWhatAnswers) {
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(try_further(true));
}

TEST_F(RetryBudgetTest, LetsOneThroughNowAndThenToFindOut) {
  further_failures_until_empty();

  clock_.advance(RetryBudget::trial - milliseconds(1));
  EXPECT_FALSE(budget_.allows(now()));
  clock_.advance(milliseconds(1));
  EXPECT_TRUE(try_further(false));
  EXPECT_FALSE(budget_.allows(now()));
}

// A hundred at once that all failed are a debt that first attempts would not pay back for long.
TEST_F(RetryBudgetTest, OneAnswerForgivesAllDebts) {
  for (int i = 0; i < 100; ++i) budget_.on_further_attempt(now());
  for (int i = 0; i < 100; ++i) budget_.on_further_failed();
  clock_.advance(RetryBudget::trial);

  ASSERT_TRUE(try_further(true));

  EXPECT_TRUE(budget_.allows(now()));
}

// Requests that go to a first target, then over to a second, then are tried there again.
struct Outage {
  const char* name;
  double first_fails;
  double second_fails;
  double at_most;   // attempts per request
  double at_least;  // of the requests are answered
};
std::ostream& operator<<(std::ostream& out, const Outage& row) { return out << row.name; }

class Storm : public testing::TestWithParam<Outage> {};

TEST_P(Storm, IsKeptWithinTheBudgetAndAHealthyTargetIsNotThrottled) {
  constexpr std::size_t requests = 20'000;
  ManualClock clock;
  RetryBudget first(share);
  RetryBudget second(share);
  Random random(4);
  std::size_t attempts = 0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < requests; ++i) {
    clock.advance(milliseconds(10));
    const auto further = [&](RetryBudget& budget, double fails) {
      if (!budget.allows(clock.now())) return false;
      budget.on_further_attempt(clock.now());
      ++attempts;
      const bool well = random.unit() >= fails;
      well ? budget.on_further_answered() : budget.on_further_failed();
      return well;
    };
    first.on_first_attempt();
    ++attempts;
    const bool well = random.unit() >= GetParam().first_fails;
    if (well || further(second, GetParam().second_fails) || further(first, GetParam().first_fails)) ++answered;
  }

  EXPECT_LE(static_cast<double>(attempts), GetParam().at_most * requests);
  EXPECT_GE(static_cast<double>(answered), GetParam().at_least * requests);
}

INSTANTIATE_TEST_SUITE_P(All, Storm,
                         testing::Values(Outage{"everything_fails", 1, 1, 1.203, 0},
                                         Outage{"the_fallback_is_healthy", 1, 0, 2, 1},
                                         Outage{"the_first_is_unreliable", 0.3, 0, 1.32, 1},
                                         Outage{"both_are_unreliable", 0.3, 0.3, 1.5, 0.96},
                                         Outage{"both_fail_nearly_always", 0.95, 0.95, 1.4, 0.05}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace triaged::dispatch
