// Answers of OpenAI's chat as steps: what comes in which order.
#include "provider/openai/openai.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;

using Step = std::pair<DeltaKind, std::string>;

// What was thought, said, called and cited, with the number of its part.
class Steps final : public chat::DeltaSink {
 public:
  void take(const Delta& delta) override {
    std::string what = std::to_string(delta.part) + ":";
    switch (delta.kind) {
      case DeltaKind::thinking:
      case DeltaKind::text:
      case DeltaKind::refusal: what.append(delta.text.raw); break;
      case DeltaKind::tool_call: what.append(delta.name.raw); break;
      case DeltaKind::citation: what.append(delta.json); break;
      default: return;
    }
    all.emplace_back(delta.kind, std::move(what));
  }

  std::vector<Step> all;
};

std::vector<Step> steps_of(std::string_view message) {
  Steps steps;
  const std::string body = R"({"id":"c1","model":"m","choices":[{"index":0,"message":)" + std::string(message) +
                           R"(,"finish_reason":"stop"}]})";
  EXPECT_TRUE(make_openai_chat_reader()->whole(body, steps));
  return steps.all;
}

TEST(OpenAiChatReader, GivesThoughtsBeforeWordsWhereverTheProviderPutsThem) {
  const std::vector<Step> expected{{DeltaKind::thinking, "0:hm"}, {DeltaKind::text, "1:six"}};
  EXPECT_EQ(steps_of(R"({"role":"assistant","content":"six","reasoning_content":"hm"})"), expected);
  EXPECT_EQ(steps_of(R"({"role":"assistant","reasoning_content":"hm","content":"six"})"), expected);
  EXPECT_EQ(steps_of(R"({"content":"six","reasoning":"hm","reasoning_content":"hm"})"), expected);
}

TEST(OpenAiChatReader, GivesWordsBeforeTheCallsThatFollowThem) {
  const std::vector<Step> expected{
      {DeltaKind::thinking, "0:hm"}, {DeltaKind::text, "1:six"}, {DeltaKind::tool_call, "2:f"}};
  constexpr std::string_view calls =
      R"("tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}])";
  EXPECT_EQ(steps_of(R"({"content":"six","reasoning_content":"hm",)" + std::string(calls) + "}"), expected);
}

TEST(OpenAiChatReader, CitesThePartThatTheWordsAreIn) {
  const std::vector<Step> expected{{DeltaKind::text, "0:six"}, {DeltaKind::citation, R"(0:{"type":"url_citation"})"}};
  EXPECT_EQ(steps_of(R"({"content":"six","annotations":[{"type":"url_citation"}]})"), expected);
}

}  // namespace
}  // namespace triaged::provider
