#include "unit/api/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::api {
namespace {

using chat::Dialect;
using test::golden_names;
using test::golden_text;
using test::pretty;

void check_golden(const std::string& folder, Dialect dialect, std::size_t least) {
  const auto names = golden_names(folder, ".conversation.json");
  ASSERT_GE(names.size(), least);
  for (const std::string& name : names) {
    const std::string body = golden_text(folder, name + ".json");
    const std::string seen = pretty(triaged::test::to_json(test::read(dialect, body)));
    EXPECT_EQ(seen, golden_text(folder, name + ".conversation.json")) << name;
  }
}

TEST(OpenAiChatConversation, ReadsEveryGoldenBody) {
  check_golden("openai_chat/conversations", Dialect::openai_chat, 6);
}

TEST(CompletionsConversation, ReadsEveryGoldenBody) {
  check_golden("completions/conversations", Dialect::openai_completions, 4);
}

struct Fault {
  std::string_view body;
  std::string_view param;
  std::string_view code;
};

void check_faults(Dialect dialect, const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    const auto read = parts_of(dialect).read(fault.body);
    ASSERT_FALSE(read) << fault.body;
    EXPECT_EQ(read.error().status, 400) << fault.body;
    EXPECT_EQ(read.error().param, fault.param) << fault.body << read.error().detail;
    EXPECT_EQ(read.error().code, fault.code) << fault.body << read.error().detail;
  }
}

TEST(OpenAiChatConversation, SaysWhichFieldIsWrong) {
  check_faults(
      Dialect::openai_chat,
      {{"", "", "invalid_json"},
       {"[]", "", "invalid_type"},
       {"{}", "messages", "missing_required_parameter"},
       {R"({"messages":[]})", "messages", "empty_array"},
       {R"({"messages":{}})", "messages", "invalid_type"},
       {R"({"messages":[1]})", "messages[0]", "invalid_type"},
       {R"({"messages":[{"content":"a"}]})", "messages[0].role", "missing_required_parameter"},
       {R"({"messages":[{"role":"robot"}]})", "messages[0].role", "invalid_value"},
       {R"({"messages":[{"role":"user","content":1}]})", "messages[0].content", "invalid_type"},
       {R"({"messages":[{"role":"user","content":[{"text":"a"}]}]})", "messages[0].content[0].type",
        "missing_required_parameter"},
       {R"({"messages":[{"role":"user","content":[{"type":"text","text":1}]}]})", "messages[0].content[0].text",
        "invalid_type"},
       {R"({"messages":[{"role":"tool","content":"a"}]})", "messages[0].tool_call_id", "missing_required_parameter"},
       {R"({"messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]})", "messages[0].tool_calls[0].function",
        "missing_required_parameter"},
       {R"({"messages":[{"role":"user"}],"tools":[{"type":"function"}]})", "tools[0].function",
        "missing_required_parameter"},
       {R"({"messages":[{"role":"user"}],"tools":[{"type":"function","function":{}}]})", "tools[0].function.name",
        "missing_required_parameter"},
       {R"({"messages":[{"role":"user"}],"tools":[1]})", "tools[0]", "invalid_type"},
       {R"({"messages":[{"role":"user"}],"tool_choice":"maybe"})", "tool_choice", "invalid_value"},
       {R"({"messages":[{"role":"user"}],"temperature":"hot"})", "temperature", "invalid_type"},
       {R"({"messages":[{"role":"user"}],"max_tokens":1.5})", "max_tokens", "invalid_value"},
       {R"({"messages":[{"role":"user"}],"n":0})", "n", "invalid_value"},
       {R"({"messages":[{"role":"user"}],"stop":[1]})", "stop[0]", "invalid_type"},
       {R"({"messages":[{"role":"user"}],"safety_identifier":1})", "safety_identifier", "invalid_type"},
       {R"({"messages":[{"role":"user"}],"stream":"yes"})", "stream", "invalid_type"}});
}

TEST(CompletionsConversation, SaysWhichFieldIsWrong) {
  check_faults(Dialect::openai_completions, {{"{}", "prompt", "missing_required_parameter"},
                                             {R"({"prompt":null})", "prompt", "missing_required_parameter"},
                                             {R"({"prompt":[]})", "prompt", "empty_array"},
                                             {R"({"prompt":1})", "prompt", "invalid_type"},
                                             {R"({"prompt":[true]})", "prompt[0]", "invalid_type"},
                                             {R"({"prompt":"a","logprobs":true})", "logprobs", "invalid_type"}});
}

TEST(OpenAiChatConversation, CutShortIsNeverRead) {
  const std::string body = golden_text("openai_chat/conversations", "everything.json");
  const std::size_t end = body.find_last_of('}');
  for (std::size_t size = 0; size <= end; ++size) {
    ASSERT_FALSE(parts_of(Dialect::openai_chat).read(std::string_view(body).substr(0, size))) << size;
  }
}

TEST(OpenAiChatConversation, HoldsViewsIntoTheBodyWhereNothingHasToBeChanged) {
  const std::string body = R"({"messages":[{"role":"user","content":[{"type":"text","text":"Hi\n"},)"
                           R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]})";
  const chat::Conversation conversation = test::read(Dialect::openai_chat, body);
  EXPECT_TRUE(conversation.own.empty());
  EXPECT_EQ(conversation.turns.at(0).parts.at(1).media.data.raw, "AAAA");
}

TEST(CompletionsConversation, TellsRoutingWhatItAsksFor) {
  Decoder decoder;
  const std::string body = R"({"model":"m","prompt":"Once \u00e9","max_tokens":9,"stream":true,"user":"u"})";
  const auto request = decoder.decode(Dialect::openai_completions, body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->messages.at(0).text, "Once é");
  EXPECT_EQ(request->max_output_tokens, 9);
  EXPECT_TRUE(request->stream);
  EXPECT_EQ(request->user, "u");
  ASSERT_EQ(request->model_values.size(), 1U);
  EXPECT_EQ(body.substr(request->model_values[0].begin, 3), R"("m")");
}

}  // namespace
}  // namespace triaged::api
