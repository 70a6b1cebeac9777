#include "triaged/dispatch/breaker.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace triaged::dispatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = Breaker::State;

class BreakerTest : public testing::Test {
 protected:
  static config::Breaker settings() {
    config::Breaker settings;
    settings.failures = 3;
    settings.cooldown = seconds(10);
    settings.cooldown_max = seconds(35);
    return settings;
  }

  TimePoint now() const { return clock_.now(); }
  State state() const { return breaker_.state(now()); }
  bool try_pass() { return breaker_.try_pass(now()); }
  void fail(int times = 1) {
    for (int i = 0; i < times; ++i) breaker_.on_failure(now());
  }
  // Waits for the cooldown, takes the probe and lets it fail.
  void fail_probe(Duration cooldown) {
    clock_.advance(cooldown);
    ASSERT_TRUE(try_pass());
    fail();
  }

  ManualClock clock_;
  Breaker breaker_{settings()};
};

TEST_F(BreakerTest, PassesRequestsWhileClosed) {
  EXPECT_EQ(state(), State::closed);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(try_pass());
}

TEST_F(BreakerTest, OpensAfterConsecutiveFailures) {
  fail(2);
  EXPECT_EQ(state(), State::closed);
  EXPECT_TRUE(try_pass());

  fail();
  EXPECT_EQ(state(), State::open);
  EXPECT_FALSE(try_pass());
  EXPECT_EQ(breaker_.open_until(), now() + seconds(10));
}

TEST_F(BreakerTest, StaysClosedWhenASuccessComesBetweenFailures) {
  fail(2);
  breaker_.on_success(now());
  fail(2);

  EXPECT_EQ(state(), State::closed);
}

TEST_F(BreakerTest, NeutralEndsNeitherCountNorForgetFailures) {
  fail(2);
  breaker_.on_neutral();
  EXPECT_EQ(state(), State::closed);

  fail();
  EXPECT_EQ(state(), State::open);
}

TEST_F(BreakerTest, LetsExactlyOneProbeThroughWhenTheCooldownEnds) {
  fail(3);
  clock_.advance(seconds(10) - milliseconds(1));
  EXPECT_EQ(state(), State::open);
  EXPECT_FALSE(try_pass());

  clock_.advance(milliseconds(1));
  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
  EXPECT_FALSE(try_pass());
  clock_.advance(seconds(60));
  EXPECT_FALSE(try_pass());
}

TEST_F(BreakerTest, LookingAtTheStateTakesNoProbe) {
  fail(3);
  clock_.advance(seconds(10));

  EXPECT_EQ(state(), State::half_open);
  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
}

TEST_F(BreakerTest, ClosesAndResetsWhenTheProbeSucceeds) {
  fail(3);
  fail_probe(seconds(10));
  clock_.advance(seconds(20));
  ASSERT_TRUE(try_pass());

  breaker_.on_success(now());

  EXPECT_EQ(state(), State::closed);
  EXPECT_TRUE(try_pass());
  fail(2);
  EXPECT_EQ(state(), State::closed);
  fail();
  EXPECT_EQ(breaker_.open_until(), now() + seconds(10));  // the first cooldown again, not a doubled one
}

TEST_F(BreakerTest, DoublesTheCooldownWithEachFailedProbeUpToTheMaximum) {
  fail(3);
  EXPECT_EQ(breaker_.open_until(), now() + seconds(10));
  fail_probe(seconds(10));
  EXPECT_EQ(breaker_.open_until(), now() + seconds(20));
  fail_probe(seconds(20));
  EXPECT_EQ(breaker_.open_until(), now() + seconds(35));
  for (int i = 0; i < 200; ++i) {
    fail_probe(seconds(35));
    ASSERT_EQ(breaker_.open_until(), now() + seconds(35));
  }
}

TEST_F(BreakerTest, NeverExceedsTheMaximumEvenAtFirst) {
  config::Breaker odd = settings();
  odd.cooldown = seconds(100);
  Breaker breaker(odd);

  for (int i = 0; i < 3; ++i) breaker.on_failure(now());

  EXPECT_EQ(breaker.open_until(), now() + seconds(35));
}

TEST_F(BreakerTest, OneFailureOpensWhenConfiguredSo) {
  config::Breaker strict = settings();
  strict.failures = 1;
  Breaker breaker(strict);

  breaker.on_failure(now());

  EXPECT_EQ(breaker.state(now()), State::open);
}

TEST_F(BreakerTest, NeutralEndOfAProbeFreesTheProbe) {
  fail(3);
  clock_.advance(seconds(10));
  ASSERT_TRUE(try_pass());

  breaker_.on_neutral();

  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
  EXPECT_FALSE(try_pass());
}

TEST_F(BreakerTest, LateFailuresDoNotLengthenTheCooldown) {
  fail(3);
  const TimePoint until = breaker_.open_until();

  clock_.advance(seconds(5));
  fail(5);
  EXPECT_EQ(breaker_.open_until(), until);

  clock_.advance(seconds(5));
  fail();  // the cooldown is over and no probe is out
  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
}

TEST_F(BreakerTest, LateSuccessesDoNotEndTheCooldown) {
  fail(3);
  clock_.advance(seconds(5));

  breaker_.on_success(now());

  EXPECT_EQ(state(), State::open);
  EXPECT_FALSE(try_pass());
}

TEST_F(BreakerTest, HoldOffOpensAClosedBreakerUntilThen) {
  breaker_.hold_off(now() + seconds(7));

  EXPECT_EQ(state(), State::open);
  EXPECT_FALSE(try_pass());
  clock_.advance(seconds(7));
  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
  EXPECT_FALSE(try_pass());
}

TEST_F(BreakerTest, HoldOffExtendsAndNeverShortens) {
  fail(3);
  const TimePoint opened = now();

  breaker_.hold_off(opened + seconds(4));
  EXPECT_EQ(breaker_.open_until(), opened + seconds(10));
  breaker_.hold_off(opened + seconds(60));
  EXPECT_EQ(breaker_.open_until(), opened + seconds(60));
  breaker_.hold_off(opened + seconds(30));
  EXPECT_EQ(breaker_.open_until(), opened + seconds(60));
}

TEST_F(BreakerTest, HoldOffThatHasPassedOnAClosedBreakerAsksForOneProbe) {
  breaker_.hold_off(now());

  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
  EXPECT_FALSE(try_pass());
}

TEST_F(BreakerTest, HoldOffEndsTheProbeThatBroughtIt) {
  fail(3);
  clock_.advance(seconds(10));
  ASSERT_TRUE(try_pass());

  breaker_.hold_off(now() + seconds(5));

  EXPECT_FALSE(try_pass());
  clock_.advance(seconds(5));
  EXPECT_TRUE(try_pass());
}

TEST_F(BreakerTest, FailedProbeAfterAHoldOffStartsWithTheFirstCooldown) {
  breaker_.hold_off(now() + seconds(1));
  fail_probe(seconds(1));

  EXPECT_EQ(breaker_.open_until(), now() + seconds(10));
}

TEST_F(BreakerTest, SuccessAfterAHoldOffForgetsIt) {
  breaker_.hold_off(now() + seconds(60));
  clock_.advance(seconds(60));
  ASSERT_TRUE(try_pass());
  breaker_.on_success(now());

  breaker_.hold_off(now() + seconds(2));

  EXPECT_EQ(breaker_.open_until(), now() + seconds(2));
}

class FailureRate : public BreakerTest {
 protected:
  static config::Breaker rate() {
    config::Breaker settings = BreakerTest::settings();
    settings.failures = 1000;
    settings.failure_rate = 0.5;
    settings.least_attempts = 10;
    settings.window = seconds(10);
    return settings;
  }
  void SetUp() override { breaker_ = Breaker(rate()); }
  void succeed(int times = 1) {
    for (int i = 0; i < times; ++i) breaker_.on_success(now());
  }
};

TEST_F(FailureRate, OpensAlthoughNotAllFailed) {
  for (int i = 0; i < 4; ++i) succeed(), fail();
  succeed();
  EXPECT_EQ(state(), State::closed) << "nine attempts say nothing yet";

  fail();

  EXPECT_EQ(state(), State::open);
  EXPECT_EQ(breaker_.open_until(), now() + seconds(10));
}

TEST_F(FailureRate, StaysClosedWhileFewerFail) {
  for (int i = 0; i < 100; ++i) {
    succeed(3);
    fail(2);
    ASSERT_EQ(state(), State::closed) << i;
  }
}

TEST_F(FailureRate, CountsOnlyTheWindow) {
  fail(9);
  clock_.advance(seconds(11));
  fail(9);
  EXPECT_EQ(state(), State::closed);

  clock_.advance(seconds(5));
  fail();
  EXPECT_EQ(state(), State::open);
}

TEST_F(FailureRate, OldSuccessesDoNotCoverForATargetThatTurnedBad) {
  succeed(1000);
  clock_.advance(seconds(11));

  fail(10);

  EXPECT_EQ(state(), State::open);
}

TEST_F(FailureRate, BeginsAnewWhenTheTargetIsBack) {
  fail(10);
  clock_.advance(seconds(10));
  ASSERT_TRUE(try_pass());
  succeed();

  fail(9);
  EXPECT_EQ(state(), State::closed);
}

TEST_F(FailureRate, OfOneMeansOnlyFailuresInARow) {
  config::Breaker settings = rate();
  settings.failure_rate = 1;
  breaker_ = Breaker(settings);

  fail(500);

  EXPECT_EQ(state(), State::closed);
}

TEST_F(BreakerTest, TellsSinceWhenItIsBack) {
  breaker_.on_success(now());
  EXPECT_FALSE(breaker_.back_since()) << "it never was away";
  fail(3);
  clock_.advance(seconds(10));
  ASSERT_TRUE(try_pass());
  breaker_.on_success(now());
  const TimePoint back = now();
  clock_.advance(seconds(1));
  breaker_.on_success(now());

  EXPECT_EQ(breaker_.back_since(), back);
}

TEST_F(BreakerTest, LookingWhetherItMayPassTakesNoProbe) {
  EXPECT_TRUE(breaker_.may_pass(now()));
  fail(3);
  EXPECT_FALSE(breaker_.may_pass(now()));
  clock_.advance(seconds(10));
  EXPECT_TRUE(breaker_.may_pass(now()));
  EXPECT_TRUE(try_pass());
  EXPECT_FALSE(breaker_.may_pass(now()));
}

TEST_F(BreakerTest, AFailedCheckTakesTheTargetOutAndAPassedOneLetsItBack) {
  breaker_.on_check_failed(now() + seconds(20));
  EXPECT_EQ(state(), State::open);

  breaker_.on_check_passed(now());

  EXPECT_EQ(state(), State::closed);
  EXPECT_EQ(breaker_.back_since(), now());
}

TEST_F(BreakerTest, APassedCheckMakesTheNextRequestTheProbeOfWhatFailedAttemptsOpened) {
  fail(3);

  breaker_.on_check_passed(now());

  EXPECT_EQ(state(), State::half_open);
  EXPECT_TRUE(try_pass());
  EXPECT_FALSE(try_pass());
  fail();
  EXPECT_EQ(breaker_.open_until(), now() + seconds(20)) << "it answers checks and fails requests: still doubled";
}

TEST_F(BreakerTest, APassedCheckNeverEndsAPauseThatTheProviderAskedFor) {
  breaker_.hold_off(now() + seconds(30));

  breaker_.on_check_passed(now());

  EXPECT_EQ(breaker_.open_until(), now() + seconds(30));
  EXPECT_EQ(state(), State::open);
}

TEST_F(BreakerTest, AFailedCheckNeverShortensACooldown) {
  fail(3);

  breaker_.on_check_failed(now() + seconds(1));

  EXPECT_EQ(breaker_.open_until(), now() + seconds(10));
}

TEST_F(BreakerTest, AFailedCheckWhileAProbeIsOutMakesItsAnswerLate) {
  fail(3);
  clock_.advance(seconds(10));
  ASSERT_TRUE(try_pass());
  breaker_.on_check_failed(now() + seconds(5));

  breaker_.on_success(now());

  EXPECT_EQ(state(), State::open);
  clock_.advance(seconds(5));
  EXPECT_TRUE(try_pass());
}

// Whatever happens in whatever order: no more than one unreported probe, and never out for good.
TEST_F(BreakerTest, IsNeverStuckAndNeverLetsTwoProbesThrough) {
  std::mt19937 random(20);
  for (int step = 0; step < 20'000; ++step) {
    clock_.advance(milliseconds(random() % 3'000));
    switch (random() % 6) {
      case 0: breaker_.on_success(now()); break;
      case 1: fail(); break;
      case 2: breaker_.on_neutral(); break;
      case 3: breaker_.on_check_failed(now() + milliseconds(random() % 20'000)); break;
      case 4: breaker_.on_check_passed(now()); break;
      default: breaker_.hold_off(now() + milliseconds(random() % 20'000)); break;
    }
    ASSERT_LE(breaker_.open_until(), now() + seconds(35));

    const State before = state();
    const bool passed = try_pass();
    ASSERT_EQ(passed, before != State::open) << "step " << step;  // every probe was reported: one is free
    if (before == State::half_open) {
      ASSERT_FALSE(try_pass()) << "step " << step;
      breaker_.on_neutral();
    }
  }
}

}  // namespace
}  // namespace triaged::dispatch
