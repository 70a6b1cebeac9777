#include "api/anthropic/anthropic.hpp"
#include "api/facts.hpp"
#include "support/golden/conversation.hpp"
#include "support/golden/files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::api {
namespace {

using test::golden_names;
using test::golden_text;
using test::Json;

const std::string folder = "anthropic/requests";

TEST(AnthropicConversation, ReadsEveryGoldenBody) {
  const auto names = golden_names(folder, ".read.json");
  ASSERT_GE(names.size(), 12U);
  for (const std::string& name : names) {
    const std::string body = golden_text(folder, name + ".json");
    const auto conversation = read_anthropic(body);
    ASSERT_TRUE(conversation) << name << conversation.error().detail;
    EXPECT_EQ(test::pretty(test::to_json(*conversation)), golden_text(folder, name + ".read.json")) << name;
  }
}

TEST(AnthropicConversation, LeavesThreadsToTheirMaker) {
  const auto read = [](const std::string& more) {
    return read_anthropic(R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}])" + more + "}");
  };
  for (const char* const thread : {R"({"type":"create"})", R"({"type":"continue","previous_message_id":"m1"})"}) {
    const auto conversation = read(R"(,"thread":)" + std::string(thread));
    ASSERT_TRUE(conversation) << thread;
    EXPECT_NE(conversation->native_only, "") << thread;
    EXPECT_EQ(conversation->native_only_param, "thread") << thread;
  }
  EXPECT_EQ(read("")->native_only, "");
  EXPECT_EQ(read(R"(,"thread":null)")->native_only, "");
}

struct Fault {
  const char* body;
  const char* param;
};

TEST(AnthropicConversation, NamesTheFieldAtFault) {
  for (
      const Fault& fault : {
          Fault{R"({"max_tokens":1})", "messages"},
          Fault{R"({"messages":[{"role":"user","content":"x"}]})", "max_tokens"},
          Fault{R"({"max_tokens":0,"messages":[{"role":"user","content":"x"}]})", "max_tokens"},
          Fault{R"({"max_tokens":1,"messages":[]})", "messages"},
          Fault{R"({"max_tokens":1,"messages":{}})", "messages"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"tool","content":"x"}]})", "messages[0].role"},
          Fault{R"({"max_tokens":1,"messages":[{"content":"x"}]})", "messages[0].role"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user"}]})", "messages[0].content"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":5}]})", "messages[0].content"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":[{"text":"x"}]}]})",
                "messages[0].content[0].type"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":[{"type":"text"}]}]})",
                "messages[0].content[0].text"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":[{"type":"image"}]}]})",
                "messages[0].content[0].source"},
          Fault{
              R"({"max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":5}],"tool_use_id":"a"}]}]})",
              "messages[0].content[0].content[0].text"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"tool"}})",
                "tool_choice.name"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"odd"}})",
                "tool_choice.type"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"odd"}})",
                "thinking.type"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{}]})", "tools[0].name"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}],"system":true})", "system"},
          Fault{R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}],"stream":"yes"})", "stream"},
          Fault{R"([])", ""},
          Fault{R"({"max_tokens":1)", ""},
          Fault{"", ""},
      }) {
    const std::string body = fault.body;
    const auto conversation = read_anthropic(body);
    ASSERT_FALSE(conversation) << body;
    EXPECT_EQ(conversation.error().status, 400) << body;
    EXPECT_EQ(conversation.error().param, fault.param) << body;
    EXPECT_FALSE(conversation.error().detail.empty()) << body;
  }
}

TEST(AnthropicConversation, AsksForNoLimitWhereTokensAreOnlyCounted) {
  EXPECT_TRUE(read_anthropic_count(R"({"messages":[{"role":"user","content":"x"}]})"));
  EXPECT_EQ(count_tokens_body(12), R"({"input_tokens":12})");
}

TEST(AnthropicConversation, TellsRoutingAllMetadataAlthoughProvidersAreToldOfTheUserAlone) {
  const std::string body = R"({"model":"m","max_tokens":9,"metadata":{"user_id":"u","job":"nightly","n":1},)"
                           R"("messages":[{"role":"user","content":"x"}]})";
  const auto conversation = read_anthropic(body);
  ASSERT_TRUE(conversation);
  const chat::Request request = facts_of(*conversation, body);
  using Pair = std::pair<std::string_view, std::string_view>;
  EXPECT_EQ(request.metadata, (std::vector<Pair>{{"user_id", "u"}, {"job", "nightly"}}));
  EXPECT_TRUE(conversation->metadata.empty());
}

TEST(AnthropicConversation, TellsRoutingWhatItWantsToKnow) {
  const std::string body = golden_text(folder, "tools.json");
  const auto conversation = read_anthropic(body);
  ASSERT_TRUE(conversation);
  const chat::Request request = facts_of(*conversation, body);
  EXPECT_EQ(request.dialect, chat::Dialect::anthropic);
  EXPECT_EQ(request.tools, 3U);
  EXPECT_TRUE(request.tool_choice_forced);
  ASSERT_EQ(request.messages.size(), 3U);
  EXPECT_EQ(request.messages[1].tool_calls, 2U);
  EXPECT_EQ(request.messages[2].images, 1U);
  EXPECT_EQ(request.model_values.size(), 1U);
}

TEST(AnthropicErrors, HaveTheTypeOfTheirStatus) {
  for (const auto& [status, type] : std::vector<std::pair<int, std::string>>{{400, "invalid_request_error"},
                                                                             {401, "authentication_error"},
                                                                             {402, "billing_error"},
                                                                             {403, "permission_error"},
                                                                             {404, "not_found_error"},
                                                                             {405, "invalid_request_error"},
                                                                             {413, "request_too_large"},
                                                                             {429, "rate_limit_error"},
                                                                             {500, "api_error"},
                                                                             {502, "api_error"},
                                                                             {503, "overloaded_error"},
                                                                             {504, "timeout_error"},
                                                                             {529, "overloaded_error"}}) {
    const Json body =
        Json::parse(anthropic_error_body(Error(Blame::client, ErrorKind::invalid_request, status, "A \"b\"")));
    EXPECT_EQ(body["type"], "error");
    EXPECT_EQ(body["error"]["type"], type) << status;
    EXPECT_EQ(body["error"]["message"], "A \"b\"");
  }
}

}  // namespace
}  // namespace triaged::api
