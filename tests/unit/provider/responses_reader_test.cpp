#include "provider/openai/responses_reader.hpp"

#include "triaged/wire/sse.hpp"

#include "support/deltas.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using test::read_file;
using triaged::test::StepCollector;
using triaged::test::Steps;

std::filesystem::path folder(std::string_view name) {
  return std::filesystem::path(TRIAGED_TEST_DATA) / "responses" / name;
}

std::vector<std::string> names_in(std::string_view name, std::string_view extension) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder(name))) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(".expected.json") || !file.ends_with(extension)) continue;
    names.push_back(file.substr(0, file.size() - extension.size()));
  }
  return names;
}

Steps expected(std::string_view where, const std::string& name) {
  return Steps::parse(read_file(folder(where) / (name + ".expected.json")));
}

// `first` bytes at once, then the others.
Steps steps_of(std::string_view bytes, std::size_t first) {
  StepCollector collector;
  const auto reader = make_responses_reader();
  wire::SseReader events;
  for (const std::string_view piece : {bytes.substr(0, first), bytes.substr(first)}) {
    EXPECT_TRUE(events.put(piece));
    while (const auto event = events.next()) {
      const Result<void> read = reader->event(event->event, event->data, collector);
      EXPECT_TRUE(read) << event->data;
    }
  }
  return collector.steps;
}

config::Provider native_settings() {
  config::Provider settings = test::provider_settings();
  settings.native = {"responses"};
  return settings;
}

TEST(ResponsesReader, ReadsEveryGoldenStream) {
  const auto names = names_in("streams", ".sse");
  ASSERT_GE(names.size(), 11U);
  for (const std::string& name : names) {
    const std::string bytes = read_file(folder("streams") / (name + ".sse"));
    EXPECT_EQ(steps_of(bytes, bytes.size()), expected("streams", name)) << name;
  }
}

TEST(ResponsesReader, ReadsTheSameFromAStreamThatIsCutAnywhere) {
  for (const std::string name : {"refusal", "without_event_lines"}) {
    const std::string bytes = read_file(folder("streams") / (name + ".sse"));
    const Steps whole = expected("streams", name);
    for (std::size_t at = 0; at <= bytes.size(); ++at) ASSERT_EQ(steps_of(bytes, at), whole) << name << " at " << at;
  }
}

TEST(ResponsesReader, ReadsEveryGoldenAnswer) {
  const auto names = names_in("answers", ".json");
  ASSERT_GE(names.size(), 9U);
  for (const std::string& name : names) {
    StepCollector collector;
    ASSERT_TRUE(make_responses_reader()->whole(read_file(folder("answers") / (name + ".json")), collector)) << name;
    EXPECT_EQ(collector.steps, expected("answers", name)) << name;
  }
}

TEST(ResponsesReader, CallsWhatIsNoResponseAnErrorOfTheProvider) {
  StepCollector collector;
  for (const std::string_view data : {"{", "[]", "7", "{\"type\":\"response.created\",}", "\"\xff\""}) {
    const Result<void> event = make_responses_reader()->event("response.created", data, collector);
    ASSERT_FALSE(event) << data;
    EXPECT_EQ(event.error().kind, ErrorKind::protocol);
    EXPECT_FALSE(make_responses_reader()->whole(data, collector)) << data;
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
        StepCollector collector;
        EXPECT_TRUE(make_responses_reader()->event(type, data, collector)) << data;
      }
    }
  }
}

TEST(ResponsesCodec, EndsAStreamWithItsLastEventAndItsUsage) {
  const config::Provider settings = native_settings();
  const auto provider = make_provider(settings);
  const AnswerCodec& codec = provider->codec(chat::Dialect::openai_responses);
  EXPECT_EQ(codec.dialect(), chat::Dialect::openai_responses);
  const auto decoder = codec.make_stream_decoder();
  const std::string bytes = read_file(folder("streams") / "text.sse");
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
  const config::Provider settings = native_settings();
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
