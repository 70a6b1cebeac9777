// Clients and upstreams that are slow or silent: every clock of the configuration, set short, and the answer it leads
// to.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;

// Only the clock that a test is about is short: the others hold for clients that are not slow, on a machine that may
// be.
TwoTiers site_with(const std::string& clock) {
  return TwoTiers("", [&clock](DaemonSetup& setup) { setup.server = "clocks: {" + clock + "}"; });
}

void expect_too_late(TwoTiers& site, Client& client) {
  const Response late = client.read();
  EXPECT_EQ(late.status, 408);
  EXPECT_EQ(late.error()["code"], "request_timeout");
  EXPECT_EQ(late.header("connection"), "close");
  EXPECT_TRUE(late.whole);
  EXPECT_TRUE(client.at_end());
  site.low.always(answers("hi"));
  EXPECT_EQ(site.ask(chat("low/small")).status, 200);
}

TEST(SlowClient, ThatStopsInItsHeadIsTold) {
  TwoTiers site = site_with("head: 500ms");
  Client client = site.client();
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHo");

  expect_too_late(site, client);
}

TEST(SlowClient, ThatStopsInItsBodyIsTold) {
  TwoTiers site = site_with("body: 500ms");
  Client client = site.client();
  const std::string request = chat("low/small");
  client.send(request.substr(0, request.size() - 5));

  expect_too_late(site, client);
}

TEST(SlowClient, ThatSendsAByteNowAndThenGainsNoTime) {
  TwoTiers site = site_with("head: 500ms");
  Client client = site.client();
  const std::string request = "GET /v1/models HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(2000, 'a');
  std::size_t sent = 0;
  while (sent < request.size() && !client.socket().wait_readable(10ms)) client.send(request.substr(sent++, 1));

  EXPECT_LT(sent, 200U);
  expect_too_late(site, client);
}

TEST(SlowClient, ThatSendsNothingIsClosedWithoutAWord) {
  TwoTiers site = site_with("keep_alive: 500ms");
  Client client = site.client();
  Client idle_after_one = site.client();
  ASSERT_EQ(idle_after_one.ask(get("/v1/models")).status, 200);

  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(idle_after_one.at_end());
}

TEST(SlowClient, ThatReadsNothingOfItsStreamIsGivenUp) {
  TwoTiers site = site_with("write: 200ms");
  Signal cancelled;
  site.low.then([&cancelled](Exchange& exchange) {
    exchange.begin_stream();
    const std::string piece = text_chunk(std::string(60'000, 'a'));
    try {
      for (int i = 0; i < 10'000; ++i) exchange.event(piece);
    } catch (const PeerLeft&) {
      cancelled.set();
    }
  });
  Client client = site.client();
  client.send(streamed_chat("low/small"));

  cancelled.wait();

  EXPECT_LT(site.daemon.process().peak_memory(), 400U << 20U) << "what is not read must not pile up";
}

TEST(SlowClient, ThatReadsItsStreamSlowlyGetsAllOfIt) {
  TwoTiers site = site_with("write: 2s");
  constexpr int pieces = 100;
  const std::string piece(60'000, 'a');
  site.low.then([&piece](Exchange& exchange) {
    exchange.begin_stream();
    for (int i = 0; i < pieces; ++i) exchange.event(text_chunk(piece));
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  Client client = site.client();
  client.send(streamed_chat("low/small"));
  client.begin();
  std::vector<std::string> events;
  for (int i = 0; i < 20; ++i) {
    events.push_back(client.next_event().value_or("[DONE]"));
    Signal().wait_for(10ms);
  }
  for (std::string& event : client.rest()) events.push_back(std::move(event));

  EXPECT_EQ(text_of(events).size(), pieces * piece.size());
  EXPECT_TRUE(client.whole());
}

struct Silence {
  const char* name;
  Script script;
  bool streamed;
  std::string error;
};

std::ostream& operator<<(std::ostream& out, const Silence& row) { return out << row.name; }

// Of `low`, which is silent. `high` answers, and may take its time.
constexpr const char* short_clocks =
    "clocks: {connect: 1s, head: 150ms, first_content: 200ms, idle: 150ms, total: 600ms}";

class SilentUpstream : public SharedSite<SilentUpstream>, public testing::WithParamInterface<Silence> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(short_clocks, "", nullptr); }

 protected:
  Response ask_auto() const { return ask(GetParam().streamed ? streamed_chat("auto") : chat("auto")); }
};

TEST_P(SilentUpstream, IsLeftForTheNextAndNotWaitedForAgain) {
  low().always(GetParam().script);
  high().then(answers("large says"));

  const Response answer = ask_auto();

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_EQ(low().count(), 1U);
  const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].error, GetParam().error);
  EXPECT_EQ(rows[0].certainty, "estimated") << "it may be billed";
}

TEST_P(SilentUpstream, IsAnsweredWith504WhenThereIsNoOther) {
  low().always(GetParam().script);

  const Response answer =
      ask(post(chat_path, GetParam().streamed ? stream_request("low/small") : chat_request("low/small")));

  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(answer.error()["code"], GetParam().error);
  EXPECT_THAT(answer.error()["message"].get<std::string>(), HasSubstr("low/small"));
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(low().count(), 1U);
}

void silent(Exchange& exchange) { exchange.wait_until_left(); }

// Comments prove that somebody is there, not that an answer comes.
void pings(Exchange& exchange) {
  exchange.begin_stream();
  while (true) {
    exchange.send("8\r\n: ping\n\n\r\n");
    Signal().wait_for(30ms);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SilentUpstream,
                         testing::Values(Silence{"no_head", silent, false, "head_timeout"},
                                         Silence{"no_head_of_a_stream", silent, true, "head_timeout"},
                                         Silence{"no_content",
                                                 [](Exchange& exchange) {
                                                   exchange.begin_stream();
                                                   exchange.event(role_chunk());
                                                   silent(exchange);
                                                 },
                                                 true, "first_content_timeout"},
                                         Silence{"only_pings", pings, true, "first_content_timeout"},
                                         Silence{"half_a_whole_answer",
                                                 [](Exchange& exchange) {
                                                   exchange.send(
                                                       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                                       "Content-Length: 100\r\n\r\n{\"choices\":");
                                                   silent(exchange);
                                                 },
                                                 false, "idle_timeout"}),
                         [](const auto& row) { return std::string(row.param.name); });

class StallingStream : public SharedSite<StallingStream> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(short_clocks, "", nullptr); }

 protected:
  // The stream breaks with that error, after `content`.
  void expect_broken(const std::string& content, const std::string& error) {
    Client client = site().client();
    client.send(streamed_chat("auto"));
    const Response head = client.begin();
    std::vector<std::string> events = client.rest();
    ASSERT_GE(events.size(), 2U);

    const nlohmann::json last = nlohmann::json::parse(events.back());
    EXPECT_EQ(last["error"]["code"], error);
    EXPECT_FALSE(client.whole());
    events.pop_back();
    EXPECT_THAT(text_of(events), testing::StartsWith(content));
    EXPECT_EQ(high().count(), 0U);
    const std::vector<LedgerRow> rows = site().daemon.ledger().of(head.header("x-triaged-id"));
    EXPECT_EQ(rows[0].outcome, "failed");
    EXPECT_EQ(rows[0].error, error);
    EXPECT_FALSE(rows[0].complete);
    EXPECT_GT(rows[0].output, 0);
  }
};

TEST_F(StallingStream, EndsWithAnErrorEventAndAnUnfinishedBody) {
  low().then([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("half an answer"));
    silent(exchange);
  });

  expect_broken("half an answer", "idle_timeout");
}

TEST_F(StallingStream, ThatDripsForEverIsEndedByTheTotalClock) {
  low().then([](Exchange& exchange) {
    exchange.begin_stream();
    while (true) {
      exchange.event(text_chunk("drip "));
      Signal().wait_for(30ms);
    }
  });

  expect_broken("drip drip ", "total_timeout");
}

TEST_F(StallingStream, IsKeptAliveByCommentsOnceContentCame) {
  low().then([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("thinking "));
    for (int i = 0; i < 8; ++i) {  // together longer than the idle clock
      exchange.send("8\r\n: ping\n\n\r\n");
      Signal().wait_for(30ms);
    }
    exchange.event(text_chunk("done"));
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  Client client = site().client();
  client.send(streamed_chat("auto"));
  client.begin();

  EXPECT_EQ(text_of(client.rest()), "thinking done");
  EXPECT_TRUE(client.whole());
}

}  // namespace
}  // namespace triaged::test
