// A stream that breaks after it has begun, continued by another target where that is configured.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Of `low`, whose streams break.
constexpr const char* clocks = "clocks: {connect: 1s, head: 1s, first_content: 1s, idle: 150ms, total: 5s}";

void begin_with(Exchange& exchange, std::string_view text) {
  exchange.begin_stream();
  exchange.event(role_chunk());
  exchange.event(text_chunk(text));
}

struct Break {
  const char* name;
  Script script;
  std::string error;
};

std::ostream& operator<<(std::ostream& out, const Break& row) { return out << row.name; }

class RescuedStream : public SharedSite<RescuedStream>, public testing::WithParamInterface<Break> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>(clocks, "",
                                      [](DaemonSetup& setup) { setup.more = "streams: {rescue: {enabled: true}}"; });
  }

 protected:
  // Everything that the client got, and the head.
  struct Got {
    Response head;
    std::vector<std::string> events;
    bool whole = false;
  };
  static Got get_stream(const std::string& request) { return get_stream(site(), request); }
  static Got get_stream(const TwoTiers& from, const std::string& request) {
    Client client = from.client();
    client.send(request);
    Got got;
    got.head = client.begin();
    got.events = client.rest();
    got.whole = client.whole();
    return got;
  }
};

TEST_P(RescuedStream, IsContinuedByTheNextTargetFromTheTextThatTheClientHas) {
  low().then(GetParam().script);
  high().then(answers(" and closes at six.", {20, 6}));

  const Got got = get_stream(streamed_chat("auto"));

  EXPECT_EQ(got.head.status, 200);
  EXPECT_TRUE(got.whole);
  EXPECT_EQ(text_of(got.events), "It opens at nine and closes at six.");
  EXPECT_EQ(got.events.back(), "[DONE]");
  EXPECT_THAT(got.events, testing::Each(testing::Not(HasSubstr("\"error\""))));
  int roles = 0;
  for (const std::string& event : got.events) roles += event.find("\"role\"") != std::string::npos ? 1 : 0;
  EXPECT_EQ(roles, 1) << "the second beginning is not the client's business";

  const json asked = json::parse(high().last().body);
  const json& messages = asked["messages"];
  ASSERT_GE(messages.size(), 3U);
  EXPECT_EQ(messages[messages.size() - 2]["role"], "assistant");
  EXPECT_EQ(messages[messages.size() - 2]["content"], "It opens at nine");
  EXPECT_EQ(messages.back()["role"], "user");
  EXPECT_EQ(asked["model"], "large");

  const std::vector<LedgerRow> rows = site().daemon.ledger().of(got.head.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].outcome, "rescued");
  EXPECT_EQ(rows[0].error, GetParam().error);
  EXPECT_EQ(rows[0].certainty, "estimated");
  EXPECT_EQ(rows[1].outcome, "answered");
  EXPECT_EQ(rows[1].model, "large");
  EXPECT_EQ(rows[1].output, 6);
  EXPECT_TRUE(rows[1].complete);
}

INSTANTIATE_TEST_SUITE_P(All, RescuedStream,
                         testing::Values(Break{"cut",
                                               [](Exchange& exchange) {
                                                 begin_with(exchange, "It opens at nine");
                                                 exchange.close();
                                               },
                                               "truncated"},
                                         Break{"ended_without_done",
                                               [](Exchange& exchange) {
                                                 begin_with(exchange, "It opens at nine");
                                                 exchange.send("0\r\n\r\n");
                                               },
                                               "truncated"},
                                         Break{"stalled",
                                               [](Exchange& exchange) {
                                                 begin_with(exchange, "It opens at nine");
                                                 exchange.wait_until_left();
                                               },
                                               "idle_timeout"},
                                         Break{"malformed",
                                               [](Exchange& exchange) {
                                                 begin_with(exchange, "It opens at nine");
                                                 exchange.event("{\"choices\":[{\"delta\":{\"content\":\"bro");
                                                 exchange.wait_until_left();
                                               },
                                               "protocol"},
                                         Break{"error_event",
                                               [](Exchange& exchange) {
                                                 begin_with(exchange, "It opens at nine");
                                                 exchange.event(R"({"error":{"message":"engine died","code":"boom"}})");
                                                 exchange.end_stream();
                                               },
                                               "server_error"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(RescuedStream, TellsInTheTrailerThatItWasContinued) {
  low().then([](Exchange& exchange) {
    begin_with(exchange, "One");
    exchange.close();
  });
  high().then(answers(" two"));

  const Got got = get_stream(streamed_chat("auto", easy, "x-triaged-explain: body\r\n"));

  ASSERT_GE(got.events.size(), 2U);
  const json trailer = json::parse(got.events[got.events.size() - 2])["triaged"];
  EXPECT_EQ(trailer["continued"], true);
  EXPECT_EQ(trailer["answered_by"]["model"], "high/large");
  EXPECT_EQ(trailer["attempts"].size(), 2U);
  EXPECT_EQ(trailer["attempts"][0]["outcome"], "rescued");
}

TEST_F(RescuedStream, GoesOnAfterASecondBreakWithAllOfTheText) {
  low().then([](Exchange& exchange) {
    begin_with(exchange, "One");
    exchange.close();
  });
  high().then([](Exchange& exchange) {
    begin_with(exchange, " two");
    exchange.close();
  });
  low().then(answers("unused"));
  const Got got = get_stream(streamed_chat("auto"));

  // Both targets have broken: there is nobody left, and the first cause is what the client is told.
  EXPECT_FALSE(got.whole);
  EXPECT_EQ(text_of(std::vector<std::string>(got.events.begin(), got.events.end() - 1)), "One two");
  EXPECT_EQ(json::parse(got.events.back())["error"]["code"], "truncated");
  const std::vector<LedgerRow> rows = site().daemon.ledger().of(got.head.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].outcome, "rescued");
  EXPECT_FALSE(rows[1].complete);
}

TEST_F(RescuedStream, HidesNotTheFirstCauseWhenTheOtherTargetRefuses) {
  low().then([](Exchange& exchange) {
    begin_with(exchange, "One");
    exchange.wait_until_left();
  });
  high().then(fails(400, "invalid_prefill"));

  const Got got = get_stream(streamed_chat("auto"));

  EXPECT_FALSE(got.whole);
  EXPECT_EQ(json::parse(got.events.back())["error"]["code"], "idle_timeout");
}

TEST_F(RescuedStream, AsksTheSameTargetAgainWhereItIsTheOnlyOne) {
  low().then([](Exchange& exchange) {
    begin_with(exchange, "One");
    exchange.close();
  });
  low().then(answers(" two"));

  const Got got = get_stream(post(chat_path, stream_request("low/small")));

  EXPECT_TRUE(got.whole);
  EXPECT_EQ(text_of(got.events), "One two");
  EXPECT_EQ(low().count(), 2U);
}

TEST_F(RescuedStream, IsNotTriedWhereAnotherModelCannotGoOn) {
  struct {
    const char* what;
    std::string request;
    std::string first;
  } const rows[] = {
      {"json", stream_request("auto", easy, R"(,"response_format":{"type":"json_object"})"), text_chunk("{\"a\":")},
      {"several answers", stream_request("auto", easy, R"(,"n":2)"), text_chunk("One")},
      {"a tool call", stream_request("auto", easy, R"(,"tools":[{"type":"function","function":{"name":"f"}}])"),
       R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{"}}]}}]})"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    low().reset();
    high().reset();
    low().always([&row](Exchange& exchange) {
      exchange.begin_stream();
      exchange.event(row.first);
      exchange.close();
    });
    high().always([&row](Exchange& exchange) {
      exchange.begin_stream();
      exchange.event(row.first);
      exchange.close();
    });
    const Got got = get_stream(post(chat_path, row.request));
    EXPECT_FALSE(got.whole);
    EXPECT_THAT(got.events.back(), HasSubstr("\"error\""));
    EXPECT_EQ(low().count() + high().count(), 1U);
  }
}

TEST_F(RescuedStream, OfATargetThatTakesPrefillContinuesTheAssistantsMessageAndFallsBackToWords) {
  TwoTiers site(clocks, "", [](DaemonSetup& setup) {
    setup.more = "streams: {rescue: {enabled: true, attempts: 3}}";
    setup.tiers = {"{name: light, targets: [low/small]}",
                   "{name: strong, targets: [{target: high/large, prefill: true}]}"};
  });
  const auto breaks = [](Exchange& exchange) {
    begin_with(exchange, "One");
    exchange.close();
  };
  site.low.always(breaks);
  site.high.then(answers(" two"));

  EXPECT_EQ(text_of(get_stream(site, streamed_chat("auto")).events), "One two");
  EXPECT_EQ(json::parse(site.high.last().body)["messages"].back()["role"], "assistant");

  site.high.then(fails(400, "invalid_request_error"));
  site.high.then(answers(" two"));
  EXPECT_EQ(text_of(get_stream(site, streamed_chat("auto")).events), "One two");
  EXPECT_EQ(json::parse(site.high.last().body)["messages"].back()["role"], "user");
}

}  // namespace
}  // namespace triaged::test
