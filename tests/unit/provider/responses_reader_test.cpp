#include "provider/openai/responses_reader.hpp"

#include "triaged/wire/sse.hpp"

#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"
#include "unit/provider/reading.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using triaged::test::golden_json;
using triaged::test::golden_names;
using triaged::test::golden_text;
using triaged::test::Json;
using triaged::test::pretty;
using triaged::test::Steps;

const std::string answers = "responses/answers";
const std::string streams = "responses/streams";

Json steps_of(std::string_view bytes, std::size_t cut) {
  return test::steps_of_stream(make_responses_reader(), bytes, cut);
}

TEST(ResponsesReader, ReadsEveryGoldenStream) {
  const auto names = golden_names(streams, ".sse");
  ASSERT_GE(names.size(), 11U);
  for (const std::string& name : names) {
    const std::string bytes = golden_text(streams, name + ".sse");
    EXPECT_EQ(pretty(steps_of(bytes, 0)), golden_text(streams, name + ".steps.json")) << name;
  }
}

TEST(ResponsesReader, ReadsTheSameFromAStreamThatIsCutAnywhere) {
  for (const std::string name : {"refusal", "without_event_lines"}) {
    const std::string bytes = golden_text(streams, name + ".sse");
    const Json whole = golden_json(streams, name + ".steps.json");
    for (std::size_t at = 0; at <= bytes.size(); ++at) ASSERT_EQ(steps_of(bytes, at), whole) << name << " at " << at;
  }
}

TEST(ResponsesReader, ReadsEveryGoldenAnswer) {
  const auto names = golden_names(answers, ".json");
  ASSERT_GE(names.size(), 9U);
  for (const std::string& name : names) {
    Steps steps;
    ASSERT_TRUE(make_responses_reader()->whole(golden_text(answers, name + ".json"), steps)) << name;
    EXPECT_EQ(pretty(steps.list), golden_text(answers, name + ".steps.json")) << name;
  }
}

TEST(ResponsesReader, CallsWhatIsNoResponseAnErrorOfTheProvider) {
  Steps steps;
  for (const std::string_view data : {"{", "[]", "7", "{\"type\":\"response.created\",}", "\"\xff\""}) {
    const Result<void> event = make_responses_reader()->event("response.created", data, steps);
    ASSERT_FALSE(event) << data;
    EXPECT_EQ(event.error().kind, ErrorKind::protocol);
    EXPECT_FALSE(make_responses_reader()->whole(data, steps)) << data;
  }
}

// Values of every other type where a certain one belongs.
TEST(ResponsesReader, PassesOverWhatItDoesNotUnderstand) {
  for (const std::string_view value : {"null", "7", "\"x\"", "[]", "[1]", "{}", "true", "{\"id\":1}"}) {
    for (const std::string_view member :
         {"delta", "item", "response", "output_index", "content_index", "logprobs", "annotation", "code", "message"}) {
      for (const std::string_view type :
           {"response.created", "response.output_item.added", "response.output_item.done", "response.output_text.delta",
            "response.function_call_arguments.delta", "response.output_text.annotation.added", "response.completed",
            "response.failed", "error"}) {
        std::string data = R"({"type":")" + std::string(type) + R"(",")" + std::string(member) + "\":";
        data.append(value).append("}");
        Steps steps;
        EXPECT_TRUE(make_responses_reader()->event(type, data, steps)) << data;
      }
    }
  }
}

TEST(ResponsesCodec, EndsAStreamWithItsLastEventAndItsUsage) {
  const config::Provider settings = test::responses_settings();
  const auto provider = make_provider(settings);
  const AnswerCodec& codec = provider->codec(chat::Dialect::openai_responses);
  EXPECT_EQ(codec.dialect(), chat::Dialect::openai_responses);
  const auto decoder = codec.make_stream_decoder();
  const std::string bytes = golden_text(streams, "text.sse");
  wire::SseReader events;
  ASSERT_TRUE(events.put(bytes));
  std::string text;
  std::vector<chat::EventKind> kinds;
  while (const auto sse = events.next()) {
    const Result<chat::Event> event = decoder->decode(sse->event, sse->data);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->raw, sse->data);
    text += event->text;
    kinds.push_back(event->kind);
    if (event->kind != chat::EventKind::finish) continue;
    EXPECT_EQ(event->finish, chat::Finish::stop);
    ASSERT_TRUE(event->usage);
    EXPECT_EQ(event->usage->total(), 32);
  }
  EXPECT_EQ(text, "H\u00e9llo \"you\"");
  ASSERT_FALSE(kinds.empty());
  EXPECT_EQ(kinds.front(), chat::EventKind::preamble);
  EXPECT_EQ(kinds.back(), chat::EventKind::finish);
}

TEST(ResponsesCodec, TellsFailuresInAStreamByTheirCode) {
  const config::Provider settings = test::responses_settings();
  const auto provider = make_provider(settings);
  const auto class_of = [&provider](std::string_view event) {
    return provider->read_failure(500, {}, event, WallTime()).failure_class;
  };
  EXPECT_EQ(class_of(R"({"type":"error","code":"rate_limit_exceeded","message":"Slow down.","param":null})"),
            FailureClass::rate_limited);
  EXPECT_EQ(class_of(R"({"type":"error","error":{"code":"insufficient_quota","message":"No money."}})"),
            FailureClass::quota);
  EXPECT_EQ(class_of(R"({"type":"response.failed","response":{"id":"r","error":{"code":"rate_limit_exceeded"}}})"),
            FailureClass::rate_limited);
  EXPECT_EQ(class_of(R"({"type":"response.failed","response":{"error":{"code":"context_length_exceeded"}}})"),
            FailureClass::context_length);
  EXPECT_EQ(class_of(R"({"type":"response.failed","response":{"error":{"code":"server_error"}}})"),
            FailureClass::server_error);
}

}  // namespace
}  // namespace triaged::provider
