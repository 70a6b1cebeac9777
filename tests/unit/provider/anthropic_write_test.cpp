#include "provider/anthropic/anthropic_write.hpp"

#include "provider/anthropic/anthropic_model.hpp"
#include "support/golden/conversation.hpp"
#include "support/golden/files.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace triaged::provider {
namespace {

using nlohmann::json;
using triaged::test::conversation_of;
using triaged::test::golden_json;
using triaged::test::golden_names;
using triaged::test::golden_text;

const std::string folder = "anthropic/requests";

json written(const chat::Conversation& conversation, const std::string& model, std::int64_t max_output = 0) {
  config::Target target = test::target_of(model);
  target.max_output = max_output;
  const AnthropicBody body = write_anthropic(conversation, target);
  return {{"body", json::parse("{" + body.members + "}")}, {"dropped", body.dropped}};
}

void check_golden(const std::string& name, const chat::Conversation& conversation, const std::string& model) {
  EXPECT_EQ(written(conversation, model), json::parse(golden_text(folder, name + ".written.json"))) << name;
}

// NAME.conversation.json is a Conversation and the model that it is written for.
TEST(AnthropicWrite, WritesEveryGoldenConversation) {
  const auto names = golden_names(folder, ".conversation.json");
  EXPECT_GE(names.size(), 42U);
  for (const std::string& name : names) {
    const auto given = golden_json(folder, name + ".conversation.json");
    check_golden(name, conversation_of(given.at("conversation")), given.at("target"));
  }
}

TEST(AnthropicWrite, WritesWhatWasReadFromEveryGoldenBody) {
  const auto names = golden_names(folder, ".read.json");
  EXPECT_GE(names.size(), 12U);
  for (const std::string& name : names) {
    const chat::Conversation conversation = conversation_of(golden_json(folder, name + ".read.json"));
    check_golden(name, conversation, conversation.model.resolved());
  }
}

// What the API demands of every history, whatever the client's looked like.
void check_history(const json& messages, const std::string& name) {
  std::set<std::string> open, all;
  std::string role;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const json& message = messages[i];
    EXPECT_NE(message["role"], role) << name << ": turns alternate";
    role = message["role"];
    EXPECT_TRUE(i != 0 || role == "user") << name << ": a user begins";
    EXPECT_FALSE(message["content"].empty()) << name;
    bool results_only = true;
    for (const json& block : message["content"]) {
      if (block["type"] == "tool_result") {
        EXPECT_TRUE(results_only) << name << ": results come first";
        EXPECT_EQ(open.erase(block["tool_use_id"].get<std::string>()), 1U) << name;
        continue;
      }
      results_only = false;
      EXPECT_TRUE(role != "user" || open.empty()) << name << ": every call has its result";
      if (block["type"] == "text") {
        EXPECT_NE(block["text"].get<std::string>().find_first_not_of(" \t\r\n"), std::string::npos) << name;
      }
      if (block["type"] != "tool_use") continue;
      const std::string id = block["id"];
      EXPECT_TRUE(all.insert(id).second) << name << ": ids come once";
      EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
                std::string::npos);
      open.insert(id);
    }
  }
  EXPECT_TRUE(open.empty()) << name << ": the last calls have results too";
}

TEST(AnthropicWrite, KeepsToTheRulesForHistories) {
  for (const std::string& name : golden_names(folder, ".conversation.json")) {
    const auto given = golden_json(folder, name + ".conversation.json");
    const json body = written(conversation_of(given.at("conversation")), given.at("target"))["body"];
    check_history(body["messages"], name);
    EXPECT_TRUE(body.dump().find("tool_use") == std::string::npos || body.contains("tools")) << name;
  }
}

// Orders of a few kinds of turns, every fifth of all that there are.
TEST(AnthropicWrite, RepairsShortHistoriesOfAllKinds) {
  const json turns = json::parse(R"([
    {"role":"user","parts":["u"]},
    {"role":"assistant","parts":["a "]},
    {"role":"assistant","parts":[{"kind":"tool_call","id":"x","name":"f","arguments":{}},{"kind":"tool_call","id":"y","name":"f","arguments":{}}]},
    {"role":"tool","parts":[{"kind":"tool_result","id":"x","content":["r"]}]},
    {"role":"tool","parts":[{"kind":"tool_result","id":"y","content":[]}]},
    {"role":"system","parts":["s"]},
    {"role":"user","parts":[" "]}])");
  constexpr std::size_t length = 4;
  std::size_t orders = 1;
  for (std::size_t i = 0; i < length; ++i) orders *= turns.size();
  for (std::size_t order = 0; order < orders; order += 5) {
    json described{{"turns", json::array()}};
    for (std::size_t rest = order, i = 0; i < length; ++i, rest /= turns.size()) {
      described["turns"].push_back(turns[rest % turns.size()]);
    }
    const json body = written(conversation_of(described), "claude-sonnet-4-5")["body"];
    check_history(body["messages"], described["turns"].dump());
    if (HasFailure()) return;
  }
}

TEST(AnthropicWrite, NeverThinksWithMoreThanThereIs) {
  for (const char* const effort : {"minimal", "low", "medium", "high", "xhigh", "max", "odd"}) {
    for (const std::int64_t limit : {1, 1024, 2047, 2048, 3000, 10000, 64000}) {
      for (const std::int64_t max_output : {0, 1000, 8192, 64000}) {
        const json described{{"reasoning", {{"effort", effort}}}, {"max_output_tokens", limit}};
        const json body = written(conversation_of(described), "claude-sonnet-4-5", max_output)["body"];
        EXPECT_LE(body["max_tokens"].get<std::int64_t>(), limit);
        EXPECT_TRUE(max_output == 0 || body["max_tokens"].get<std::int64_t>() <= max_output);
        if (!body.contains("thinking")) continue;
        EXPECT_GE(body["thinking"]["budget_tokens"].get<std::int64_t>(), 1024);
        EXPECT_LT(body["thinking"]["budget_tokens"].get<std::int64_t>(), body["max_tokens"].get<std::int64_t>());
      }
    }
  }
}

TEST(AnthropicModel, IsKnownByItsName) {
  using Thinking = AnthropicModel::Thinking;
  using Off = AnthropicModel::Off;
  EXPECT_EQ(anthropic_model("claude-3-5-sonnet-20241022").thinking, Thinking::none);
  EXPECT_EQ(anthropic_model("claude-3-7-sonnet-latest").thinking, Thinking::budget);
  EXPECT_EQ(anthropic_model("claude-opus-4-20250514").thinking, Thinking::budget);
  EXPECT_TRUE(anthropic_model("claude-opus-4-20250514").temperature_and_top_p);
  EXPECT_FALSE(anthropic_model("claude-opus-4-1-20250805").temperature_and_top_p);
  EXPECT_TRUE(anthropic_model("claude-opus-4-1").structured);
  EXPECT_FALSE(anthropic_model("claude-sonnet-4").structured);
  EXPECT_EQ(anthropic_model("claude-haiku-4-5@20251001").thinking, Thinking::budget);
  EXPECT_TRUE(anthropic_model("claude-haiku-4-5").prefill);
  EXPECT_EQ(anthropic_model("claude-opus-4-6").thinking, Thinking::adaptive);
  EXPECT_TRUE(anthropic_model("claude-opus-4-6").sampling);
  EXPECT_FALSE(anthropic_model("claude-opus-4-6").prefill);
  EXPECT_FALSE(anthropic_model("claude-opus-4-7").sampling);
  EXPECT_EQ(anthropic_model("claude-opus-4-8").off, Off::unset);
  EXPECT_EQ(anthropic_model("claude-opus-5").off, Off::disabled);
  EXPECT_EQ(anthropic_model("claude-opus-5-5").off, Off::never);
  EXPECT_EQ(anthropic_model("anthropic.claude-sonnet-5-5-v1:0").off, Off::between_tools);
  EXPECT_EQ(anthropic_model("claude-fable-5-1").off, Off::never);
  EXPECT_FALSE(anthropic_model("claude-mythos-preview").forced_tools);
  EXPECT_EQ(anthropic_model("kimi-k2-thinking").thinking, Thinking::budget);
}

}  // namespace
}  // namespace triaged::provider
