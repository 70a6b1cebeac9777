// The notation of golden files loses nothing: what they say comes back as it was, and there is one way to say it.
#include "support/golden/conversation.hpp"
#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace triaged {
namespace {

using test::conversation_of;
using test::give_steps;
using test::golden_json;
using test::golden_names;
using test::golden_text;
using test::Json;
using test::pretty;
using test::to_json;

Json read_and_written(const Json& steps) {
  test::Steps out;
  give_steps(steps, out);
  return out.list;
}

void expect_conversations(const std::string& folder, const std::string& ending) {
  const auto names = golden_names(folder, ending);
  EXPECT_FALSE(names.empty()) << folder;
  for (const std::string& name : names) {
    const Json conversation = golden_json(folder, name + ending);
    EXPECT_EQ(pretty(to_json(conversation_of(conversation))), golden_text(folder, name + ending)) << folder << name;
  }
}

// In files that say more than that, `member` is the Conversation.
void expect_conversations_in(const std::string& folder, const std::string& ending) {
  for (const std::string& name : golden_names(folder, ending)) {
    Json file = golden_json(folder, name + ending);
    if (file.contains("conversation")) file["conversation"] = to_json(conversation_of(file["conversation"]));
    if (file.contains("steps")) file["steps"] = read_and_written(file["steps"]);
    EXPECT_EQ(pretty(file), golden_text(folder, name + ending)) << folder << name;
  }
}

TEST(GoldenNotation, SaysEveryConversationInOneWay) {
  expect_conversations("anthropic/requests", ".read.json");
  expect_conversations("openai_chat/conversations", ".conversation.json");
  expect_conversations("openai_chat/written", ".json");
  expect_conversations("completions/conversations", ".conversation.json");
  expect_conversations("responses/requests", ".conversation.json");
}

TEST(GoldenNotation, SaysEveryCaseInOneWay) {
  expect_conversations_in("anthropic/requests", ".conversation.json");
  for (const char* const folder :
       {"bedrock/requests", "gemini/requests", "openai_chat/replies", "completions/replies", "responses/written"}) {
    ASSERT_FALSE(golden_names(folder, ".json").empty()) << folder;
    expect_conversations_in(folder, ".json");
  }
}

TEST(GoldenNotation, SaysAllStepsInOneWay) {
  for (const std::string dialect : {"anthropic", "bedrock", "completions", "gemini", "openai_chat", "responses"}) {
    for (const std::string& folder : {dialect + "/answers", dialect + "/streams"}) {
      const auto names = golden_names(folder, ".steps.json");
      EXPECT_FALSE(names.empty()) << folder;
      for (const std::string& name : names) {
        const std::string text = golden_text(folder, name + ".steps.json");
        EXPECT_EQ(pretty(read_and_written(Json::parse(text))), text) << folder << name;
      }
    }
  }
}

TEST(GoldenNotation, LeavesOutWhatIsUsual) {
  EXPECT_EQ(to_json(chat::Conversation()), Json::parse(R"({"dialect":"openai_chat"})"));
  EXPECT_EQ(to_json(conversation_of(Json::parse(R"({"turns":[{"role":"user","parts":["",{"kind":"text","text":"x"}]}],
    "answers":1,"tools":[{"name":"f","path":"tools[0]"}],"marked":{}})"))),
            Json::parse(R"({"dialect":"openai_chat","turns":[{"role":"user","parts":["","x"]}],"tools":[{"name":"f"}],
    "marked":{}})"));
}

TEST(GoldenNotation, RefusesWhatItDoesNotKnow) {
  for (const char* const conversation :
       {R"({"effort":"low"})", R"({"reasoning":{"thinking":"on"}})", R"({"turns":[{"role":"robot","parts":[]}]})",
        R"({"turns":[{"role":"user","parts":[{"kind":"text","txt":"x"}]}]})", R"({"dialect":"latin"})"}) {
    EXPECT_THROW(conversation_of(Json::parse(conversation)), std::invalid_argument) << conversation;
  }
  for (const char* const steps : {R"([{"kind":"txt"}])", R"([{"kind":"text","usage":{"total":1}}])"}) {
    EXPECT_THROW(read_and_written(Json::parse(steps)), std::invalid_argument) << steps;
  }
}

}  // namespace
}  // namespace triaged
