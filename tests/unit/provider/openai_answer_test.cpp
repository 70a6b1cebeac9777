#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using nlohmann::json;
using triaged::test::golden_names;
using triaged::test::golden_text;

const std::string folder = "openai_chat/answers";

class OpenAiAnswer : public ::testing::Test {
 protected:
  config::Provider settings_ = test::provider_settings();
  std::unique_ptr<Provider> provider_ = make_provider(settings_);
};

TEST_F(OpenAiAnswer, ReadsEveryGoldenAnswer) {
  const auto names = golden_names(folder, ".expected.json");
  ASSERT_GE(names.size(), 10U);
  for (const std::string& name : names) {
    const std::string body = golden_text(folder, name + ".json");
    const Result<chat::Answer> answer = provider_->codec(chat::Dialect::openai_chat).decode_answer(body);
    ASSERT_TRUE(answer) << name << ": " << answer.error().detail;
    const json facts{{"text", answer->text},
                     {"characters", answer->characters},
                     {"tool_calls", answer->has_tool_calls},
                     {"refusal", answer->has_refusal},
                     {"finish", chat::name(answer->finish)},
                     {"model", answer->model},
                     {"usage", answer->usage ? triaged::test::to_json(*answer->usage) : nullptr}};
    EXPECT_EQ(facts, json::parse(golden_text(folder, name + ".expected.json"))) << name;
  }
}

TEST_F(OpenAiAnswer, RefusesEveryTruncationOfAnAnswer) {
  const std::string body = golden_text(folder, "openai.json");
  for (std::size_t size = 0; size < body.size(); ++size) {
    const auto answer = provider_->codec(chat::Dialect::openai_chat).decode_answer(body.substr(0, size));
    ASSERT_FALSE(answer) << size;
    ASSERT_EQ(answer.error().kind, ErrorKind::protocol) << size;
  }
}

TEST_F(OpenAiAnswer, RefusesWhatIsNoChatCompletion) {
  const std::vector<std::string> bodies{"",
                                        "null",
                                        "[]",
                                        "<html>502</html>",
                                        "{}",
                                        R"({"choices":[]})",
                                        R"({"choices":{}})",
                                        R"({"choices":[null]})",
                                        R"({"choices":[{"text":"x"}]})",
                                        R"({"choices":[{"message":null}]})",
                                        R"({"choices":[{"message":{}}]} x)",
                                        "{\"choices\":[{\"message\":{\"content\":\"\xff\"}}]}",
                                        R"({"choices":)" + std::string(100'000, '[')};
  for (const std::string& body : bodies) {
    const auto answer = provider_->codec(chat::Dialect::openai_chat).decode_answer(body);
    ASSERT_FALSE(answer) << body.substr(0, 60);
    EXPECT_EQ(answer.error().blame, Blame::upstream);
    EXPECT_EQ(answer.error().status, 502);
  }
}

TEST_F(OpenAiAnswer, ReportsAnErrorThatCameWithStatus200) {
  const auto answer = provider_->codec(chat::Dialect::openai_chat)
                          .decode_answer(R"({"error":{"message":"Key sk-abcdefghijklmnop expired","code":401}})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::upstream_status);
  EXPECT_EQ(answer.error().code, "401");
  EXPECT_NE(answer.error().detail.find("expired"), std::string::npos);
  EXPECT_EQ(answer.error().detail.find("abcdefgh"), std::string::npos);
}

TEST_F(OpenAiAnswer, TakesANullErrorForNone) {
  EXPECT_TRUE(provider_->codec(chat::Dialect::openai_chat)
                  .decode_answer(R"({"error":null,"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})"));
}

TEST_F(OpenAiAnswer, KeepsNoLargeMemoryBetweenAnswers) {
  const std::string body = R"({"choices":[{"message":{"content":"\n)" + std::string(4U << 20U, 'x') + R"("}}]})";
  for (int i = 0; i < 3; ++i) {
    const auto answer = provider_->codec(chat::Dialect::openai_chat).decode_answer(body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->text.size(), (4U << 20U) + 1);
  }
}

}  // namespace
}  // namespace triaged::provider
