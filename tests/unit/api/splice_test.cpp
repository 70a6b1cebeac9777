#include "api/splice.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace triaged::api {
namespace {

using chat::EventKind;
using nlohmann::json;

chat::Event event_of(EventKind kind, std::string_view raw, std::string_view type = "") {
  chat::Event event;
  event.kind = kind;
  event.type = type;
  event.raw = raw;
  return event;
}

TEST(ChatSplice, PassesEventsThroughUntouched) {
  ChatSplice encoder(true);
  std::string out;
  ASSERT_TRUE(encoder.event(event_of(EventKind::preamble, R"({"a" : 1.0e0 })"), out));
  ASSERT_TRUE(encoder.event(event_of(EventKind::content, R"({"b":"\ud83d"})"), out));
  ASSERT_TRUE(encoder.event(event_of(EventKind::finish, "{}"), out));
  ASSERT_TRUE(encoder.event(event_of(EventKind::usage, R"({"u":1})"), out));
  ASSERT_TRUE(encoder.event(event_of(EventKind::done, "[DONE]"), out));
  encoder.end(out);
  EXPECT_EQ(out,
            "data: {\"a\" : 1.0e0 }\n\ndata: {\"b\":\"\\ud83d\"}\n\ndata: {}\n\ndata: {\"u\":1}\n\ndata: [DONE]\n\n");
}

TEST(ChatSplice, DropsTheUsageChunkThatTheClientHadNotAskedFor) {
  ChatSplice encoder(false);
  std::string out;
  ASSERT_TRUE(encoder.event(event_of(EventKind::usage, R"({"u":1})"), out));
  EXPECT_EQ(out, "");
  chat::Event content = event_of(EventKind::finish, R"({"choices":[{}],"usage":{}})");
  content.usage = chat::Usage{};
  ASSERT_TRUE(encoder.event(content, out));
  EXPECT_EQ(out, "data: {\"choices\":[{}],\"usage\":{}}\n\n");
}

TEST(ChatSplice, WritesNothingForAnErrorEventUntilErrorIsCalled) {
  ChatSplice encoder(true);
  std::string out;
  ASSERT_TRUE(encoder.event(event_of(EventKind::error, R"({"error":{}})"), out));
  EXPECT_EQ(out, "");
  encoder.error(upstream_error(ErrorKind::truncated, "The stream ended early."), out);
  EXPECT_EQ(out,
            "data: {\"error\":{\"message\":\"The stream ended early.\",\"type\":\"server_error\",\"param\":null,"
            "\"code\":\"truncated\"}}\n\n");
}

TEST(ChatSplice, KeepsEventsOfSeveralLinesTogether) {
  ChatSplice encoder(true);
  std::string out;
  ASSERT_TRUE(encoder.event(event_of(EventKind::content, "{\n\"a\":1}"), out));
  EXPECT_EQ(out, "data: {\ndata: \"a\":1}\n\n");
}

TEST(ChatSplice, AnnotatesTheFirstChunkAndAddsALastOne) {
  ChatSplice encoder(true);
  encoder.annotate({R"({"tier":"light"})", R"({"cost":"0.1"})"});
  std::string out;
  encoder.event(
      event_of(EventKind::preamble, "{\"id\":\"chatcmpl-\\u0031\",\"created\":12,\"model\":\"m\",\"choices\":[]} "),
      out);
  ASSERT_TRUE(encoder.event(event_of(EventKind::content, R"({"id":"x"})"), out));
  encoder.end(out);
  EXPECT_EQ(out,
            "data: "
            "{\"id\":\"chatcmpl-\\u0031\",\"created\":12,\"model\":\"m\",\"choices\":[],\"triaged\":{\"tier\":"
            "\"light\"}} \n\n"
            "data: {\"id\":\"x\"}\n\n"
            "data: {\"id\":\"chatcmpl-\\u0031\",\"object\":\"chat.completion.chunk\",\"created\":12,\"model\":\"m\","
            "\"choices\":[],\"triaged\":{\"cost\":\"0.1\"}}\n\n"
            "data: [DONE]\n\n");
}

TEST(ChatSplice, MakesAWholeLastChunkEvenWithoutAnythingToRepeat) {
  ChatSplice encoder(true);
  encoder.annotate({"", R"({"a":1})"});
  std::string out;
  ASSERT_TRUE(encoder.event(event_of(EventKind::content, "{}"), out));
  encoder.end(out);
  EXPECT_EQ(out.substr(0, 10), "data: {}\n\n");
  const json chunk = json::parse(out.substr(16, out.find("\n\n", 16) - 16));
  EXPECT_EQ(chunk["object"], "chat.completion.chunk");
  EXPECT_EQ(chunk["triaged"]["a"], 1);
}

TEST(ChatSplice, SplicesTheAnnotationIntoAWholeAnswer) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"a":1})", R"({"a":1,"triaged":{"t":1}})"},
      {"{ }\n", "{ \"triaged\":{\"t\":1}}\n"},
      {"{\"a\":{}\n}\r\n", "{\"a\":{}\n,\"triaged\":{\"t\":1}}\r\n"},
      {"[]", "[]"},
      {"", ""},
      {"}", "}"},
  };
  for (const auto& [body, expected] : cases) {
    std::string out;
    ChatSplice encoder(false);
    encoder.annotate({"", R"({"t":1})"});
    ASSERT_TRUE(encoder.answer(body, out));
    EXPECT_EQ(out, expected);
  }
  std::string out;
  ASSERT_TRUE(ChatSplice(false).answer("{\"a\":1}", out));
  EXPECT_EQ(out, "{\"a\":1}");
}

std::string passed_on_messages(const Annotation& at_first, const Annotation& at_last) {
  TypedSplice encoder(chat::Dialect::anthropic);
  std::string out;
  encoder.annotate(at_first);
  EXPECT_TRUE(encoder.event(event_of(EventKind::preamble, R"({"type":"message_start"})", "message_start"), out));
  EXPECT_TRUE(
      encoder.event(event_of(EventKind::content, R"({"type":"content_block_delta" })", "content_block_delta"), out));
  EXPECT_TRUE(encoder.event(event_of(EventKind::finish, R"({"type":"message_delta"})", "message_delta"), out));
  EXPECT_TRUE(encoder.event(event_of(EventKind::done, R"({"type":"message_stop"})", "message_stop"), out));
  encoder.annotate(at_last);
  encoder.end(out);
  return out;
}

TEST(TypedSplice, PassesEventsThroughUntouched) {
  EXPECT_EQ(passed_on_messages({}, {}),
            "event: message_start\ndata: {\"type\":\"message_start\"}\n\n"
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\" }\n\n"
            "event: message_delta\ndata: {\"type\":\"message_delta\"}\n\n"
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
}

TEST(TypedSplice, AnnotatesTheFirstEventAndTheLast) {
  EXPECT_EQ(passed_on_messages({R"({"tier":"light"})", ""}, {R"({"tier":"light"})", R"({"cost":"0.1"})"}),
            "event: message_start\ndata: {\"type\":\"message_start\",\"triaged\":{\"tier\":\"light\"}}\n\n"
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\" }\n\n"
            "event: message_delta\ndata: {\"type\":\"message_delta\"}\n\n"
            "event: message_stop\ndata: {\"type\":\"message_stop\",\"triaged\":{\"cost\":\"0.1\"}}\n\n");
}

}  // namespace
}  // namespace triaged::api
