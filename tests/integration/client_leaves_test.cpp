// A client that leaves takes its request with it: the upstream is told at once, nobody else is asked, and what it cost
// is booked.
#include "support/two_tiers.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

struct Leaving {
  const char* name;
  void (*leave)(Socket&);
};

std::ostream& operator<<(std::ostream& out, const Leaving& row) { return out << row.name; }

const Leaving ways_to_leave[] = {{"closed", [](Socket& socket) { socket.close(); }},
                                 {"reset", [](Socket& socket) { socket.reset(); }},
                                 {"half_closed", [](Socket& socket) { socket.half_close(); }}};

class ClientLeaves : public testing::TestWithParam<Leaving> {
 protected:
  void expect_cancelled(const LedgerRow& row) {
    EXPECT_EQ(row.outcome, "cancelled");
    EXPECT_EQ(row.error, "client_gone");
    EXPECT_EQ(row.status, 499);
    EXPECT_FALSE(row.complete);
    EXPECT_EQ(site.high.count(), 0U);
    EXPECT_TRUE(eventually([this] {
      return site.ask_admin(get("/metrics")).body.find("triaged_client_gone_total 1\n") != std::string::npos;
    }));
  }
  TwoTiers site;
};

TEST_P(ClientLeaves, BeforeTheFirstTokenAndTheUpstreamIsCancelled) {
  for (const bool streamed : {false, true}) {
    Signal asked;
    Signal cancelled;
    site.low.then([&](Exchange& exchange) {
      asked.set();
      exchange.wait_until_left();
      cancelled.set();
    });
    Client client = site.client();
    client.send(streamed ? streamed_chat("auto") : chat("auto"));
    asked.wait();

    GetParam().leave(client.socket());

    cancelled.wait();
    const LedgerRow row = site.daemon.ledger().settled(streamed ? 2 : 1).back();
    EXPECT_EQ(row.outcome, "cancelled");
    EXPECT_EQ(row.error, "client_gone");
    EXPECT_EQ(row.status, 499);
    EXPECT_EQ(row.certainty, "estimated");
    EXPECT_GT(row.input, 0) << "the provider may bill what it was sent";
    EXPECT_EQ(site.high.count(), 0U);
  }
}

TEST_P(ClientLeaves, AfterTheHeadOfAStreamButBeforeItsContent) {
  Signal asked;
  Signal cancelled;
  site.low.then([&](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    asked.set();
    exchange.wait_until_left();
    cancelled.set();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  asked.wait();

  GetParam().leave(client.socket());

  cancelled.wait();
  expect_cancelled(site.daemon.ledger().settled(1)[0]);
}

TEST_P(ClientLeaves, InTheMiddleOfAStream) {
  Signal cancelled;
  site.low.then([&](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.event(text_chunk("a good part of the answer that was asked for"));
    exchange.wait_until_left();
    cancelled.set();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  client.begin();
  while (client.next_event() == role_chunk()) {
  }

  GetParam().leave(client.socket());

  cancelled.wait();
  const std::vector<LedgerRow> rows = site.daemon.ledger().settled(1);
  expect_cancelled(rows[0]);
  EXPECT_EQ(rows[0].certainty, "estimated");
  EXPECT_GT(rows[0].output, 5);
  EXPECT_GT(rows[0].cost.value_or(0), 0);
}

TEST_P(ClientLeaves, WhileARetryIsWaitedFor) {
  site.low.always(fails(429, "rate_limit_exceeded", "Retry-After: 9\r\n"));
  Client client = site.client();
  client.send(chat("low/small"));
  ASSERT_TRUE(eventually([this] { return site.low.count() == 1; }));

  GetParam().leave(client.socket());

  const std::vector<LedgerRow> rows = site.daemon.ledger().settled(1);
  EXPECT_EQ(rows[0].status, 499);
  EXPECT_EQ(site.low.count(), 1U);
}

class ClientLeavesTheQueue : public testing::TestWithParam<Leaving> {};

TEST_P(ClientLeavesTheQueue, WhileAllConnectionsAreBusy) {
  TwoTiers site("connections: 1");
  Signal asked;
  Signal may_answer;
  site.low.then([&](Exchange& exchange) {
    asked.set();
    may_answer.wait();
    answers("first")(exchange);
  });
  Client first = site.client();
  first.send(chat("low/small"));
  asked.wait();
  Client second = site.client();
  second.send(chat("low/small"));
  // The second waits once the gateway has read its request.
  ASSERT_TRUE(eventually([&] {
    return site.ask_admin(get("/metrics")).body.find("triaged_requests_in_flight 2\n") != std::string::npos;
  }));

  GetParam().leave(second.socket());

  const LedgerRow row = site.daemon.ledger().settled(1)[0];
  may_answer.set();
  EXPECT_EQ(row.outcome, "cancelled");
  EXPECT_EQ(row.cost, 0) << "nothing was sent";
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(site.low.count(), 1U);
}

INSTANTIATE_TEST_SUITE_P(All, ClientLeaves, testing::ValuesIn(ways_to_leave),
                         [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(All, ClientLeavesTheQueue, testing::ValuesIn(ways_to_leave),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ClientStays, WhenItsNextRequestComesEarly) {
  TwoTiers site;
  Signal next_is_sent;
  site.low.then([&](Exchange& exchange) {
    next_is_sent.wait();
    answers("one")(exchange);
  });
  site.low.then(answers("two"));
  Client client = site.client();
  client.send(chat("low/small"));
  ASSERT_TRUE(eventually([&] { return site.low.count() == 1; }));

  client.send(chat("low/small"));
  next_is_sent.set();

  EXPECT_EQ(text_of(client.read().body), "one");
  EXPECT_EQ(text_of(client.read().body), "two");
}

TEST(ClientStays, AndTheConnectionServesOnAfterAnotherLeft) {
  TwoTiers site;
  Signal asked;
  site.low.then([&](Exchange& exchange) {
    asked.set();
    exchange.wait_until_left();
  });
  site.low.always(answers("hi"));
  Client stays = site.client();
  ASSERT_EQ(stays.ask(get("/v1/models")).status, 200);
  Client leaves = site.client();
  leaves.send(chat("low/small"));
  asked.wait();
  leaves.socket().reset();

  EXPECT_EQ(stays.ask(chat("low/small")).status, 200);
}

}  // namespace
}  // namespace triaged::test
