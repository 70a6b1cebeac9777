#include "unit/api/responses_fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace triaged::api {
namespace {

using test::events_of;
using test::golden_json;
using test::golden_names;
using test::Json;
using test::write;
using test::Written;

const std::string folder = "responses/written";

Json given(const std::string& name) { return golden_json(folder, name + ".json"); }

// The members that OpenAI's schema requires of every event, besides its type and number.
const std::map<std::string, std::vector<std::string>>& required_of_events() {
  static const std::vector<std::string> content{"item_id", "output_index", "content_index"};
  static const std::vector<std::string> summary{"item_id", "output_index", "summary_index"};
  static const auto with = [](std::vector<std::string> members, const std::vector<std::string>& more) {
    members.insert(members.end(), more.begin(), more.end());
    return members;
  };
  static const std::map<std::string, std::vector<std::string>> required{
      {"response.created", {"response"}},
      {"response.in_progress", {"response"}},
      {"response.completed", {"response"}},
      {"response.incomplete", {"response"}},
      {"response.failed", {"response"}},
      {"response.output_item.added", {"output_index", "item"}},
      {"response.output_item.done", {"output_index", "item"}},
      {"response.content_part.added", with(content, {"part"})},
      {"response.content_part.done", with(content, {"part"})},
      {"response.output_text.delta", with(content, {"delta", "logprobs"})},
      {"response.output_text.done", with(content, {"text", "logprobs"})},
      {"response.output_text.annotation.added", with(content, {"annotation_index", "annotation"})},
      {"response.refusal.delta", with(content, {"delta"})},
      {"response.refusal.done", with(content, {"refusal"})},
      {"response.reasoning_summary_part.added", with(summary, {"part"})},
      {"response.reasoning_summary_part.done", with(summary, {"part"})},
      {"response.reasoning_summary_text.delta", with(summary, {"delta"})},
      {"response.reasoning_summary_text.done", with(summary, {"text"})},
      {"response.function_call_arguments.delta", {"item_id", "output_index", "delta"}},
      {"response.function_call_arguments.done", {"item_id", "output_index", "arguments", "name"}},
      {"response.custom_tool_call_input.delta", {"item_id", "output_index", "delta"}},
      {"response.custom_tool_call_input.done", {"item_id", "output_index", "input"}},
      {"error", {"code", "message", "param"}}};
  return required;
}

const std::map<std::string, std::vector<std::string>> required_of_items{
    {"message", {"id", "content", "role", "status"}},
    {"reasoning", {"id", "summary"}},
    {"function_call", {"id", "arguments", "call_id", "name", "status"}},
    {"custom_tool_call", {"id", "call_id", "input", "name"}}};

void expect_members(const Json& object, const std::vector<std::string>& members) {
  for (const std::string& member : members) EXPECT_TRUE(object.contains(member)) << member << " in " << object;
}

void expect_item(const Json& item) {
  const auto required = required_of_items.find(item.value("type", ""));
  ASSERT_NE(required, required_of_items.end()) << item;
  expect_members(item, required->second);
  if (item["type"] != "message") return;
  for (const Json& part : item["content"]) {
    if (part["type"] == "refusal") {
      EXPECT_TRUE(part["refusal"].is_string());
      continue;
    }
    EXPECT_EQ(part["type"], "output_text");
    EXPECT_TRUE(part["text"].is_string() && part["annotations"].is_array() && part["logprobs"].is_array()) << part;
  }
}

void expect_response(const Json& response) {
  expect_members(response, {"id",           "object",      "created_at",
                            "status",       "error",       "incomplete_details",
                            "instructions", "metadata",    "model",
                            "output",       "tools",       "parallel_tool_calls",
                            "temperature",  "tool_choice", "top_p",
                            "text",         "store",       "previous_response_id",
                            "reasoning",    "truncation",  "max_output_tokens"});
  EXPECT_EQ(response["object"], "response");
  EXPECT_TRUE(response["id"].get<std::string>().starts_with("resp_"));
  EXPECT_TRUE(response["created_at"].is_number_integer());
  for (const Json& item : response["output"]) expect_item(item);
  for (const Json& tool : response["tools"]) {
    if (tool["type"] == "function") expect_members(tool, {"name", "parameters", "strict"});
  }
  if (!response.contains("usage")) return;
  const Json& usage = response["usage"];
  EXPECT_EQ(usage["input_tokens"].get<int>() + usage["output_tokens"].get<int>(), usage["total_tokens"].get<int>());
  EXPECT_TRUE(usage["input_tokens_details"].contains("cached_tokens"));
  EXPECT_TRUE(usage["output_tokens_details"].contains("reasoning_tokens"));
}

TEST(ResponsesWriter, WritesEveryGoldenAnswer) {
  const auto names = golden_names(folder, ".json");
  ASSERT_GE(names.size(), 15U);
  for (const std::string& name : names) {
    const Written written = write(given(name));
    const Json expected = golden_json(folder, name + ".expected.json");
    EXPECT_EQ(Json(events_of(written.stream)), expected["events"]) << name;
    EXPECT_EQ(written.whole, expected["whole"]) << name;
  }
}

TEST(ResponsesWriter, NumbersItsEventsWithoutAGapAndGivesThemAllTheirMembers) {
  for (const std::string& name : golden_names(folder, ".json")) {
    std::size_t number = 0;
    for (const Json& event : events_of(write(given(name)).stream)) {
      EXPECT_EQ(event["sequence_number"], number++) << name;
      const auto required = required_of_events().find(event["type"].get<std::string>());
      ASSERT_NE(required, required_of_events().end()) << event;
      expect_members(event, required->second);
      if (event.contains("item")) expect_item(event["item"]);
      if (event.contains("response")) expect_response(event["response"]);
    }
  }
}

// Puts an answer together from the pieces of its stream, as clients do.
class Assembly {
 public:
  void take(const Json& event) {
    const std::string type = event["type"];
    if (type == "response.output_item.added") {
      EXPECT_EQ(event["output_index"], items_.size());
      EXPECT_TRUE(ids_.insert(event["item"]["id"].get<std::string>()).second) << "an id twice";
      items_.push_back(event["item"]);
      return;
    }
    if (!event.contains("output_index")) return;
    Json& item = items_.at(event["output_index"].get<std::size_t>());
    if (event.contains("item_id")) {
      EXPECT_EQ(event["item_id"], item["id"]);
    }
    if (type == "response.content_part.added") item["content"].push_back(event["part"]);
    if (type == "response.reasoning_summary_part.added") item["summary"].push_back(event["part"]);
    if (type == "response.output_text.delta") {
      append(item["content"].at(event["content_index"].get<std::size_t>())["text"], event["delta"]);
      for (const Json& each : event["logprobs"]) item["content"].back()["logprobs"].push_back(each);
    }
    if (type == "response.output_text.annotation.added") {
      item["content"].at(event["content_index"].get<std::size_t>())["annotations"].push_back(event["annotation"]);
    }
    if (type == "response.refusal.delta") {
      append(item["content"].at(event["content_index"].get<std::size_t>())["refusal"], event["delta"]);
    }
    if (type == "response.reasoning_summary_text.delta") {
      append(item["summary"].at(event["summary_index"].get<std::size_t>())["text"], event["delta"]);
    }
    if (type == "response.function_call_arguments.delta") append(item["arguments"], event["delta"]);
    if (type == "response.custom_tool_call_input.delta") append(item["input"], event["delta"]);
    if (type == "response.output_item.done") {
      for (const char* const late : {"status", "encrypted_content"}) {
        if (event["item"].contains(late)) item[late] = event["item"][late];
      }
      EXPECT_EQ(item, event["item"]);
      ++done_;
    }
  }

  const Json& items() const { return items_; }
  std::size_t done() const { return done_; }

 private:
  static void append(Json& text, const Json& piece) { text = text.get<std::string>() + piece.get<std::string>(); }

  Json items_ = Json::array();
  std::set<std::string> ids_;
  std::size_t done_ = 0;
};

TEST(ResponsesWriter, StreamsThePiecesOfWhatItTellsWholeAtTheEnd) {
  for (const std::string& name : golden_names(folder, ".json")) {
    const Json given_case = given(name);
    const Written written = write(given_case);
    Assembly assembly;
    const std::vector<Json> events = events_of(written.stream);
    for (const Json& event : events) assembly.take(event);
    if (given_case.contains("error")) {
      EXPECT_EQ(events.back()["type"], "response.failed") << name;
      continue;
    }
    EXPECT_EQ(assembly.items(), events.back()["response"]["output"]) << name;
    EXPECT_EQ(assembly.done(), assembly.items().size()) << name;
    EXPECT_EQ(events.back()["response"], written.whole) << name;
  }
}

TEST(ResponsesWriter, AnnotatesTheFirstResponseAndTheLast) {
  std::string out;
  const auto writer = make_responses_writer(test::context_of(true, nullptr));
  writer->annotate({R"({"first":1})", ""});
  writer->write_to(out);
  triaged::test::give_steps(Json::parse(R"([{"kind":"start","id":"x","name":"m"},{"kind":"text","text":"A"}])"),
                            *writer);
  writer->annotate({R"({"first":1})", "{\"last\":\n2}"});
  writer->end();

  const std::vector<Json> events = events_of(out);
  EXPECT_EQ(events.front()["response"]["triaged"], Json::parse(R"({"first":1})"));
  EXPECT_EQ(events.back()["response"]["triaged"], Json::parse(R"({"last":2})"));
  for (std::size_t i = 1; i + 1 < events.size(); ++i) {
    EXPECT_FALSE(events[i].contains("response") && events[i]["response"].contains("triaged"));
  }
}

TEST(ResponsesWriter, KeepsEveryEventOnOneLineWhateverTheRequestLooksLike) {
  const std::string body =
      "{\"input\":\"x\",\"metadata\":{\r\n\"a\":\"b\"\n},\"tools\":[{\n\"type\":\"web_search\"\r\n},{\"type\":"
      "\"function\","
      "\"name\":\"f\",\"parameters\":{\n}}],\"tool_choice\":{\n\"type\":\"function\",\n\"name\":\"f\"}}";
  const Result<chat::Conversation> conversation = read_responses(body);
  ASSERT_TRUE(conversation);
  std::string out;
  const auto writer = make_responses_writer(test::context_of(true, &*conversation));
  writer->write_to(out);
  writer->end();
  const std::vector<Json> events = events_of(out);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events.back()["response"]["metadata"], Json::parse(R"({"a":"b"})"));
}

TEST(ResponsesWriter, IsWhatTheDialectIsWrittenWith) {
  const std::string body = R"({"input":"x"})";
  const Result<chat::Conversation> conversation = read_responses(body);
  struct Silent final : chat::AnswerReader {
    Result<void> event(std::string_view, std::string_view, chat::DeltaSink&) override { return {}; }
    Result<void> whole(std::string_view, chat::DeltaSink&) override { return {}; }
  };
  const auto encoder = make_encoder(test::context_of(true, &*conversation), std::make_unique<Silent>());
  std::string out;
  encoder->end(out);
  EXPECT_EQ(events_of(out).back()["type"], "response.completed");
}

}  // namespace
}  // namespace triaged::api
