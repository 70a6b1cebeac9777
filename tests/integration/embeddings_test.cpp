// Embeddings: of the model that was asked for, from whoever has it.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>

namespace triaged::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view path = "/v1/embeddings";
constexpr std::string_view answer_body =
    R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.10,-2.5e-1]}],"model":"embed",)"
    R"("usage":{"prompt_tokens":1000,"total_tokens":1000}})";

class Embeddings : public SharedSite<Embeddings> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>("", [](DaemonSetup& setup) {
      setup.more = {"embeddings: [low/embed, high/embed]"};
      setup.prices =
          "date: 2026-01-01\nproviders:\n  low:\n    source: https://prices.test/low\n    models:\n"
          "      small: {input: 1, output: 2}\n      embed: {input: 1, output: 0}\n";
    });
  }

 protected:
  static Script gives_vectors() {
    return [](Exchange& exchange) { exchange.answer(200, answer_body); };
  }
};

TEST_F(Embeddings, PassBothWaysUntouchedButForTheModel) {
  low().then(gives_vectors());

  const Response answer = ask(post(path, R"({ "input" : ["a","b"],"model":"low/embed", "dimensions":2,"odd":1.50 })"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, answer_body);
  EXPECT_EQ(answer.header("x-triaged-model"), "low/embed");
  EXPECT_EQ(answer.header("x-triaged-tier"), "embeddings");
  EXPECT_EQ(low().last().target, "/v1/embeddings");
  EXPECT_EQ(low().last().body, R"({ "input" : ["a","b"],"model":"embed", "dimensions":2,"odd":1.50 })");
}

TEST_F(Embeddings, GoToTheNextTargetOfTheSameModel) {
  low().always([](Exchange& exchange) { exchange.answer(503, R"({"error":{"message":"busy"}})"); });
  high().then(gives_vectors());

  const Response answer = ask(post(path, R"({"input":"a","model":"embed"})"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("x-triaged-model"), "high/embed");
}

TEST_F(Embeddings, AreBookedWithWhatTheyCost) {
  low().then(gives_vectors());

  const Response answer = ask(post(path, R"({"input":"a","model":"low/embed"})"));

  const auto rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].model, "embed");
  EXPECT_EQ(rows[0].tier, "embeddings");
  EXPECT_EQ(rows[0].input, 1000);
  EXPECT_EQ(rows[0].output, 0);
  EXPECT_EQ(rows[0].certainty, "exact");
  EXPECT_EQ(rows[0].cost, 1'000'000);
}

TEST_F(Embeddings, AreRefusedOfModelsThatMakeNone) {
  for (const std::string_view model : {"low/small", "auto", "low/embd"}) {
    const Response answer = ask(post(path, R"({"input":"a","model":")" + std::string(model) + R"("})"));
    EXPECT_EQ(answer.status, 404) << model;
    EXPECT_EQ(answer.error().at("code"), "model_not_found");
  }
  const Response chat = ask(post(chat_path, chat_request("low/embed")));
  EXPECT_EQ(chat.status, 404);
  EXPECT_THAT(chat.body, HasSubstr("/v1/embeddings"));
}

TEST_F(Embeddings, NeedAnInputAndAModel) {
  for (const std::string_view body :
       {R"({"model":"embed"})", R"({"input":"a"})", R"({"input":7,"model":"embed"})", "[]"}) {
    EXPECT_EQ(ask(post(path, body)).status, 400) << body;
  }
}

}  // namespace
}  // namespace triaged::test
