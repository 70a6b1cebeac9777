// Answers that are not good enough: escalated to a stronger tier unseen by the client, and booked. Prices per million
// tokens: low/small 1 in, 2 out; high/large ten times as much.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view refusal = "I'm sorry, but I can't help with that request.";

std::unique_ptr<TwoTiers> make_gated_site(const std::string& gate, const std::string& more = "") {
  return std::make_unique<TwoTiers>("", [&](DaemonSetup& setup) {
    setup.routing += ", gate: g";
    setup.more = "quality: {gates: {g: {" + gate + "}}" + more + "}";
  });
}

std::string json_chat(std::string_view more) {
  return post(chat_path,
              chat_request("auto", easy, R"(,"response_format":{"type":"json_object"})" + std::string(more)));
}

Script says_nothing() { return answers(""); }

class Cascade : public SharedSite<Cascade> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return make_gated_site("hold_tokens: 24"); }

 protected:
  void expect_escalated(const Response& answer, const std::string& check) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("x-triaged-tier"), "strong");
    EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
    const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].model, "small");
    EXPECT_EQ(rows[0].outcome, "escalated");
    EXPECT_EQ(rows[0].error, "poor_answer:" + check);
    EXPECT_TRUE(rows[0].cost.value_or(0) > 0) << "what was thrown away was paid for";
    EXPECT_EQ(rows[1].model, "large");
    EXPECT_EQ(rows[1].outcome, "answered");
    EXPECT_EQ(rows[1].start_tier, "light");
  }
};

TEST_F(Cascade, EscalatesAnAnswerThatRefuses) {
  low().always(answers(refusal));
  high().always(answers("We open at nine."));

  const Response answer = ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "We open at nine.");
  expect_escalated(answer, "refusal");
}

TEST_F(Cascade, EscalatesAStreamWithoutTheClientSeeingAByteOfIt) {
  low().always(answers(refusal));
  high().always(answers("We open at nine."));

  Client client = site().client();
  client.send(streamed_chat("auto"));
  const Response answer = client.begin();
  const std::vector<std::string> events = client.rest();

  EXPECT_TRUE(client.whole());
  EXPECT_EQ(text_of(events), "We open at nine.");
  for (const std::string& event : events) EXPECT_THAT(event, Not(HasSubstr("sorry")));
  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  expect_escalated(answer, "refusal");
}

TEST_F(Cascade, StopsAStreamThatRefusesBeforeItsEnd) {
  Signal cancelled;
  low().always([&cancelled](Exchange& exchange) {
    // The gateway may have left before all is said: then it cannot be.
    const SetAtEnd left(cancelled);
    exchange.begin_stream();
    exchange.event(role_chunk());
    for (std::size_t i = 0; i < refusal.size(); i += 8) exchange.event(text_chunk(refusal.substr(i, 8)));
    for (int i = 0; i < 12; ++i) exchange.event(text_chunk(" It is against what I may do."));
    exchange.wait_until_left();
  });
  high().always(answers("We open at nine."));

  Client client = site().client();
  client.send(streamed_chat("auto"));
  client.begin();

  EXPECT_EQ(text_of(client.rest()), "We open at nine.");
  cancelled.wait();
}

TEST_F(Cascade, EscalatesAnEmptyAnswerWholeAndStreamed) {
  low().always(says_nothing());
  high().always(answers("We open at nine."));

  const Response whole = ask(chat("auto"));
  EXPECT_EQ(text_of(whole.body), "We open at nine.");
  expect_escalated(whole, "empty");

  Client client = site().client();
  client.send(streamed_chat("auto"));
  const Response streamed = client.begin();
  EXPECT_EQ(text_of(client.rest()), "We open at nine.");
  expect_escalated(streamed, "empty");
}

TEST_F(Cascade, EscalatesBrokenJsonWholeAndStreamed) {
  low().always(answers(R"({"open": nine})"));
  high().always(answers(R"({"open": 9})"));

  const Response whole = ask(json_chat(""));
  EXPECT_EQ(text_of(whole.body), R"({"open": 9})");
  expect_escalated(whole, "json");

  Client client = site().client();
  client.send(json_chat(R"(,"stream":true)"));
  const Response streamed = client.begin();
  EXPECT_EQ(text_of(client.rest()), R"({"open": 9})");
  expect_escalated(streamed, "json");
}

TEST_F(Cascade, LetsAGoodAnswerThroughAndAsksNobodyElse) {
  low().always(answers("We are open from nine to five, Monday to Friday."));

  EXPECT_EQ(text_of(ask(chat("auto")).body), "We are open from nine to five, Monday to Friday.");
  Client client = site().client();
  client.send(streamed_chat("auto"));
  client.begin();
  EXPECT_EQ(text_of(client.rest()), "We are open from nine to five, Monday to Friday.");

  EXPECT_EQ(high().count(), 0U);
}

TEST_F(Cascade, StreamsOnEventByEventOnceTheWindowHasPassed) {
  Signal first_half_seen;
  const std::string opening =
      "We are open from nine to five on working days, and from ten to two on Saturdays, except "
      "on holidays. ";
  low().always([&](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    for (std::size_t i = 0; i < opening.size(); i += 8) exchange.event(text_chunk(opening.substr(i, 8)));
    first_half_seen.wait();
    exchange.event(text_chunk("The end."));
    exchange.event(finish_chunk());
    exchange.end_stream();
  });

  Client client = site().client();
  client.send(streamed_chat("auto"));
  client.begin();
  std::string text;
  while (text.size() < opening.size()) {
    const std::optional<std::string> event = client.next_event();
    ASSERT_TRUE(event) << text;
    text += text_of(std::vector<std::string>{*event});
  }
  EXPECT_EQ(text, opening) << "all of it came while the upstream still waits";
  first_half_seen.set();

  EXPECT_EQ(text_of(client.rest()), "The end.");
}

TEST_F(Cascade, HoldsNothingAgainstTheLastTierThereIs) {
  high().always(answers(refusal));

  const Response answer = ask(chat("auto", hard));

  EXPECT_EQ(text_of(answer.body), refusal);
  EXPECT_EQ(answer.header("x-triaged-attempts"), "1");
}

TEST_F(Cascade, HoldsNothingAgainstATargetThatTheClientNamed) {
  low().always(answers(refusal));

  EXPECT_EQ(text_of(ask(chat("low/small")).body), refusal);
  EXPECT_EQ(high().count(), 0U);
}

TEST_F(Cascade, GivesThePoorAnswerWhereNobodyStrongerAnswers) {
  low().always(answers(refusal));
  high().always(fails(503));
  const Response whole = ask(chat("auto"));
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(text_of(whole.body), refusal);
  EXPECT_EQ(whole.header("x-triaged-model"), "low/small");

  high().always(fails(400, "invalid_request_error"));
  Client client = site().client();
  client.send(streamed_chat("auto"));
  const Response streamed = client.begin();
  EXPECT_EQ(streamed.status, 200);
  EXPECT_EQ(text_of(client.rest()), refusal);
  const std::vector<LedgerRow> rows = site().daemon.ledger().of(streamed.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].outcome, "escalated");
  EXPECT_EQ(rows[1].outcome, "failed");
  EXPECT_EQ(rows[2].outcome, "answered");
  EXPECT_EQ(rows[2].model, "small");
}

TEST_F(Cascade, FailsOverAsUsualBeforeThereIsAnAnswerToJudge) {
  low().always(fails(503));
  high().always(answers("We open at nine."));

  const Response answer = ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "We open at nine.");
  EXPECT_EQ(answer.header("x-triaged-tier"), "strong");
}

// `named` costs what low/small does, so high/large is above it.
TEST(CascadeAtAPrice, DoesNotEscalateAboveThePriceOfTheModelAskedForButFailsOver) {
  TwoTiers site("", [](DaemonSetup& setup) {
    setup.routing = R"(confidence: 0, gate: g, table: [{complexity: "<0.35", tier: light}], intercept: [named])";
    setup.more = "quality: {gates: {g: {hold_tokens: 24}}}";
    setup.prices = usual_prices() + R"(  elsewhere:
    source: https://prices.test/elsewhere
    models:
      named: {input: 1, cached_input: 0.1, output: 2}
)";
  });
  site.low.always(answers(refusal));
  site.high.always(answers("We open at nine."));

  const Response poor = site.ask(chat("named"));
  EXPECT_EQ(text_of(poor.body), refusal);
  EXPECT_EQ(poor.header("x-triaged-attempts"), "1");
  EXPECT_EQ(site.ask(chat("auto")).header("x-triaged-tier"), "strong");

  site.low.always(fails(500));
  EXPECT_EQ(text_of(site.ask(chat("named")).body), "We open at nine.");
}

TEST(BufferedCascade, HoldsAStreamToItsEnd) {
  const auto site = make_gated_site("buffered: true, required: [sincerely]");
  const std::string letter = "Dear customer, thank you for your letter. We have read it with care and will write soon.";
  site->low.always(answers(letter));
  site->high.always(answers(letter + " Yours sincerely"));

  Client client = site->client();
  client.send(streamed_chat("auto"));
  const Response answer = client.begin();

  EXPECT_EQ(text_of(client.rest()), letter + " Yours sincerely");
  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_EQ(site->daemon.ledger().of(answer.header("x-triaged-id"))[0].error, "poor_answer:required");
}

TEST(CascadeWithFeedback, TellsTheStrongerTierWhatWasWrong) {
  const auto site = make_gated_site("min_length: 40, feedback: true");
  site->low.always(answers("At nine."));
  site->high.always(answers("We open at nine in the morning, from Monday to Friday."));

  const Response answer = site->ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-tier"), "strong");
  const nlohmann::json sent = nlohmann::json::parse(site->high.last().body);
  ASSERT_EQ(sent["messages"].size(), 3U);
  EXPECT_EQ(sent["messages"][0]["content"], easy);
  EXPECT_EQ(sent["messages"][1]["role"], "assistant");
  EXPECT_EQ(sent["messages"][1]["content"], "At nine.");
  EXPECT_EQ(sent["messages"][2]["role"], "user");
}

std::string with_probability(double logprob, bool streamed) {
  const std::string told = R"("logprobs":{"content":[{"token":"Nine","logprob":)" + std::to_string(logprob) +
                           R"(,"bytes":null,"top_logprobs":[]}],"refusal":null})";
  if (streamed) {
    return R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Nine"},)" +
           told + R"(,"finish_reason":null}]})";
  }
  return R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Nine"},)" +
         told + R"(,"finish_reason":"stop"}],"usage":)" + usage_json({10, 5}) + "}";
}

Script unsure_or_sure(double logprob) {
  return [logprob](Exchange& exchange) {
    if (exchange.request().body.find("\"stream\":true") == std::string::npos) {
      exchange.answer(200, with_probability(logprob, false));
      return;
    }
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.event(with_probability(logprob, true));
    exchange.event(finish_chunk());
    exchange.end_stream();
  };
}

TEST(CascadeByConfidence, AsksForProbabilitiesAndTakesThemOutAgain) {
  const auto site = make_gated_site("min_confidence: 0.5");
  site->low.always(unsure_or_sure(-0.1));

  const Response whole = site->ask(chat("auto"));
  EXPECT_THAT(site->low.last().body, HasSubstr(R"("logprobs":true)"));
  EXPECT_EQ(text_of(whole.body), "Nine");
  EXPECT_THAT(whole.body, Not(HasSubstr("top_logprobs")));
  EXPECT_EQ(whole.header("x-triaged-tier"), "light");

  Client client = site->client();
  client.send(streamed_chat("auto"));
  client.begin();
  const std::vector<std::string> events = client.rest();
  EXPECT_EQ(text_of(events), "Nine");
  for (const std::string& event : events) EXPECT_THAT(event, Not(HasSubstr("top_logprobs")));
}

TEST(CascadeByConfidence, EscalatesAnAnswerThatItsModelDoubts) {
  const auto site = make_gated_site("min_confidence: 0.5");
  site->low.always(unsure_or_sure(-1.5));
  site->high.always(answers("At nine."));

  EXPECT_EQ(text_of(site->ask(chat("auto")).body), "At nine.");
  Client client = site->client();
  client.send(streamed_chat("auto"));
  client.begin();
  EXPECT_EQ(text_of(client.rest()), "At nine.");
  EXPECT_THAT(site->high.last().body, Not(HasSubstr("logprobs"))) << "nothing is held against the last tier";
}

TEST(CascadeByConfidence, LeavesTheProbabilitiesToAClientThatAskedForThem) {
  const auto site = make_gated_site("min_confidence: 0.5");
  site->low.always(unsure_or_sure(-0.1));

  const Response answer = site->ask(post(chat_path, chat_request("auto", easy, R"(,"logprobs":true)")));

  EXPECT_THAT(answer.body, HasSubstr("top_logprobs"));
}

TEST(CascadeByConfidence, AsksAgainWithoutWhereTheModelRefusesToTell) {
  const auto site = make_gated_site("min_confidence: 0.5");
  site->low.then(fails(400, "unsupported_parameter"));
  site->low.always(answers("At nine."));

  EXPECT_EQ(text_of(site->ask(chat("auto")).body), "At nine.");
  EXPECT_EQ(site->low.count(), 2U);
  EXPECT_THAT(site->low.last().body, Not(HasSubstr("logprobs")));
  EXPECT_EQ(text_of(site->ask(chat("auto")).body), "At nine.");
  EXPECT_EQ(site->low.count(), 3U) << "that is remembered";
}

// `strong` judges; its answers to questions of its own are those of a model as well.
Script judges(const std::string& verdict, std::string_view text) {
  return [verdict = answers(verdict, {300, 20}), answer = answers(text)](Exchange& exchange) {
    const bool question = exchange.request().body.find("\"score\"") != std::string::npos ||
                          exchange.request().body.find("\\\"score\\\"") != std::string::npos;
    (question ? verdict : answer)(exchange);
  };
}

TEST(JudgedCascade, EscalatesWhatTheJudgeFindsPoorAndBooksTheJudge) {
  const auto site = make_gated_site("judge: {tier: strong, threshold: 0.6, timeout: 15s}");
  site->low.always(answers("Perhaps at nine."));
  site->high.always(judges(R"({"score": 0.2, "reason": "it guesses"})", "At nine."));

  const Response answer = site->ask(chat("auto"));

  EXPECT_EQ(text_of(answer.body), "At nine.");
  const std::vector<LedgerRow> rows = site->daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].purpose, "judge");
  EXPECT_EQ(rows[0].model, "large");
  EXPECT_EQ(rows[0].input, 300);
  EXPECT_EQ(rows[1].outcome, "escalated");
  EXPECT_EQ(rows[1].error, "poor_answer:judge");
  EXPECT_EQ(rows[2].outcome, "answered");
  EXPECT_EQ(rows[2].attempt, 2);
}

TEST(JudgedCascade, LetsThroughWhatTheJudgeFindsGoodAndWhatItSaysNothingOf) {
  const auto site = make_gated_site("judge: {tier: strong, threshold: 0.6, timeout: 15s, budget: 100}, buffered: true");
  site->low.always(answers("At nine."));
  for (const std::string_view verdict : {R"({"score": 0.9, "reason": "right"})", "I would rather not say."}) {
    site->high.always(judges(std::string(verdict), "unused"));
    EXPECT_EQ(text_of(site->ask(chat("auto")).body), "At nine.");
    Client client = site->client();
    client.send(streamed_chat("auto"));
    client.begin();
    EXPECT_EQ(text_of(client.rest()), "At nine.");
  }
  EXPECT_EQ(site->high.count(), 4U);
}

TEST(JudgedCascade, DoesNotWaitForAJudgeThatIsLate) {
  const auto site = make_gated_site("judge: {tier: strong, timeout: 50ms}");
  site->low.always(answers("At nine."));
  site->high.always([](Exchange& exchange) { exchange.wait_until_left(); });

  EXPECT_EQ(text_of(site->ask(chat("auto")).body), "At nine.");
}

TEST(EscalatingRoute, StartsHigherOnceItEscalatesTooOften) {
  const auto site = make_gated_site(
      "checks: [refusal]", ", escalation: {target: 0.2, window: 100, step_up: true}, cascade: {skip_losing: false}");
  site->low.always(answers(refusal));
  site->high.always(answers("At nine."));

  Response last;
  for (int i = 0; i < 120; ++i) last = site->ask(chat("auto"));

  EXPECT_LT(site->low.count(), 80U) << "most of the later ones never went to the weaker tier";
  EXPECT_GT(site->low.count(), 20U) << "some still do, to find out";
  const std::string metrics = site->ask_admin(get("/metrics")).body;
  EXPECT_THAT(metrics, HasSubstr("triaged_route_escalation_alarm{route=\"row 1\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("triaged_gate_findings_total{gate=\"g\",check=\"refusal\"}"));
}

TEST(LosingCascade, IsNotBegunOnceItIsKnownToLose) {
  const auto site = make_gated_site("checks: [refusal]");
  // Always refused: with what it costs, the cheap attempt never pays.
  site->low.always(answers(refusal, {1000, 200}));
  site->high.always(answers("At nine.", {100, 10}));

  for (int i = 0; i < 120; ++i) EXPECT_EQ(text_of(site->ask(chat("auto")).body), "At nine.");

  EXPECT_LT(site->low.count(), 80U);
}

}  // namespace
}  // namespace triaged::test
