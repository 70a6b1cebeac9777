#include "unit/api/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::api {
namespace {

using chat::Dialect;
using test::golden_json;
using test::golden_names;
using test::golden_text;
using test::Json;
using test::reply_to;

void check_golden(const std::string& folder, Dialect dialect, std::size_t least) {
  const auto names = golden_names(folder, ".json");
  ASSERT_GE(names.size(), least);
  for (const std::string& name : names) {
    const Json from = golden_json(folder, name + ".json");
    const auto expected = nlohmann::json::parse(golden_text(folder, name + ".expected.json"));
    const auto whole = nlohmann::json::parse(reply_to(from, dialect, false));
    EXPECT_EQ(whole, expected.at("whole")) << name << "\n" << whole.dump(1);
    const nlohmann::json events = test::chat_events_of(reply_to(from, dialect, true));
    EXPECT_EQ(events, expected.at("stream")) << name << "\n" << events.dump(1);
  }
}

TEST(OpenAiChatWriter, WritesEveryGoldenReply) { check_golden("openai_chat/replies", Dialect::openai_chat, 6); }

TEST(CompletionsWriter, WritesEveryGoldenReply) { check_golden("completions/replies", Dialect::openai_completions, 4); }

// What the stream's deltas add up to.
struct Added {
  std::string content, reasoning, arguments, finish;
};

Added added(const Json& events) {
  Added sum;
  for (const Json& event : events) {
    if (!event.is_object() || event["choices"].empty()) continue;
    const Json& choice = event["choices"][0];
    if (choice.at("index") != 0) continue;
    sum.content += choice["delta"].value("content", "");
    sum.reasoning += choice["delta"].value("reasoning_content", "");
    for (const Json& call : choice["delta"].value("tool_calls", Json::array())) {
      if (call.contains("function")) sum.arguments += call["function"].value("arguments", "");
    }
    if (choice["finish_reason"].is_string()) sum.finish += choice["finish_reason"];
  }
  return sum;
}

TEST(OpenAiChatWriter, StreamsAddUpToTheWhole) {
  for (const std::string& name : golden_names("openai_chat/replies", ".json")) {
    const Json from = golden_json("openai_chat/replies", name + ".json");
    const Json choice = Json::parse(reply_to(from, Dialect::openai_chat, false)).at("choices").at(0);
    const Added sum = added(test::chat_events_of(reply_to(from, Dialect::openai_chat, true)));
    const Json& message = choice.at("message");
    EXPECT_EQ(sum.content, message["content"].is_string() ? message["content"].get<std::string>() : "") << name;
    EXPECT_EQ(sum.reasoning, message.value("reasoning_content", "")) << name;
    EXPECT_EQ(sum.finish, choice.at("finish_reason")) << name;
    std::string arguments;
    for (const Json& call : message.value("tool_calls", Json::array())) {
      // A call without arguments has none in a stream, and an empty object in a whole answer.
      const std::string one = call.contains("function") ? call["function"]["arguments"].get<std::string>() : "";
      arguments += one == "{}" ? "" : one;
    }
    EXPECT_EQ(sum.arguments.size(), arguments.size()) << name;
  }
}

TEST(OpenAiChatWriter, TellsNoUsageThatNobodyAskedFor) {
  const Json from{{"steps", {{{"kind", "text"}, {"text", "a"}, {"usage", {{"input", 1}}}}}}};
  const std::string stream = reply_to(from, Dialect::openai_chat, true);
  EXPECT_EQ(stream.find("usage"), std::string::npos) << stream;
  EXPECT_TRUE(stream.ends_with("data: [DONE]\n\n"));
}

TEST(OpenAiChatWriter, EndsABrokenStreamWithAnErrorAndNoEnd) {
  for (const Dialect dialect : {Dialect::openai_chat, Dialect::openai_completions}) {
    ReplyContext context;
    context.dialect = dialect;
    context.stream = true;
    const auto writer = parts_of(dialect).make_writer(context);
    std::string out;
    writer->write_to(out);
    writer->error(upstream_error(ErrorKind::truncated, "It ended early."));
    const Json events = test::chat_events_of(out);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]["error"]["code"], "truncated");
    EXPECT_EQ(out.find("[DONE]"), std::string::npos);
  }
}

TEST(OpenAiChatWriter, GivesIdsOfOtherMakersThePrefixOfOpenAis) {
  const auto id_of = [](std::string_view id) {
    const Json from{{"steps", {{{"kind", "start"}, {"id", id}, {"name", "m"}}}}};
    return Json::parse(reply_to(from, Dialect::openai_chat, false)).at("id").get<std::string>();
  };
  EXPECT_EQ(id_of("msg_1"), "chatcmpl-msg_1");
  EXPECT_EQ(id_of("chatcmpl-1"), "chatcmpl-1");
  EXPECT_EQ(id_of(""), "chatcmpl-req-1");
}

}  // namespace
}  // namespace triaged::api
