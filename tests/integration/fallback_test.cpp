// When an upstream fails before it has said anything: who is asked next, what the client sees, what is booked.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

// Each test has a site of its own: a target that was refused or asked to be left alone stays out for a while.
class Fallback : public testing::Test {
 protected:
  TwoTiers site;
};

// "provider/outcome/error/status" of each row, in order.
std::vector<std::string> history(const std::vector<LedgerRow>& rows) {
  std::vector<std::string> lines;
  for (const LedgerRow& row : rows) {
    lines.push_back(row.provider + "/" + row.outcome + "/" + row.error + "/" + std::to_string(row.upstream_status));
  }
  return lines;
}

struct Failing {
  const char* name;
  Script script;
  std::string booked;  // error and upstream's status
};

std::ostream& operator<<(std::ostream& out, const Failing& row) { return out << row.name; }

class FailureOfTheFirst : public SharedSite<FailureOfTheFirst>, public testing::WithParamInterface<Failing> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>("clocks: {idle: 1s}"); }
};

TEST_P(FailureOfTheFirst, IsMadeGoodByTheNextTierUnseen) {
  for (const bool streamed : {false, true}) {
    SCOPED_TRACE(streamed ? "streamed" : "whole");
    low().always(GetParam().script);  // more than once where an idle connection seems to have been closed
    high().then(answers("large says"));
    Client client = site().client();

    client.send(streamed ? streamed_chat("auto") : chat("auto"));
    Response answer = client.begin();
    const std::string text = streamed ? text_of(client.rest()) : text_of(answer.body);

    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(text, "large says");
    EXPECT_TRUE(client.whole());
    EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
    EXPECT_EQ(answer.header("x-triaged-tier"), "strong");
    EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
    const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
    EXPECT_EQ(history(rows), (std::vector<std::string>{"low/failed/" + GetParam().booked, "high/answered//0"}));
    EXPECT_TRUE(rows.back().complete);
    EXPECT_EQ(rows.back().status, 200);
    EXPECT_EQ(rows.back().start_tier, "light");
  }
}

Script sends(std::string bytes) {
  return [bytes = std::move(bytes)](Exchange& exchange) {
    exchange.send(bytes);
    exchange.close();
  };
}

const std::string json_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string stream_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

INSTANTIATE_TEST_SUITE_P(
    All, FailureOfTheFirst,
    testing::Values(
        Failing{"server_error", fails(500), "server_error/500"}, Failing{"bad_gateway", fails(502), "server_error/502"},
        Failing{"overloaded", fails(503), "overloaded/503"}, Failing{"overloaded_529", fails(529), "overloaded/529"},
        Failing{"closed_without_a_word", [](Exchange& exchange) { exchange.close(); }, "reset/0"},
        Failing{"reset", [](Exchange& exchange) { exchange.reset(); }, "reset/0"},
        Failing{"head_cut", sends("HTTP/1.1 200 OK\r\nContent-Ty"), "truncated/0"},
        Failing{"no_http", sends("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "protocol/0"},
        Failing{"body_cut", sends(json_head + "Content-Length: 500\r\n\r\n{\"choices\":["), "truncated/0"},
        Failing{"chunk_cut", sends(json_head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a"), "truncated/0"},
        Failing{"last_chunk_missing", sends(json_head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
                "truncated/0"},
        Failing{"two_lengths", sends(json_head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), "protocol/0"},
        Failing{"length_and_chunks",
                sends(json_head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                "protocol/0"},
        Failing{"half_a_json_text", sends(json_head + "Content-Length: 11\r\n\r\n{\"choices\":"), "protocol/0"},
        Failing{"no_answer_in_it", sends(json_head + "Content-Length: 14\r\n\r\n<html>no</html"), "protocol/0"},
        Failing{"stream_cut_before_content",
                sends(stream_head + "Transfer-Encoding: chunked\r\n\r\n" + "7\r\n: hello\r\n"), "truncated/0"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(Fallback, AnUpstreamThatIsDownCostsNothingAndTheNextAnswers) {
  site.low.stop();
  site.high.always(answers("large says", {1000, 100}));

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "large says");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
  EXPECT_EQ(answer.header("x-triaged-cost-usd"), "0.012000000");
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(history(rows), (std::vector<std::string>{"low/failed/connect/0", "high/answered//0"}));
  EXPECT_EQ(rows[0].cost, 0);
  EXPECT_FALSE(rows[0].settled);
}

TEST_F(Fallback, AnUpstreamThatComesBackIsUsedAgain) {
  site.low.stop();
  site.high.always(answers("large says"));
  ASSERT_EQ(site.ask(chat("auto")).header("x-triaged-model"), "high/large");

  site.low.start();
  site.low.always(answers("small says"));

  EXPECT_EQ(site.ask(chat("auto")).header("x-triaged-model"), "low/small");
}

TEST_F(Fallback, TheReportCountsWhatFailedOver) {
  site.low.then(fails(500));
  site.high.always(answers("large says"));
  const Response answer = site.ask(chat("auto"));
  site.daemon.ledger().of(answer.header("x-triaged-id"));

  const Ran report = run({TRIAGED_BINARY, "report", "--json", "--db", site.daemon.ledger_path()});

  ASSERT_EQ(report.exit.code, 0) << report.errors;
  const nlohmann::json total = nlohmann::json::parse(report.output)["total"];
  EXPECT_EQ(total["requests"], 1);
  EXPECT_EQ(total["answered"], 1);
  EXPECT_EQ(total["attempts"], 2);
  EXPECT_EQ(total["failed_over"], 1);
}

TEST_F(Fallback, TheSameTargetIsAskedAgainWhenThereIsNoOther) {
  site.low.then(fails(500));
  site.low.then(answers("second time"));

  const Response answer = site.ask(chat("low/small"));

  EXPECT_EQ(text_of(answer.body), "second time");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
  EXPECT_EQ(site.high.count(), 0U);
}

TEST_F(Fallback, ARateLimitIsHeldForAsLongAsTheProviderAsked) {
  site.low.then(fails(429, "rate_limit_exceeded", "Retry-After: 30\r\n"));
  site.low.always(answers("small says"));
  site.high.always(answers("large says"));

  const Response limited = site.ask(chat("auto"));
  const Response next = site.ask(chat("auto"));
  const Response pinned = site.ask(chat("low/small"));

  EXPECT_EQ(limited.header("x-triaged-model"), "high/large");
  EXPECT_EQ(limited.header("x-triaged-attempts"), "2");
  EXPECT_EQ(next.header("x-triaged-model"), "high/large");
  EXPECT_EQ(next.header("x-triaged-attempts"), "1");
  EXPECT_EQ(pinned.status, 429);
  EXPECT_EQ(pinned.error()["code"], "rate_limit_exceeded");
  EXPECT_LE(std::stoi(pinned.header("retry-after")), 30);
  EXPECT_GE(std::stoi(pinned.header("retry-after")), 20);
  EXPECT_EQ(site.low.count(), 1U);
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(limited.header("x-triaged-id"));
  EXPECT_EQ(history(rows), (std::vector<std::string>{"low/failed/rate_limited/429", "high/answered//0"}));
}

TEST_F(Fallback, AnErrorNamesWhatCouldNotBeAskedForItsRateLimit) {
  site.low.then(fails(429, "rate_limit_exceeded", "Retry-After: 30\r\n"));
  site.high.then(answers("large says"));
  EXPECT_EQ(site.ask(chat("auto")).status, 200);
  site.high.always(fails(500));

  const Response failed = site.ask(chat("auto"));

  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(std::string(failed.error()["message"]),
              EndsWith("; not asked, since its rate limit is reached (Retry-After): low/small"));
}

TEST_F(Fallback, AShortPauseIsWaitedForWhenThereIsNoOtherTarget) {
  site.low.then(fails(429, "rate_limit_exceeded", "retry-after-ms: 20\r\n"));
  site.low.then(answers("small says"));

  const Response answer = site.ask(chat("low/small"));

  EXPECT_EQ(text_of(answer.body), "small says");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
}

TEST_F(Fallback, ARefusedKeyIsMadeGoodAndNotTriedWithEachRequest) {
  site.low.always(fails(401, "invalid_api_key"));
  site.high.always(answers("large says"));

  const Response first = site.ask(chat("auto"));
  const Response second = site.ask(chat("auto"));

  EXPECT_EQ(first.header("x-triaged-attempts"), "2");
  EXPECT_EQ(second.header("x-triaged-attempts"), "1");
  EXPECT_EQ(second.header("x-triaged-model"), "high/large");
  EXPECT_EQ(site.low.count(), 1U);
  EXPECT_EQ(history(site.daemon.ledger().of(first.header("x-triaged-id"))),
            (std::vector<std::string>{"low/failed/auth/401", "high/answered//0"}));
}

TEST_F(Fallback, WhatNoTargetCanBeToldIsTheClientsAndNoFailedAttempt) {
  const Response answer =
      site.ask(post("/v1/responses", R"({"model":"auto","input":"hi","previous_response_id":"resp_1"})"));

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.error()["param"], "previous_response_id");
  const std::string message = answer.error()["message"];
  EXPECT_THAT(message, Not(HasSubstr("attempts failed")));
  EXPECT_EQ(site.low.count() + site.high.count(), 0U);
}

TEST_F(Fallback, WhenAllFailOneErrorNamesEachCause) {
  site.low.always(fails(500));
  site.high.always(fails(503, "overloaded"));

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.error()["type"], "server_error");
  const std::string message = answer.error()["message"];
  EXPECT_THAT(message, HasSubstr("all 3 attempts failed"));
  EXPECT_THAT(message, HasSubstr("low/small: server_error (500); high/large: overloaded (503)"));
  EXPECT_THAT(message, HasSubstr("The last said: the upstream says no"));
  EXPECT_EQ(answer.header("x-triaged-attempts"), "3");
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_FALSE(rows.back().complete);
  EXPECT_EQ(rows.back().status, 503);
}

TEST_F(Fallback, AnErrorOfTheOnlyAttemptIsRelayedAsItCame) {
  const std::string body = error_body("max_tokens is too large", "invalid_value");
  site.low.then([&body](Exchange& exchange) { exchange.answer(422, body); });

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body, body);
  EXPECT_EQ(answer.header("x-triaged-attempts"), "1");
  EXPECT_EQ(site.high.count(), 0U);
}

TEST_F(Fallback, APromptThatIsTooLongIsAskedOfTheNextTier) {
  site.low.then(fails(400, "context_length_exceeded"));
  site.high.then(answers("large says"));

  const Response answer = site.ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "large says");
}

TEST_F(Fallback, NothingIsSwitchedOnceContentWasSent) {
  site.low.then([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.event(text_chunk("half an ans"));
    exchange.reset();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));

  const Response head = client.begin();
  const std::vector<std::string> events = client.rest();

  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(events[1], text_chunk("half an ans"));
  EXPECT_EQ(nlohmann::json::parse(events.back())["error"]["type"], "server_error");
  EXPECT_FALSE(client.whole());
  EXPECT_EQ(site.high.count(), 0U);
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(head.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].outcome, "failed");
  EXPECT_EQ(rows[0].certainty, "estimated");
  EXPECT_FALSE(rows[0].complete);
}

TEST_F(Fallback, AnErrorEventBeforeContentIsMadeGoodUnseen) {
  site.low.then([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.event(error_body("overloaded right now", "overloaded_error"));
    exchange.end_stream();
  });
  site.high.then(answers("large says"));
  Client client = site.client();
  client.send(streamed_chat("auto"));

  const Response head = client.begin();
  const std::vector<std::string> events = client.rest();

  EXPECT_EQ(head.header("x-triaged-model"), "high/large");
  EXPECT_EQ(text_of(events), "large says");
  EXPECT_TRUE(client.whole());
}

TEST(Breaker, LeavesATargetAloneAfterItFailedOftenEnough) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.breaker = "failures: 2, cooldown: 1h, cooldown_max: 1h"; });
  site.low.always(fails(500));
  site.high.always(answers("large says"));

  for (int i = 0; i < 4; ++i) EXPECT_EQ(site.ask(chat("auto")).status, 200);

  EXPECT_EQ(site.low.count(), 2U);
  EXPECT_THAT(site.ask_admin(get("/metrics")).body, HasSubstr("triaged_breaker_open{target=\"low/small\"} 1"));
}

}  // namespace
}  // namespace triaged::test
