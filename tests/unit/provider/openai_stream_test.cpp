#include "triaged/wire/sse.hpp"

#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace triaged::provider {
namespace {

using chat::EventKind;
using nlohmann::json;
using triaged::test::golden_names;
using triaged::test::golden_text;

const std::string folder = "openai_chat/streams";

std::string_view name_of(EventKind kind) {
  switch (kind) {
    case EventKind::preamble: return "preamble";
    case EventKind::content: return "content";
    case EventKind::finish: return "finish";
    case EventKind::usage: return "usage";
    case EventKind::error: return "error";
    case EventKind::done: return "done";
  }
  return "";
}

class OpenAiStream : public ::testing::Test {
 protected:
  Result<chat::Event> decode(std::string_view data, std::string_view type = "") { return decoder_->decode(type, data); }

  config::Provider settings_ = test::provider_settings();
  std::unique_ptr<Provider> provider_ = make_provider(settings_);
  std::unique_ptr<StreamDecoder> decoder_ = provider_->codec(chat::Dialect::openai_chat).make_stream_decoder();
};

// Everything a stream says, in one value.
json summary_of(StreamDecoder& decoder, const std::string& bytes) {
  json facts{{"kinds", json::array()}, {"characters", 0}, {"usage", nullptr}};
  std::string text, model, finish;
  wire::SseReader reader;
  EXPECT_TRUE(reader.put(bytes));
  while (const auto sse = reader.next()) {
    const Result<chat::Event> event = decoder.decode(sse->event, sse->data);
    EXPECT_TRUE(event) << sse->data;
    if (!event) break;
    EXPECT_EQ(event->raw, sse->data);
    facts["kinds"].push_back(name_of(event->kind));
    facts["characters"] = facts["characters"].get<std::uint32_t>() + event->characters;
    text += event->text;
    if (!event->model.empty()) model = event->model;
    if (event->finish != chat::Finish::none) finish = chat::name(event->finish);
    if (event->usage) facts["usage"] = triaged::test::to_json(*event->usage);
    if (event->kind != EventKind::error) continue;
    facts["error_message"] = event->error_message;
    facts["error_code"] = event->error_code;
  }
  facts["text"] = text;
  facts["model"] = model;
  facts["finish"] = finish;
  return facts;
}

TEST_F(OpenAiStream, ReadsEveryGoldenStream) {
  const auto names = golden_names(folder, ".expected.json");
  ASSERT_GE(names.size(), 10U);
  for (const std::string& name : names) {
    const json expected = json::parse(golden_text(folder, name + ".expected.json"));
    const auto decoder = provider_->codec(chat::Dialect::openai_chat).make_stream_decoder();
    EXPECT_EQ(summary_of(*decoder, golden_text(folder, name + ".sse")), expected) << name;
  }
}

// What came before must not change how an event is read.
TEST_F(OpenAiStream, ReadsEachEventAsIfItWereTheFirst) {
  const std::string head = R"({"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{)";
  const std::string tail = R"(},"finish_reason":null}],"usage":null)";
  std::vector<std::string> events;
  for (const char* const delta :
       {R"("content":"one")", R"("content":" two")", R"("content":"")", R"("content":"a\nb")", R"("content":" three")",
        R"("content":"x","refusal":"no")", R"("content":"four","tool_calls":[{}])", R"("content":"five")",
        R"("reasoning_content":"hm","content":"six")", R"("content":null)", R"("content":"ü")",
        R"("content":[{"type":"text","text":"part"}])", R"("content":[{"type":"text","text":"other"}])"}) {
    events.push_back(head + delta + tail + "}");
    events.push_back(head + delta + tail + R"(,"obfuscation":"abcdef"})");
    events.push_back(head + delta + tail + R"(,"obfuscation":"gh"})");
    events.push_back(head + delta + R"(},"finish_reason":"stop"}]})");
    events.push_back(head + delta + R"(},"index":1}],"usage":{"prompt_tokens":1,"completion_tokens":2}})");
  }
  for (const std::string& before : events) {
    for (const std::string& data : events) {
      const auto fresh = provider_->codec(chat::Dialect::openai_chat).make_stream_decoder();
      const auto used = provider_->codec(chat::Dialect::openai_chat).make_stream_decoder();
      ASSERT_TRUE(used->decode("", before));
      const Result<chat::Event> expected = fresh->decode("", data);
      const Result<chat::Event> event = used->decode("", data);
      ASSERT_TRUE(expected && event) << data;
      EXPECT_EQ(name_of(event->kind), name_of(expected->kind)) << before << '\n' << data;
      EXPECT_EQ(event->text, expected->text) << before << '\n' << data;
      EXPECT_EQ(event->characters, expected->characters) << before << '\n' << data;
      EXPECT_EQ(event->model, expected->model);
      EXPECT_EQ(event->raw, data);
      EXPECT_EQ(event->finish, expected->finish);
      EXPECT_EQ(event->usage, expected->usage);
    }
  }
}

TEST_F(OpenAiStream, TellsKindsApart) {
  const std::vector<std::pair<std::string, EventKind>> cases{
      {"[DONE]", EventKind::done},
      {" [DONE] ", EventKind::done},
      {"", EventKind::preamble},
      {"{}", EventKind::preamble},
      {R"({"choices":[]})", EventKind::preamble},
      {R"({"choices":[{"delta":{"role":"assistant"}}]})", EventKind::preamble},
      {R"({"choices":[{"delta":{"content":""},"finish_reason":""}]})", EventKind::preamble},
      {R"({"choices":[{"delta":{"tool_calls":[]}}]})", EventKind::preamble},
      {R"({"choices":[{"delta":{"tool_calls":null,"function_call":null,"audio":null,"content":null}}]})",
       EventKind::preamble},
      {R"({"choices":[{"delta":null}]})", EventKind::preamble},
      {R"({"choices":[{"delta":{"content":" "}}]})", EventKind::content},
      {R"({"choices":[{"delta":{"reasoning":"x"}}]})", EventKind::content},
      {R"({"choices":[{"delta":{"reasoning_content":"x"}}]})", EventKind::content},
      {R"({"choices":[{"delta":{"refusal":"x"}}]})", EventKind::content},
      {R"({"choices":[{"delta":{"function_call":{"name":"f"}}}]})", EventKind::content},
      {R"({"choices":[{"delta":{"audio":{"id":"a"}}}]})", EventKind::content},
      {R"({"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]})", EventKind::finish},
      {R"({"choices":[{"finish_reason":"weird"}]})", EventKind::finish},
      {R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}})", EventKind::usage},
      {R"({"choices":[],"usage":null})", EventKind::preamble},
      {R"({"error":"overloaded"})", EventKind::error},
      {R"({"error":null,"choices":[{"delta":{"content":"x"}}]})", EventKind::content},
      {R"({"object":"error","message":"no","code":400})", EventKind::error},
  };
  for (const auto& [data, kind] : cases) {
    const auto event = decode(data);
    ASSERT_TRUE(event) << data;
    EXPECT_EQ(name_of(event->kind), name_of(kind)) << data;
  }
}

TEST_F(OpenAiStream, TakesAnEventNamedErrorForOne) {
  const auto event = decode(R"({"message":"overloaded"})", "error");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EventKind::error);
  EXPECT_FALSE(event->error_message.empty());
}

TEST_F(OpenAiStream, RefusesBrokenEvents) {
  for (const std::string data :
       {"[", "nonsense", "[DONE", "null", "12", R"({"choices":[{"delta":{"content":"x"}}]} {})",
        R"({"choices":[{"delta":{"content":"broken)", R"({"usage":nul})", "{\"choices\":\"\xC3(\"}"}) {
    const auto event = decode(data);
    ASSERT_FALSE(event) << data;
    EXPECT_EQ(event.error().kind, ErrorKind::protocol);
  }
}

TEST_F(OpenAiStream, RefusesEveryTruncationOfAnEvent) {
  const std::string data =
      R"({"id":"c","choices":[{"index":0,"delta":{"content":"x\u00e9\n","tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";
  ASSERT_TRUE(decode(data));
  for (std::size_t size = 1; size < data.size(); ++size) EXPECT_FALSE(decode(data.substr(0, size))) << size;
}

TEST_F(OpenAiStream, ForgetsAnErrorByTheNextEvent) {
  ASSERT_EQ(decode(R"({"error":{"message":"a","code":"b"}})")->kind, EventKind::error);
  const auto event = decode(R"({"choices":[{"delta":{"content":"x"}}]})");
  EXPECT_EQ(event->kind, EventKind::content);
  EXPECT_EQ(event->error_message, "");
}

TEST_F(OpenAiStream, PassesLoneSurrogatesAsReplacementCharacters) {
  const auto event = decode(R"({"choices":[{"delta":{"content":"\ud83d"}}]})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->text, "\xEF\xBF\xBD");
  EXPECT_EQ(event->characters, 1U);
}

}  // namespace
}  // namespace triaged::provider
