#include "provider/openai/openai_write.hpp"

#include "triaged/chat/conversation.hpp"

#include "support/golden/conversation.hpp"
#include "support/golden/files.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

#include <array>

namespace triaged::provider {
namespace {

using config::Profile;
using nlohmann::json;
using triaged::test::conversation_of;
using triaged::test::golden_files;
using triaged::test::golden_json;
using triaged::test::golden_text;

constexpr std::array profiles{Profile::generic, Profile::openai,     Profile::mistral, Profile::deepseek, Profile::groq,
                              Profile::xai,     Profile::openrouter, Profile::vllm,    Profile::ollama};

Profile profile_of(std::string_view wanted) {
  for (const Profile each : profiles) {
    if (config::name(each) == wanted) return each;
  }
  ADD_FAILURE() << "no profile " << wanted;
  return Profile::generic;
}

// NAME.json is a Conversation; NAME.PROFILE.MODEL.expected.json what becomes of it.
TEST(OpenAiWrite, WritesEveryGoldenConversation) {
  const std::string folder = "openai_chat/written";
  std::size_t count = 0;
  for (const std::string& file : golden_files(folder, ".expected.json")) {
    ++count;
    const std::size_t dot = file.find('.');
    const std::size_t next = file.find('.', dot + 1);
    const std::string profile = file.substr(dot + 1, next - dot - 1);
    const std::string model = file.substr(next + 1, file.size() - next - 1 - std::string_view(".expected.json").size());
    const chat::Conversation conversation = conversation_of(golden_json(folder, file.substr(0, dot) + ".json"));
    const WrittenChat written = write_openai_chat(conversation, model, profile_of(profile));
    const json seen{{"body", json::parse(written.body)}, {"dropped", written.dropped}};
    EXPECT_EQ(seen, json::parse(golden_text(folder, file))) << file << "\n" << seen.dump(1);
  }
  EXPECT_GE(count, 12U);
}

json body_of(const json& conversation, Profile profile, std::string_view model = "m") {
  json from = conversation;
  if (!from.contains("dialect")) from["dialect"] = "anthropic";
  return json::parse(write_openai_chat(conversation_of(from), model, profile).body);
}

json call_and_result(std::string_view id) {
  return json::parse(R"({"turns":[{"role":"assistant","parts":[{"kind":"tool_call","id":")" + std::string(id) +
                     R"(","name":"f","arguments":{}}]},{"role":"tool","parts":[{"kind":"tool_result","id":")" +
                     std::string(id) + R"("}]}]})");
}

TEST(OpenAiWrite, WritesUnknownMembersUnderTheirNameWhateverItIs) {
  chat::Conversation conversation;
  conversation.others.push_back({JsonString{R"(\"n\":1,\u0061\\)", true}, "2"});

  const json body = json::parse(write_openai_chat(conversation, "m", Profile::generic).body);

  EXPECT_EQ(body.at(R"("n":1,a\)"), 2);
  EXPECT_FALSE(body.contains("n"));
}

TEST(OpenAiWrite, MakesIdsOfCallsThatTheProviderTakes) {
  for (const std::string id :
       {"toolu_01", "a", "abcdefghi", "", "id-with \\\"escapes", "0123456789012345678901234567890123456789x"}) {
    for (const Profile profile : profiles) {
      const json messages = body_of(call_and_result(id), profile).at("messages");
      const std::string made = messages.at(0)["tool_calls"][0]["id"];
      EXPECT_EQ(messages.at(1)["tool_call_id"], made);
      EXPECT_FALSE(made.empty());
      EXPECT_LE(made.size(), 40U);
      if (profile == Profile::mistral) {
        EXPECT_EQ(made.size(), 9U);
        EXPECT_EQ(made.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                  std::string::npos);
      }
      EXPECT_EQ(body_of(call_and_result(id), profile).at("messages").at(0)["tool_calls"][0]["id"], made);
    }
  }
}

TEST(OpenAiWrite, AnswersEveryCallStraightBehindItWhateverTheHistory) {
  // Every subset of results, at every place.
  for (unsigned mask = 0; mask < 64; ++mask) {
    json turns = json::array();
    turns.push_back({{"role", "user"}, {"parts", json::array({"go"})}});
    turns.push_back({{"role", "assistant"},
                     {"parts",
                      {{{"kind", "tool_call"}, {"id", "a"}, {"name", "f"}},
                       {{"kind", "tool_call"}, {"id", "b"}, {"name", "f"}},
                       {{"kind", "tool_call"}, {"id", "c"}, {"name", "f"}}}}});
    for (unsigned place = 0; place < 2; ++place) {
      json parts = json::array();
      for (unsigned i = 0; i < 3; ++i) {
        if ((mask >> (3 * place + i) & 1U) != 0) {
          parts.push_back({{"kind", "tool_result"}, {"id", std::string(1, static_cast<char>('a' + i))}});
        }
      }
      parts.push_back("and");
      turns.push_back({{"role", "user"}, {"parts", parts}});
    }
    for (const Profile profile : profiles) {
      const json messages = body_of({{"turns", turns}}, profile).at("messages");
      std::vector<std::string> open;
      for (const json& message : messages) {
        if (message["role"] == "tool") {
          ASSERT_FALSE(open.empty()) << messages.dump(1);
          EXPECT_EQ(message["tool_call_id"], open.front());
          open.erase(open.begin());
          continue;
        }
        EXPECT_TRUE(open.empty()) << messages.dump(1);
        for (const json& call : message.value("tool_calls", json::array())) open.push_back(call["id"]);
      }
      EXPECT_TRUE(open.empty());
    }
  }
}

TEST(OpenAiWrite, TurnsBudgetsOfThoughtIntoEffort) {
  const auto effort = [](std::int64_t budget) {
    return body_of({{"reasoning", {{"mode", "on"}, {"budget", budget}}}}, Profile::generic)["reasoning_effort"];
  };
  EXPECT_EQ(effort(1024), "low");
  EXPECT_EQ(effort(4096), "low");
  EXPECT_EQ(effort(4097), "medium");
  EXPECT_EQ(effort(16384), "medium");
  EXPECT_EQ(effort(16385), "high");
  EXPECT_EQ(body_of({{"reasoning", {{"mode", "on"}}}}, Profile::generic)["reasoning_effort"], "medium");
  EXPECT_FALSE(body_of({{"reasoning", {{"mode", "adaptive"}}}}, Profile::generic).contains("reasoning_effort"));
}

TEST(OpenAiWrite, SpeaksOfEffortInTheModelsWords) {
  const auto effort = [](std::string_view word, Profile profile, std::string_view model) {
    return body_of({{"reasoning", {{"effort", word}}}}, profile, model)["reasoning_effort"];
  };
  EXPECT_EQ(effort("none", Profile::openai, "gpt-5.2"), "none");
  EXPECT_EQ(effort("none", Profile::openai, "gpt-5-mini"), "minimal");
  EXPECT_EQ(effort("minimal", Profile::openai, "o3"), "low");
  EXPECT_EQ(effort("xhigh", Profile::openai, "gpt-5.1"), "high");
  EXPECT_EQ(effort("max", Profile::openai, "gpt-5.2"), "xhigh");
  EXPECT_EQ(effort("medium", Profile::deepseek, "deepseek-v4-pro"), "high");
  EXPECT_EQ(effort("high", Profile::openai, "gpt-4.1"), nullptr);
  EXPECT_EQ(body_of({{"reasoning", {{"mode", "off"}}}}, Profile::deepseek)["thinking"]["type"], "disabled");
}

TEST(OpenAiWrite, SendsThoughtsBackOnlyWhereTheyAreTaken) {
  const json from = json::parse(R"({"turns":[{"role":"assistant","parts":[{"kind":"thinking","text":"T"},"a"]},
    {"role":"assistant","parts":[{"kind":"tool_call","id":"abcdefghi","name":"f"}]},
    {"role":"assistant","parts":[{"kind":"thinking","text":"S","signature":"s"},"b"]}]})");
  const auto thoughts = [&](Profile profile, std::size_t message, const char* member) {
    return body_of(from, profile)["messages"][message].value(member, "-");
  };
  EXPECT_EQ(thoughts(Profile::openrouter, 0, "reasoning"), "T");
  EXPECT_EQ(thoughts(Profile::vllm, 0, "reasoning_content"), "T");
  EXPECT_EQ(thoughts(Profile::vllm, 3, "reasoning_content"), "-");  // signed: of another maker
  EXPECT_EQ(thoughts(Profile::deepseek, 0, "reasoning_content"), "-");
  EXPECT_EQ(thoughts(Profile::deepseek, 1, "reasoning_content"), "");
  EXPECT_EQ(thoughts(Profile::openai, 0, "reasoning_content"), "-");
}

}  // namespace
}  // namespace triaged::provider
