#include "dispatch/relay.hpp"

#include "triaged/config/settings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace triaged::dispatch {
namespace {

struct Collected final : EventWriter, Door {
  EventWriter* open() override { return shut ? nullptr : this; }
  void event(const chat::Event& event) override {
    text += event.text;
    kinds.push_back(event.kind);
    raw += std::string(event.raw) + "\n";
  }
  std::string text;
  std::string raw;
  std::vector<chat::EventKind> kinds;
  bool shut = false;
};

std::string data(std::string_view json) { return "data: " + std::string(json) + "\n\n"; }

const std::string role =
    data(R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})");
const std::string hello = data(R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]})");
const std::string finish = data(R"({"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
const std::string usage =
    data(R"({"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}})");
const std::string done = data("[DONE]");

class RelayOf {
 public:
  RelayOf()
      : provider(provider::make_provider(settings)),
        relay(provider->codec(chat::Dialect::openai_chat), Framing::sse, 1U << 20U, out) {}
  config::Provider settings;
  std::unique_ptr<provider::Provider> provider;
  Collected out;
  Relay relay;
};

TEST(Relay, ReachesTheCommitPointWithContentAndNotBefore) {
  RelayOf f;

  ASSERT_TRUE(f.relay.put(role));
  EXPECT_FALSE(f.relay.has_content());
  ASSERT_TRUE(f.relay.put(hello));

  EXPECT_TRUE(f.relay.has_content());
  EXPECT_FALSE(f.relay.complete());
  EXPECT_EQ(f.out.text, "Hello");
}

TEST(Relay, IsCompleteAtTheTerminalEventAndKnowsTheUsage) {
  RelayOf f;

  ASSERT_TRUE(f.relay.put(role + hello + finish + usage + done));

  EXPECT_TRUE(f.relay.complete());
  ASSERT_TRUE(f.relay.usage());
  EXPECT_EQ(f.relay.usage()->input, 5);
  EXPECT_EQ(f.relay.usage()->output, 7);
  EXPECT_EQ(f.relay.model(), "m");
  EXPECT_EQ(f.relay.finish(), chat::Finish::stop);
}

TEST(Relay, GivesTheSameEventsWhereverTheBytesAreCut) {
  const std::string bytes = role + hello + finish + usage + done;
  RelayOf whole;
  ASSERT_TRUE(whole.relay.put(bytes));
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    RelayOf parts;
    ASSERT_TRUE(parts.relay.put(bytes.substr(0, cut))) << cut;
    ASSERT_TRUE(parts.relay.put(bytes.substr(cut))) << cut;
    ASSERT_EQ(parts.out.raw, whole.out.raw) << cut;
    ASSERT_TRUE(parts.relay.complete()) << cut;
  }
}

TEST(Relay, TakesAFinishReasonAndAProperEndForAWholeAnswer) {
  RelayOf f;
  ASSERT_TRUE(f.relay.put(hello + finish));

  EXPECT_TRUE(f.relay.end());
  EXPECT_TRUE(f.relay.complete());
}

TEST(Relay, CallsAnEndWithoutAFinishReasonTruncated) {
  RelayOf f;
  ASSERT_TRUE(f.relay.put(hello));

  const Result<void> ended = f.relay.end();

  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::truncated);
  EXPECT_FALSE(f.relay.complete());
}

TEST(Relay, CallsAnEndInsideAnEventTruncated) {
  RelayOf f;
  ASSERT_TRUE(f.relay.put(hello + finish + "data: {\"choi"));

  EXPECT_FALSE(f.relay.end());
}

TEST(Relay, CallsATerminalEventWithoutAnyContentTruncated) {
  RelayOf f;

  const Result<void> put = f.relay.put(role + done);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::truncated);
}

TEST(Relay, ReportsAnErrorEventWithItsData) {
  RelayOf f;

  const Result<void> put =
      f.relay.put(data(R"({"error":{"message":"The server had an error","type":"server_error","code":null}})"));

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::stream_error);
  EXPECT_NE(put.error().detail.find("The server had an error"), std::string::npos);
  EXPECT_NE(f.relay.error_event().find("server_error"), std::string::npos);
  EXPECT_TRUE(f.out.kinds.empty());
}

TEST(Relay, RefusesWhatIsNotItsDialect) {
  RelayOf f;

  const Result<void> put = f.relay.put(hello + data("{\"choices\":[{\"delta\":{\"con"));

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::protocol);
  EXPECT_TRUE(f.relay.has_content());
}

TEST(Relay, IgnoresWhatFollowsTheEnd) {
  RelayOf f;
  ASSERT_TRUE(f.relay.put(hello + finish + done + hello));
  ASSERT_TRUE(f.relay.put("data: garbage\n\n"));

  EXPECT_EQ(f.out.text, "Hello");
}

TEST(Relay, RefusesAnEventOverTheLimit) {
  config::Provider settings;
  const auto provider = provider::make_provider(settings);
  Collected out;
  Relay relay(provider->codec(chat::Dialect::openai_chat), Framing::sse, 100, out);

  EXPECT_FALSE(relay.put("data: " + std::string(200, 'x')));
}

TEST(Relay, HoldsThePreambleUntilTheDoorIsOpenedForContent) {
  RelayOf f;
  ASSERT_TRUE(f.relay.put(role));
  EXPECT_TRUE(f.out.kinds.empty());
  EXPECT_FALSE(f.relay.open());

  ASSERT_TRUE(f.relay.put(hello));

  EXPECT_TRUE(f.relay.open());
  const std::vector<chat::EventKind> expected{chat::EventKind::preamble, chat::EventKind::content};
  EXPECT_EQ(f.out.kinds, expected);
}

TEST(Relay, EndsWhenTheDoorIsShut) {
  RelayOf f;
  f.out.shut = true;

  const Result<void> put = f.relay.put(role + hello);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::client_gone);
  EXPECT_TRUE(f.out.kinds.empty());
}

TEST(Relay, ReadsOnForTheUsageOnlyOnceItIsMuted) {
  RelayOf f;
  ASSERT_TRUE(f.relay.put(role + hello));
  f.relay.mute();

  ASSERT_TRUE(f.relay.put(hello + finish + usage + done));

  EXPECT_TRUE(f.relay.complete());
  EXPECT_EQ(f.out.text, "Hello");
  EXPECT_EQ(f.relay.usage()->output, 7);
}

TEST(Relay, HoldsNoMoreThanOneEventMay) {
  config::Provider settings;
  const auto provider = provider::make_provider(settings);
  Collected out;
  Relay relay(provider->codec(chat::Dialect::openai_chat), Framing::sse, 1000, out);
  Result<void> put;
  for (int i = 0; put && i < 100; ++i) put = relay.put(role);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::protocol);
}

std::string tool_piece(std::string_view call) {
  std::string json = R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"tool_calls":[)";
  json.append(call).append("]}}]}");
  return data(std::string_view(json));  // of a std::string, std::data() would be a better match
}

TEST(RelayThatHolds, SendsNothingUntilItIsLetGo) {
  RelayOf f;
  f.relay.hold(1000, false);

  ASSERT_TRUE(f.relay.put(role + hello + hello));
  EXPECT_TRUE(f.relay.has_content());
  EXPECT_TRUE(f.relay.holds());
  EXPECT_FALSE(f.relay.open());
  EXPECT_EQ(f.relay.text(), "HelloHello");
  EXPECT_EQ(f.out.text, "");

  ASSERT_TRUE(f.relay.let_go());
  EXPECT_EQ(f.out.text, "HelloHello");
  ASSERT_TRUE(f.relay.put(hello));
  EXPECT_EQ(f.out.text, "HelloHelloHello");
  EXPECT_EQ(f.relay.text(), "HelloHello") << "what was not held is not kept";
}

TEST(RelayThatHolds, GivesTheSameEventsAsOneThatDoesNot) {
  const std::string bytes = role + hello + finish + usage + done;
  RelayOf usual;
  ASSERT_TRUE(usual.relay.put(bytes));
  RelayOf holding;
  holding.relay.hold(100000, false);

  ASSERT_TRUE(holding.relay.put(bytes));
  EXPECT_TRUE(holding.relay.complete());
  EXPECT_EQ(holding.out.raw, "");
  ASSERT_TRUE(holding.relay.let_go());

  EXPECT_EQ(holding.out.raw, usual.out.raw);
}

TEST(RelayThatHolds, LetsGoByItselfRatherThanKeepTooMuch) {
  RelayOf f;
  config::Provider settings;
  const auto provider = provider::make_provider(settings);
  Relay small(provider->codec(chat::Dialect::openai_chat), Framing::sse, 100, f.out);
  small.hold(200, false);

  ASSERT_TRUE(small.put(hello));
  EXPECT_TRUE(small.holds());
  ASSERT_TRUE(small.put(hello + hello));

  EXPECT_FALSE(small.holds());
  EXPECT_EQ(f.out.text, "HelloHelloHello");
}

TEST(RelayThatHolds, GathersToolCallsById) {
  RelayOf f;
  f.relay.hold(10000, false);

  ASSERT_TRUE(f.relay.put(tool_piece(R"({"index":0,"id":"a","function":{"name":"find","arguments":""}})")));
  ASSERT_TRUE(f.relay.put(tool_piece(R"({"index":0,"function":{"arguments":"{\"q\":"}})")));
  ASSERT_TRUE(f.relay.put(tool_piece(R"({"index":0,"function":{"arguments":"1}"}})")));
  ASSERT_TRUE(f.relay.put(tool_piece(R"({"index":0,"id":"b","function":{"name":"send","arguments":"{}"}})")));

  const auto& calls = f.relay.detail().tool_calls;
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].name, "find");
  EXPECT_EQ(calls[0].arguments, R"({"q":1})");
  EXPECT_EQ(calls[1].id, "b");
  EXPECT_EQ(calls[1].arguments, "{}");
}

TEST(RelayThatHolds, KnowsARefusalThatTheDialectNames) {
  RelayOf f;
  f.relay.hold(10000, false);

  ASSERT_TRUE(f.relay.put(data(R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"refusal":"No."}}]})")));

  EXPECT_TRUE(f.relay.detail().refusal);
}

TEST(RelayThatHolds, HasTheMeanProbabilityOfTheTokensWhereItIsAsked) {
  const std::string event = data(
      R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":{"content":[{"token":"Hello","logprob":-0.5},{"token":"!","logprob":-1.5}]}}]})");
  RelayOf asked;
  asked.relay.hold(10000, true);
  RelayOf other;
  other.relay.hold(10000, false);

  ASSERT_TRUE(asked.relay.put(event));
  ASSERT_TRUE(other.relay.put(event));

  ASSERT_TRUE(asked.relay.detail().confidence());
  EXPECT_NEAR(*asked.relay.detail().confidence(), 0.3679, 1e-4);
  EXPECT_FALSE(other.relay.detail().confidence());
}

TEST(RelayThatHolds, TellsAShutDoorOnlyWhenItIsLetGo) {
  RelayOf f;
  f.out.shut = true;
  f.relay.hold(10000, false);
  ASSERT_TRUE(f.relay.put(hello));

  const Result<void> gone = f.relay.let_go();

  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::client_gone);
}

}  // namespace
}  // namespace triaged::dispatch
