// A second attempt beside a slow first one.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace triaged::test {
namespace {

class HedgedRequest : public SharedSite<HedgedRequest> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>(
        "", [](DaemonSetup& setup) { setup.more = "hedge: {enabled: true, after: 60ms, least: 1ms, budget: 1}"; });
  }
};

TEST_F(HedgedRequest, IsAnsweredByTheSecondWhenTheFirstIsSlow) {
  for (const bool streamed : {false, true}) {
    SCOPED_TRACE(streamed);
    Signal cancelled;
    low().then([&cancelled, streamed](Exchange& exchange) {
      if (streamed) {
        exchange.begin_stream();
        exchange.event(role_chunk());  // no content yet
      }
      exchange.wait_until_left();
      cancelled.set();
    });
    high().then(answers("from the hedge", {10, 4}));

    Client client = site().client();
    client.send(streamed ? streamed_chat("auto") : chat("auto"));
    const Response answer = client.begin();

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
    EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
    EXPECT_EQ(streamed ? text_of(client.rest()) : text_of(answer.body), "from the hedge");
    cancelled.wait();
    const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].model, "small");
    EXPECT_EQ(rows[0].outcome, "cancelled");
    EXPECT_EQ(rows[0].error, "hedge_lost");
    EXPECT_EQ(rows[0].certainty, "estimated") << "it may be billed";
    EXPECT_EQ(rows[1].model, "large");
    EXPECT_EQ(rows[1].outcome, "answered");
    EXPECT_TRUE(rows[1].settled);
  }
}

TEST_F(HedgedRequest, IsAnsweredByTheFirstWhenThatIsStillFaster) {
  Signal hedged;
  Signal cancelled;
  low().then([&hedged](Exchange& exchange) {
    hedged.wait();
    answers("from the first")(exchange);
  });
  high().then([&](Exchange& exchange) {
    hedged.set();
    exchange.wait_until_left();
    cancelled.set();
  });

  const Response answer = ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "from the first");
  cancelled.wait();
  const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].model, "large");
  EXPECT_EQ(rows[0].error, "hedge_lost");
  EXPECT_EQ(rows[1].model, "small");
  EXPECT_EQ(rows[1].outcome, "answered");
}

TEST(HedgeOfAQuickAnswer, IsNotSent) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.more = "hedge: {enabled: true, after: 5s, least: 5s, budget: 1}"; });
  site.low.always(answers("quick"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(site.ask(chat("auto")).status, 200);
  EXPECT_EQ(site.high.count(), 0U);
}

TEST_F(HedgedRequest, SurvivesTheFailureOfEither) {
  Signal hedged;
  low().then([&hedged](Exchange& exchange) {
    hedged.wait();
    exchange.reset();
  });
  high().then([&hedged](Exchange& exchange) {
    hedged.set();
    answers("the hedge")(exchange);
  });
  const Response first_fails = ask(chat("auto"));
  EXPECT_EQ(first_fails.status, 200);
  EXPECT_EQ(text_of(first_fails.body), "the hedge");

  Signal failed;
  low().then([&failed](Exchange& exchange) {
    failed.wait();
    answers("the first")(exchange);
  });
  high().then([&failed](Exchange& exchange) {
    fails(500)(exchange);
    failed.set();
  });
  const Response hedge_fails = ask(chat("auto"));
  EXPECT_EQ(hedge_fails.status, 200);
  EXPECT_EQ(text_of(hedge_fails.body), "the first");
}

TEST_F(HedgedRequest, FailsOnceBothHaveFailedAndNamesThem) {
  Signal hedged;
  low().always([&hedged](Exchange& exchange) {
    hedged.wait();
    fails(500)(exchange);
  });
  high().always([&hedged](Exchange& exchange) {
    hedged.set();
    fails(503)(exchange);
  });
  const Response answer = ask(chat("auto"));
  EXPECT_GE(answer.status, 500);
  const std::string message = answer.error()["message"];
  EXPECT_THAT(message, testing::HasSubstr("low/small"));
  EXPECT_THAT(message, testing::HasSubstr("high/large"));
}

TEST_F(HedgedRequest, TakesBothAlongWhenTheClientLeaves) {
  Signal hedged;
  Signal first_left;
  Signal second_left;
  low().then([&first_left](Exchange& exchange) {
    exchange.wait_until_left();
    first_left.set();
  });
  high().then([&](Exchange& exchange) {
    hedged.set();
    exchange.wait_until_left();
    second_left.set();
  });
  Client client = site().client();
  client.send(chat("auto"));
  hedged.wait();

  client.socket().close();

  first_left.wait();
  second_left.wait();
}

// A breaker that opens with the first failure and lets its probe through at once.
class HedgeAndProbe : public testing::Test {
 protected:
  std::string model() const { return site.ask(chat("auto")).header("x-triaged-model"); }

  TwoTiers site{"", [](DaemonSetup& setup) {
                  setup.breaker = "failures: 1, cooldown: 100ms, cooldown_max: 100ms";
                  setup.more =
                      "hedge: {enabled: true, after: 60ms, least: 1ms, budget: 1}\n"
                      "balance: {slow_start: 0s}";
                }};
};

TEST_F(HedgeAndProbe, AProbeThatLostAgainstAHedgeIsMadeAgain) {
  site.high.always(answers("large says"));
  site.low.then(fails(500));
  ASSERT_EQ(model(), "high/large");
  Signal probe_left;
  site.low.then([&probe_left](Exchange& exchange) {
    exchange.wait_until_left();
    probe_left.set();
  });
  ASSERT_TRUE(eventually([this] { return model() == "high/large" && site.low.count() == 2; }));
  probe_left.wait();

  site.low.always(answers("small says"));

  EXPECT_TRUE(eventually([this] { return model() == "low/small"; })) << "nobody probes it any more";
}

TEST(HedgeBudget, KeepsHedgesToAShareOfTheRequests) {
  TwoTiers site("",
                [](DaemonSetup& setup) { setup.more = "hedge: {enabled: true, after: 20ms, least: 1ms, budget: 0}"; });
  site.high.always(answers("large"));
  site.low.always([](Exchange& exchange) {
    Signal().wait_for(60ms);
    answers("small")(exchange);
  });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(site.ask(chat("auto")).status, 200);
  EXPECT_EQ(site.high.count(), 1U) << "the one that there is to begin with";
}

}  // namespace
}  // namespace triaged::test
