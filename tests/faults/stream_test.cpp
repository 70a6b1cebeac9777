// Faults after the first content: an error that no client takes for an end, or another target goes on.
#include "faults/site.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using Lines = std::vector<std::string>;

constexpr int spoken = 40;  // tokens before the fault

void speak(Exchange& exchange) {
  exchange.begin_stream();
  exchange.event(role_chunk());
  for (int i = 0; i < spoken; ++i) exchange.event(text_chunk("word "));
}

std::string spoken_text() {
  std::string text;
  for (int i = 0; i < spoken; ++i) text += "word ";
  return text;
}

struct Break {
  const char* name;
  const char* what;
  Script script;
  std::string error;  // told and booked
};

std::ostream& operator<<(std::ostream& out, const Break& row) { return out << row.name; }

const Break breaks[] = {{"cut", "cut after 40 of 60 tokens",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.close();
                         },
                         "truncated"},
                        {"reset", "reset after 40 of 60 tokens",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.reset();
                         },
                         "reset"},
                        {"stall", "stall after 40 of 60 tokens",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.wait_until_left();
                         },
                         "idle_timeout"},
                        {"malformed", "malformed event in the middle",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.event(R"({"choices":[{"delta":{"content":"bro)");
                           exchange.wait_until_left();
                         },
                         "protocol"},
                        {"no_done", "a stream that ends properly framed, without finish reason and [DONE]",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.send("0\r\n\r\n");
                         },
                         "truncated"},
                        {"error_event", "an error event in the middle",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.event(R"({"error":{"message":"engine died","type":"server_error"}})");
                           exchange.wait_until_left();
                         },
                         "server_error"},
                        {"bad_chunk", "a broken chunk size in the middle",
                         [](Exchange& exchange) {
                           speak(exchange);
                           exchange.send("zz\r\n");
                           exchange.wait_until_left();
                         },
                         "protocol"}};

class Breaks : public FaultScenario, public testing::WithParamInterface<Break> {};

TEST_P(Breaks, AreToldInBand) {
  scenario(std::string(GetParam().what),
           "the text so far, an error event, an unfinished body; booked as failed with an estimate");
  start();
  primary.always(GetParam().script);
  const Got got = ask(true);
  expect_no_clean_end(got, got.error);
  EXPECT_FALSE(got.error.empty());
  // What came before the fault is the client's; of what was not read yet, a reset may take the last away.
  const bool all_came = GetParam().error != "reset";
  EXPECT_TRUE(spoken_text().starts_with(got.text)) << got.text;
  if (all_came) {
    EXPECT_EQ(got.text, spoken_text());
  }
  EXPECT_EQ(primary.count(), 1U);
  EXPECT_EQ(backup.count() + strong.count(), 0U) << "nothing is switched silently";
  EXPECT_EQ(history(got), (Lines{"primary/failed/" + GetParam().error}));
  const LedgerRow row = daemon->ledger().of(got.id)[0];
  EXPECT_EQ(row.certainty, "estimated");
  EXPECT_GE(row.output, all_came ? spoken : 1);
  EXPECT_FALSE(row.complete);
}

TEST_P(Breaks, AreRescued) {
  scenario(std::string(GetParam().what) + ", rescue on",
           "another target goes on from the text that the client has; whole, marked, both booked");
  start([](DaemonSetup& setup) { setup.more = "streams: {rescue: {enabled: true}}"; });
  primary.always(GetParam().script);
  backup.always(answers("and the rest."));
  const Got got = ask(true);
  EXPECT_TRUE(got.ended_cleanly);
  const nlohmann::json messages = nlohmann::json::parse(backup.last().body)["messages"];
  const std::string known = messages[messages.size() - 2]["content"];
  EXPECT_EQ(got.text, known + "and the rest.") << "it goes on where the client's text ends";
  EXPECT_TRUE(spoken_text().starts_with(known)) << known;
  EXPECT_EQ(history(got), (Lines{"primary/rescued/" + GetParam().error, "backup/answered/"}));
}

INSTANTIATE_TEST_SUITE_P(All, Breaks, testing::ValuesIn(breaks),
                         [](const auto& row) { return std::string(row.param.name); });

class BrokenStream : public FaultScenario {};

TEST_F(BrokenStream, KeepsItsFirstCauseWhenTheRescuerRefusesPrefill) {
  scenario("cut, and the fallback refuses prefill", "the client is told of the cut, not of the refusal");
  start([](DaemonSetup& setup) {
    setup.more = "streams: {rescue: {enabled: true, attempts: 1}}";
    setup.tiers = {"{name: light, targets: [primary/small, {target: backup/small, prefill: true}]}",
                   "{name: strong, targets: [strong/large]}"};
  });
  primary.always(breaks[0].script);
  backup.always(fails(400, "prefill_not_supported"));
  const Got got = ask(true);
  expect_no_clean_end(got, "truncated");
}

TEST_F(BrokenStream, IsRescuedInWordsWhenPrefillIsRefused) {
  scenario("cut, the fallback refuses prefill, a second try is allowed", "asked again in words, and whole");
  start([](DaemonSetup& setup) {
    setup.more = "streams: {rescue: {enabled: true, attempts: 2}}";
    setup.tiers = {"{name: light, targets: [primary/small, {target: backup/small, prefill: true}]}",
                   "{name: strong, targets: [strong/large]}"};
  });
  primary.always(breaks[0].script);
  backup.then(fails(400, "prefill_not_supported"));
  backup.always(answers("and the rest."));
  const Got got = ask(true);
  EXPECT_TRUE(got.ended_cleanly);
  EXPECT_EQ(got.text, spoken_text() + "and the rest.");
}

TEST_F(BrokenStream, ThatDripsIsEnded) {
  scenario("slow drip: one character now and then, never idle", "ended as too slow once a window brought too little");
  start([this](DaemonSetup& setup) {
    setup.providers[0] = provider("primary", primary.port(), "clocks: {idle: 2s, min_rate: 20, rate_window: 200ms}");
  });
  primary.always([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("begin"));
    while (true) {
      exchange.event(text_chunk("."));
      Signal().wait_for(20ms);
    }
  });
  const Got got = ask(true);
  expect_no_clean_end(got, "too_slow");
}

TEST_F(BrokenStream, WithoutDoneButWithItsFinishReasonIsWhole) {
  scenario("a stream without [DONE], but with finish reason and proper end", "whole: the client gets its [DONE]");
  start();
  primary.always([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("all of it"));
    exchange.event(finish_chunk());
    exchange.send("0\r\n\r\n");
  });
  expect_answer(ask(true), "all of it", "primary/small");
}

TEST_F(BrokenStream, WithAMalformedTenthEventBreaksThere) {
  scenario("malformed tenth event of sixty", "the nine before it, an error event, an unfinished body");
  start();
  primary.always([](Exchange& exchange) {
    exchange.begin_stream();
    for (int i = 1; i <= 60; ++i) {
      exchange.event(i == 10 ? R"({"choices":[{"index":0,"delta":{"content":"ten)"
                             : text_chunk(std::to_string(i) + " "));
    }
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  const Got got = ask(true);
  expect_no_clean_end(got, "protocol");
  EXPECT_EQ(got.text, "1 2 3 4 5 6 7 8 9 ");
  EXPECT_EQ(primary.count(), 1U);
  EXPECT_EQ(backup.count() + strong.count(), 0U);
}

TEST_F(BrokenStream, EndedByTheContentFilterSaysSo) {
  scenario("content filter ends the answer in its middle",
           "the finish reason reaches the client; a whole answer of that model");
  start();
  primary.always([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("so far"));
    exchange.event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]})");
    exchange.end_stream();
  });
  const Got got = ask(true);
  EXPECT_TRUE(got.ended_cleanly);
  EXPECT_THAT(got.events, testing::Contains(HasSubstr("content_filter")));
}

TEST_F(BrokenStream, IsHedgedBeforeItsFirstToken) {
  scenario("first token late, hedging on", "another provider answers first; the loser is cancelled and booked");
  start([](DaemonSetup& setup) { setup.more = "hedge: {enabled: true, after: 50ms, least: 1ms, budget: 1}"; });
  Signal cancelled;
  primary.always([&cancelled](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.wait_until_left();
    cancelled.set();
  });
  backup.always(answers("from the hedge"));
  const Got got = ask(true);
  expect_answer(got, "from the hedge", "backup/small");
  cancelled.wait();
  EXPECT_EQ(history(got), (Lines{"primary/cancelled/hedge_lost", "backup/answered/"}));
}

TEST_F(BrokenStream, OfAClientThatLeavesCancelsItsUpstream) {
  scenario("the client leaves in the middle", "the upstream is cancelled at once, booked as cancelled");
  start([this](DaemonSetup& setup) { setup.providers[0] = provider("primary", primary.port()); });
  Signal cancelled;
  primary.always([&cancelled](Exchange& exchange) {
    // No more than the client waits for: it leaves then, and nothing could be sent any more.
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.event(text_chunk("word "));
    exchange.wait_until_left();
    cancelled.set();
  });
  Client client(daemon->api());
  client.send(streamed_chat("auto"));
  client.begin();
  ASSERT_TRUE(client.next_event());
  client.socket().close();
  cancelled.wait();
  const LedgerRow row = daemon->ledger().settled(1).back();
  EXPECT_EQ(row.outcome, "cancelled");
  EXPECT_EQ(row.status, 499);
}

}  // namespace
}  // namespace triaged::test
