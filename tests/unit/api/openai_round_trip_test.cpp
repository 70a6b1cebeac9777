// Read and written again, a request keeps every field, or the field is named among those that are lost.
#include "provider/openai/openai_write.hpp"
#include "unit/api/openai_fixture.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace triaged::api {
namespace {

using config::Profile;
using nlohmann::json;

class RandomRequest {
 public:
  explicit RandomRequest(std::uint32_t seed) : random_(seed) {}

  json make() {
    json body{{"model", word()}, {"messages", json::array()}};
    const std::size_t turns = 1 + pick(6);
    for (std::size_t i = 0; i < turns; ++i) add_turn(body["messages"]);
    add_tools(body);
    add_members(body);
    return body;
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  bool maybe() { return pick(2) == 0; }

  std::string word() {
    static const std::vector<std::string> pieces{"a", "Zoë", "\"", "\\", "\n",     "\t",
                                                 "/", "😀",   " ",  "x1", "\u0001", "{}"};
    std::string text;
    for (std::size_t i = 0; i <= pick(5); ++i) text += pieces[pick(pieces.size())];
    return text + "w";
  }

  json content() {
    if (maybe()) return word();
    json parts = json::array();
    for (std::size_t i = 0; i < 2 + pick(3); ++i) {
      switch (pick(5)) {
        case 0:
          parts.push_back({{"type", "image_url"}, {"image_url", {{"url", "data:image/jpeg;base64,AAAA"}}}});
          break;
        case 1:
          parts.push_back({{"type", "image_url"}, {"image_url", {{"url", "https://x/" + word()}, {"detail", "low"}}}});
          break;
        case 2:
          parts.push_back({{"type", "input_audio"}, {"input_audio", {{"data", "AAAA"}, {"format", "wav"}}}});
          break;
        case 3:
          parts.push_back(
              {{"type", "file"}, {"file", {{"filename", word()}, {"file_data", "data:application/pdf;base64,AAAA"}}}});
          break;
        default: parts.push_back({{"type", "text"}, {"text", word()}}); break;
      }
    }
    return parts;
  }

  void add_turn(json& messages) {
    switch (pick(4)) {
      case 0: messages.push_back({{"role", "system"}, {"content", word()}}); break;
      case 1: {
        json message{{"role", "user"}, {"content", content()}};
        if (maybe()) message["name"] = "ann";
        messages.push_back(message);
        break;
      }
      case 2: messages.push_back({{"role", "assistant"}, {"content", word()}}); break;
      default: {
        json message{{"role", "assistant"}, {"content", nullptr}, {"tool_calls", json::array()}};
        const std::size_t calls = 1 + pick(3);
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < calls; ++i) {
          ids.push_back("call_" + std::to_string(next_id_++));
          message["tool_calls"].push_back(
              {{"id", ids.back()},
               {"type", "function"},
               {"function", {{"name", "f" + std::to_string(i)}, {"arguments", json{{word(), word()}}.dump()}}}});
        }
        messages.push_back(message);
        for (const std::string& id : ids)
          messages.push_back({{"role", "tool"}, {"tool_call_id", id}, {"content", word()}});
      }
    }
  }

  void add_tools(json& body) {
    if (maybe()) return;
    json function{{"name", "f0"}, {"description", word()}, {"parameters", {{"type", "object"}, {"title", word()}}}};
    if (maybe()) function["strict"] = maybe();
    body["tools"].push_back({{"type", "function"}, {"function", function}});
    static const std::vector<json> choices{
        "auto", "none", "required", {{"type", "function"}, {"function", {{"name", "f0"}}}}};
    if (maybe()) body["tool_choice"] = choices[pick(choices.size())];
    if (maybe()) body["parallel_tool_calls"] = maybe();
  }

  void add_members(json& body) {
    const std::vector<std::pair<std::string, json>> members{
        {"temperature", 0.25},
        {"top_p", 0.5},
        {"presence_penalty", 1},
        {"frequency_penalty", -1},
        {"seed", 7},
        {"logit_bias", {{"1", 2}}},
        {"n", 3},
        {"logprobs", true},
        {"top_logprobs", 2},
        {"max_tokens", 10},
        {"reasoning_effort", "low"},
        {"verbosity", "low"},
        {"user", word()},
        {"metadata", {{"k", word()}}},
        {"store", true},
        {"prompt_cache_key", word()},
        {"service_tier", "flex"},
        {"modalities", {"text", "audio"}},
        {"audio", {{"voice", "ash"}}},
        {"prediction", {{"type", "content"}, {"content", word()}}},
        {"top_k", 4},
        {"stop", {word(), word()}},
        {"vendor_thing", {{"deep", word()}}},
        {"stream", true},
        {"response_format",
         {{"type", "json_schema"}, {"json_schema", {{"name", "n"}, {"schema", json::object()}, {"strict", true}}}}}};
    for (const auto& [name, value] : members) {
      if (pick(3) == 0) body[name] = value;
    }
  }

  std::mt19937 random_;
  int next_id_ = 0;
};

// What two ways of saying the same have in common.
json canonical(json body) {
  body.erase("model");
  body.erase("stream_options");
  for (const auto& [old_name, new_name] :
       {std::pair("max_tokens", "max_completion_tokens"), std::pair("random_seed", "seed")}) {
    if (!body.contains(old_name)) continue;
    body[new_name] = body[old_name];
    body.erase(old_name);
  }
  return body;
}

TEST(OpenAiRoundTrip, KeepsEveryFieldOrNamesIt) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const json body = RandomRequest(seed).make();
    const std::string text = body.dump();
    const json wanted = canonical(body);
    const chat::Conversation conversation = test::read(chat::Dialect::openai_chat, text);
    for (const Profile profile : {Profile::generic, Profile::openai, Profile::vllm}) {
      const auto written = provider::write_openai_chat(conversation, "m", profile);
      const json sent = canonical(json::parse(written.body));
      const std::set<std::string> dropped(written.dropped.begin(), written.dropped.end());
      bool files_lost = false;
      for (const std::string& path : dropped) files_lost = files_lost || path.find("content[") != std::string::npos;
      for (const auto& [name, value] : wanted.items()) {
        if (dropped.count(name) != 0 || (name == "messages" && files_lost)) continue;
        ASSERT_EQ(sent.value(name, json()), value) << seed << " " << config::name(profile) << " " << name << "\n"
                                                   << text;
      }
      for (const auto& [name, value] : sent.items()) ASSERT_TRUE(wanted.contains(name)) << seed << " " << name;
    }
  }
}

TEST(OpenAiRoundTrip, IsTheSameTheSecondTime) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const std::string text = RandomRequest(seed).make().dump();
    const auto once = provider::write_openai_chat(test::read(chat::Dialect::openai_chat, text), "m", Profile::openai);
    const auto twice =
        provider::write_openai_chat(test::read(chat::Dialect::openai_chat, once.body), "m", Profile::openai);
    ASSERT_EQ(once.body, twice.body) << seed;
  }
}

// An answer written in OpenAI's dialect and read again is the same answer.
TEST(OpenAiRoundTrip, AnswersComeBackAsTheyWere) {
  const test::Json from = test::golden_json("openai_chat/replies", "tools.json");
  const std::string whole = test::reply_to({{"steps", from.at("steps")}}, chat::Dialect::openai_chat, false);
  const json message = json::parse(whole)["choices"][0]["message"];
  const json request{{"messages", {message, {{"role", "tool"}, {"tool_call_id", "a"}, {"content", "r"}}}}};
  const std::string text = request.dump();
  const chat::Conversation conversation = test::read(chat::Dialect::openai_chat, text);
  ASSERT_EQ(conversation.turns.at(0).parts.size(), 5U);
  EXPECT_EQ(conversation.turns.at(0).parts.at(1).arguments, "{\"q\":\"x\\n\"}");
}

}  // namespace
}  // namespace triaged::api
