// An upstream closes an idle connection in the moment in which a request is sent on it: nobody's fault, so the request
// goes out once more on a fresh connection, and only then.
#include "support/two_tiers.hpp"

#include <csignal>
#include <deque>
#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

struct Closing {
  const char* name;
  Script script;
};

std::ostream& operator<<(std::ostream& out, const Closing& row) { return out << row.name; }

// One worker, so that the second request finds the connection of the first.
class StaleConnection : public testing::Test {
 protected:
  StaleConnection() {
    site.low.then(answers("first"));
    EXPECT_EQ(site.ask(chat("low/small")).status, 200);
    site.high.always(answers("large says"));
  }
  TwoTiers site;
};

class ClosedUnderUs : public StaleConnection, public testing::WithParamInterface<Closing> {};

TEST_P(ClosedUnderUs, IsTriedOnceMoreOnAFreshConnectionAndNotCounted) {
  for (const std::string& request : {chat("auto"), streamed_chat("auto")}) {
    const std::size_t before = site.low.count();
    site.low.then(GetParam().script);
    site.low.then(answers("second"));

    const Response answer = site.ask(request);

    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.header("x-triaged-model"), "low/small");
    EXPECT_EQ(answer.header("x-triaged-attempts"), "1");
    const std::vector<SeenRequest> seen = site.low.seen();
    ASSERT_EQ(seen.size(), before + 2);
    EXPECT_EQ(seen[before].body, seen[before + 1].body);
    EXPECT_GT(seen[before].on_connection, 0U);
    EXPECT_EQ(seen[before + 1].on_connection, 0U) << "not another connection that may be stale as well";
    EXPECT_EQ(site.daemon.ledger().of(answer.header("x-triaged-id")).size(), 1U);
  }
}

TEST_P(ClosedUnderUs, IsAFailureWhenTheFreshConnectionIsClosedToo) {
  site.low.always(GetParam().script);

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
  EXPECT_EQ(site.low.count(), 3U);  // the first request, this one, this one on a fresh connection
}

INSTANTIATE_TEST_SUITE_P(All, ClosedUnderUs,
                         testing::Values(Closing{"ended", [](Exchange& exchange) { exchange.close(); }},
                                         Closing{"reset", [](Exchange& exchange) { exchange.reset(); }}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(StaleConnection, IsNotTriedAgainOnceAByteOfAnAnswerCame) {
  site.low.then([](Exchange& exchange) {
    exchange.send("H");
    exchange.close();
  });

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
  EXPECT_EQ(site.low.count(), 2U);
}

TEST_F(StaleConnection, IsNotPickedFromManyThatAreStaleTogether) {
  // Four connections at once: each request waits until all have arrived.
  constexpr std::size_t many = 4;
  site.low.always([this](Exchange& exchange) {
    eventually([this] { return site.low.count() >= 1 + many; });
    answers("together")(exchange);
  });
  std::deque<Client> clients;
  for (std::size_t i = 0; i < many; ++i) clients.emplace_back(site.daemon.api()).send(chat("low/small"));
  for (Client& client : clients) ASSERT_EQ(client.read().status, 200);
  ASSERT_GE(site.low.connections(), many);
  site.low.then([](Exchange& exchange) { exchange.close(); });
  site.low.always([](Exchange& exchange) {
    if (exchange.request().on_connection > 0)
      exchange.close();
    else
      answers("fresh")(exchange);
  });

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "fresh");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "1");
}

TEST_F(StaleConnection, IsNoticedWhileIdleAndNotUsed) {
  const std::string idle = "triaged_upstream_connections{provider=\"low\",state=\"idle\"} ";
  site.low.close_idle();
  ASSERT_TRUE(eventually([&] { return site.ask_admin(get("/metrics")).body.find(idle + "0") != std::string::npos; }));
  site.low.then(answers("second"));

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "second");
  EXPECT_EQ(site.low.count(), 2U);
}

TEST_F(StaleConnection, IsHarmlessWhateverTheGatewayNoticesFirst) {
  // The daemon stands still while its upstream closes and its client sends: it wakes to both at once.
  site.low.always(answers("good"));
  Client client = site.client();
  ASSERT_EQ(client.ask(chat("low/small")).status, 200);

  for (int i = 0; i < 10; ++i) {
    const std::size_t before = site.low.count();
    site.daemon.signal(SIGSTOP);
    site.low.close_idle();
    client.send(chat("auto"));
    site.daemon.signal(SIGCONT);

    const Response answer = client.read();

    ASSERT_EQ(answer.status, 200) << answer.body;
    ASSERT_EQ(answer.header("x-triaged-attempts"), "1");
    ASSERT_EQ(answer.header("x-triaged-model"), "low/small");
    ASSERT_EQ(site.low.count(), before + 1);
  }
}

}  // namespace
}  // namespace triaged::test
