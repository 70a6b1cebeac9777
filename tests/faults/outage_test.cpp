// Faults that last: nobody is asked in a loop, and a target that is well again is used again.
#include "faults/site.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace triaged::test {
namespace {

using testing::Le;
using Lines = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

// The pace of clients that ask now and then.
void pause(std::chrono::milliseconds time) { Signal().wait_for(time); }

class Outage : public FaultScenario {
 protected:
  std::size_t attempts() const { return primary.count() + backup.count() + strong.count(); }
};

TEST_F(Outage, OfEveryRateLimitIsToldWithoutALoop) {
  scenario("persistent 429 from every target, ten requests",
           "each told so after at most two attempts on a target; targets that are left alone are not asked");
  start();
  for (Upstream* const each : {&primary, &backup, &strong}) each->always(fails(429, "rate_limit_exceeded"));
  for (int i = 0; i < 10; ++i) {
    const std::size_t before = attempts();
    const Got got = ask(i % 2 == 0);
    EXPECT_THAT(got.status, testing::AnyOf(429, 503));
    EXPECT_NE(got.message, "");
    EXPECT_FALSE(got.ended_cleanly);
    EXPECT_THAT(attempts() - before, Le(6U)) << "three targets, none of them more than twice";
  }
}

TEST_F(Outage, OfEveryRateLimitThatNamesItsEndAsksNobodyBeforeIt) {
  scenario("persistent 429 with Retry-After: 3 from every target, more than is waited for, twenty requests",
           "one attempt on each target in all; clients are told when to come again");
  start([](DaemonSetup& setup) { setup.retry += ", retry_after_max: 1s"; });
  for (Upstream* const each : {&primary, &backup, &strong}) {
    each->always(fails(429, "rate_limit_exceeded", "Retry-After: 3\r\n"));
  }
  for (int i = 0; i < 20; ++i) {
    const Got got = ask(i % 2 == 0);
    EXPECT_EQ(got.status, 429);
    EXPECT_NE(got.retry_after, "");
  }
  EXPECT_EQ(attempts(), 3U);
}

TEST_F(Outage, OfOneServerErrorIsTriedAgainAtTheOnlyTarget) {
  scenario("one 500 from the only target", "asked once more and answered by it: two attempts, the first at no cost");
  start();
  primary.then(fails(500));
  primary.always(answers("the second time"));
  const Got got = ask(false, "primary/small");
  expect_answer(got, "the second time", "primary/small");
  EXPECT_EQ(history(got), (Lines{"primary/failed/server_error", "primary/answered/"}));
  EXPECT_EQ(daemon->ledger().of(got.id)[0].cost, 0);
}

TEST_F(Outage, OfEveryTargetOpensTheirBreakers) {
  scenario("persistent 503 from every target, twenty requests",
           "each told so; once the breakers are open, one attempt a request");
  start([](DaemonSetup& setup) { setup.breaker = "failures: 3, cooldown: 10s, cooldown_max: 10s"; });
  for (Upstream* const each : {&primary, &backup, &strong}) each->always(fails(503));
  for (int i = 0; i < 20; ++i) {
    const Got got = ask(i % 2 == 0);
    EXPECT_EQ(got.status, 503);
    EXPECT_FALSE(got.ended_cleanly);
  }
  // Until they open: three failures of each target. Then one attempt that may fail, because a certain error is no
  // better.
  EXPECT_THAT(attempts(), Le(20U + 3 * 3));
}

TEST_F(Outage, OfAPrimaryThatFlapsGoesBackToItOnceItRecovers) {
  scenario("flapping primary: twenty requests over an outage of 3 s",
           "all answered; few of them ask the primary; back on it soon after its recovery");
  start([](DaemonSetup& setup) {
    setup.breaker = "failures: 3, cooldown: 500ms, cooldown_max: 1s";
    setup.more = "balance: {slow_start: 0s}";  // all at once, not little by little
  });
  backup.always(answers("from the backup"));
  primary.always(answers("from the primary"));
  expect_answer(ask(false), "from the primary", "primary/small");

  primary.stop();
  const Clock::time_point down = Clock::now();
  for (int i = 0; i < 20; ++i) {
    expect_answer(ask(i % 2 == 0), "from the backup", "backup/small");
    pause(150ms);
  }
  const Clock::time_point recovered = Clock::now();
  EXPECT_GE(recovered - down, 3s);
  primary.start();

  std::size_t asked = 0;
  while (ask(asked % 2 == 0).model != "primary/small" && Clock::now() - recovered < 10s) {
    ++asked;
    pause(20ms);
  }
  EXPECT_LT(Clock::now() - recovered, 5s);
  for (int i = 0; i < 5; ++i) expect_answer(ask(i % 2 == 0), "from the primary", "primary/small");
}

TEST_F(Outage, OfAFailingPrimaryCostsItFewRequests) {
  scenario("primary answers 503, twenty requests in a row",
           "all answered by the next target; the primary is asked until its breaker opens, then now and then");
  start([](DaemonSetup& setup) {
    setup.breaker = "failures: 3, cooldown: 300ms, cooldown_max: 300ms";
    setup.more = "balance: {slow_start: 0s}";  // all at once, not little by little
  });
  primary.always(fails(503));
  backup.always(answers("from the backup"));
  const Clock::time_point begun = Clock::now();
  for (int i = 0; i < 20; ++i) expect_answer(ask(i % 2 == 0), "from the backup", "backup/small");
  const auto probes = static_cast<std::size_t>((Clock::now() - begun) / 300ms);
  EXPECT_LE(primary.count(), 3 + probes);

  primary.always(answers("recovered"));
  std::string last;
  EXPECT_TRUE(eventually([&] { return (last = ask(false).text) == "recovered"; })) << last;
}

TEST_F(Outage, OfNamesIsNoOutageOfTheGateway) {
  scenario("a provider whose name has no address, or is not found in time",
           "answered by the next target; the attempt costs nothing");
  start([](DaemonSetup& setup) {
    setup.providers[0] = "primary: {base_url: \"http://nowhere.invalid/v1\", api_key: k, clocks: {connect: 1s}}";
  });
  backup.always(answers("from the backup"));
  const Got got = ask(true);
  expect_answer(got, "from the backup", "backup/small");
  EXPECT_THAT(history(got), testing::ElementsAre(testing::AnyOf("primary/failed/dns", "primary/failed/connect_timeout"),
                                                 "backup/answered/"));
}

TEST_F(Outage, OfTlsIsNoOutageOfTheGateway) {
  scenario("a provider that accepts connections and never finishes a TLS handshake",
           "answered by the next target once the clock of the connection has run out");
  const Acceptor mute;
  start([&mute](DaemonSetup& setup) {
    setup.providers[0] = "primary: {base_url: \"https://127.0.0.1:" + std::to_string(mute.port()) +
                         "/v1\", api_key: k, clocks: {connect: 300ms}}";
  });
  backup.always(answers("from the backup"));
  const Got got = ask(false);
  expect_answer(got, "from the backup", "backup/small");
  EXPECT_EQ(history(got), (Lines{"primary/failed/connect_timeout", "backup/answered/"}));
}

}  // namespace
}  // namespace triaged::test
