// SIGTERM: the listener closes, readiness goes, every request that was accepted is answered whole, and the exit is
// clean.
#include "support/load.hpp"
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

class Shutdown : public testing::TestWithParam<bool> {
 protected:
  static std::string request() { return GetParam() ? streamed_chat("auto") : chat("auto"); }
};

TEST_P(Shutdown, UnderLoadFailsNoRequest) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.workers = "2"; });
  site.low.always(answers("an answer that is streamed in several pieces, or given whole"));
  Load load(site.daemon.api(), 8, 100'000, request());
  ASSERT_TRUE(eventually([&] { return load.answered() > 200; }));

  site.daemon.signal(SIGTERM);
  const Outcomes outcomes = load.join();
  const Exit exit = site.daemon.wait();

  EXPECT_THAT(outcomes.cut, testing::IsEmpty());
  EXPECT_GT(outcomes.answered, 200U);
  EXPECT_EQ(exit.code, 0) << site.daemon.errors();
}

TEST_P(Shutdown, WaitsForARequestThatIsBeingAnswered) {
  TwoTiers site;
  Signal asked;
  Signal go_on;
  site.low.then(held("worth the wait", asked, go_on));
  Client client = site.client();
  client.send(request());
  asked.wait();

  site.daemon.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return site.ask_admin(get("/readyz")).status == 503; }));
  go_on.set();
  const Response answer = client.read();

  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(site.daemon.wait().code, 0);
}

INSTANTIATE_TEST_SUITE_P(All, Shutdown, testing::Bool(),
                         [](const auto& row) { return std::string(row.param ? "Streamed" : "Whole"); });

TEST(ShutdownLimits, WhoWasPromisedItsConnectionMaySendOnceMore) {
  TwoTiers site;
  Signal draining;
  site.low.then([&](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("begun"));
    draining.wait();
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  const Response head = client.begin();
  ASSERT_TRUE(client.next_event());
  site.daemon.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return site.ask_admin(get("/readyz")).status == 503; }));
  draining.set();
  client.rest();

  const Response next = client.ask(get("/v1/models"));

  EXPECT_FALSE(head.has_header("connection"));
  EXPECT_EQ(next.status, 200);
  EXPECT_EQ(next.header("connection"), "close");
  EXPECT_EQ(site.daemon.wait().code, 0);
}

TEST(ShutdownLimits, NewConnectionsAreRefusedWhileDraining) {
  TwoTiers site;
  Signal asked;
  Signal go_on;
  site.low.then(held("hi", asked, go_on));
  Client client = site.client();
  client.send(chat("auto"));
  asked.wait();

  site.daemon.signal(SIGTERM);

  EXPECT_TRUE(eventually([&] {
    try {
      const Client late = site.client();
      return false;
    } catch (const PeerLeft&) {
      return true;
    }
  }));
  EXPECT_EQ(site.ask_admin(get("/healthz")).status, 200);
  go_on.set();
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(site.daemon.wait().code, 0);
}

TEST(ShutdownLimits, ARequestThatOutlastsTheDrainIsCutAndBooked) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.server = "drain: 100ms"; });
  site.low.then([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("this will take"));
    exchange.wait_until_left();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  client.begin();
  ASSERT_TRUE(client.next_event());

  site.daemon.signal(SIGTERM);
  client.rest();
  const Exit exit = site.daemon.wait();

  EXPECT_FALSE(client.whole());
  EXPECT_EQ(exit.code, 0) << site.daemon.errors();
  const std::vector<LedgerRow> rows = site.daemon.ledger().all();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].outcome, "cancelled");
  EXPECT_FALSE(rows[0].complete);
}

TEST(ShutdownLimits, ASecondSignalEndsTheWait) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.server = "drain: 1h"; });
  Signal asked;
  site.low.then([&](Exchange& exchange) {
    asked.set();
    exchange.wait_until_left();
  });
  Client client = site.client();
  client.send(chat("auto"));
  asked.wait();
  site.daemon.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return site.ask_admin(get("/readyz")).status == 503; }));

  site.daemon.signal(SIGTERM);

  EXPECT_EQ(site.daemon.wait().code, 0);
}

TEST(ShutdownLimits, IdleConnectionsDoNotHoldItUp) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.server = "drain: 1h"; });
  Client never_used = site.client();
  Client used = site.client();
  ASSERT_EQ(used.ask(get("/v1/models")).status, 200);

  site.daemon.signal(SIGTERM);

  EXPECT_EQ(site.daemon.wait().code, 0);
  EXPECT_TRUE(never_used.at_end());
  EXPECT_TRUE(used.at_end());
}

}  // namespace
}  // namespace triaged::test
