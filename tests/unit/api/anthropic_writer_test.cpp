#include "api/anthropic/anthropic.hpp"
#include "api/json_end.hpp"
#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace triaged::api {
namespace {

using test::golden_json;
using test::golden_names;
using test::golden_text;
using test::Json;
using testing::HasSubstr;

std::string written(const Json& steps, bool stream, const Annotation& annotation = {}) {
  ReplyContext context;
  context.dialect = chat::Dialect::anthropic;
  context.id = "req-7";
  context.stream = stream;
  const auto writer = make_anthropic_writer(context);
  writer->annotate(annotation);
  std::string out;
  writer->write_to(out);
  test::give_steps(steps, *writer);
  if (stream) {
    writer->end();
  } else {
    writer->whole();
  }
  return out;
}

const Annotation annotation{R"({"first":1})", R"({"last":1})"};

TEST(AnthropicWriter, WritesEveryGoldenStream) {
  const std::string folder = "anthropic/streams";
  const auto names = golden_names(folder, ".steps.json");
  ASSERT_GE(names.size(), 10U);
  for (const std::string& name : names) {
    const Json steps = golden_json(folder, name + ".steps.json");
    EXPECT_EQ(written(steps, true, annotation), golden_text(folder, name + ".written.sse")) << name;
  }
}

TEST(AnthropicWriter, WritesEveryGoldenAnswer) {
  const std::string folder = "anthropic/answers";
  const auto names = golden_names(folder, ".steps.json");
  ASSERT_GE(names.size(), 7U);
  for (const std::string& name : names) {
    const Json steps = golden_json(folder, name + ".steps.json");
    const auto whole = nlohmann::json::parse(written(steps, false, annotation));
    EXPECT_EQ(whole, nlohmann::json::parse(golden_text(folder, name + ".written.json"))) << name;
  }
}

// What the data of a stream's events say, one after the other.
std::vector<Json> events_of(const std::string& stream) {
  std::vector<Json> events;
  std::size_t at = 0;
  while (at < stream.size()) {
    const std::size_t data = stream.find("data: ", at);
    const std::size_t end = stream.find("\n\n", data);
    events.push_back(Json::parse(stream.substr(data + 6, end - data - 6)));
    EXPECT_EQ(stream.substr(at, data - at), "event: " + events.back()["type"].get<std::string>() + "\n");
    at = end + 2;
  }
  return events;
}

// Blocks come one after the other, each begins, goes on and stops; returns them put together.
std::vector<Json> blocks_of(const std::string& stream) {
  std::vector<Json> blocks;
  bool open = false;
  for (const Json& event : events_of(stream)) {
    const std::string type = event["type"];
    if (!type.starts_with("content_block")) continue;
    if (type == "content_block_start") {
      EXPECT_FALSE(open);
      open = true;
      EXPECT_EQ(event["index"], blocks.size());
      blocks.push_back(event["content_block"]);
      continue;
    }
    EXPECT_TRUE(open);
    EXPECT_EQ(event["index"], blocks.size() - 1);
    if (type == "content_block_stop") open = false;
    if (type != "content_block_delta") continue;
    for (const auto& [name, value] : event["delta"].items()) {
      if (name == "type" || !value.is_string()) continue;
      const std::string before = blocks.back().value(name, std::string());
      blocks.back()[name] = before + value.get<std::string>();
    }
  }
  EXPECT_FALSE(open);
  return blocks;
}

TEST(AnthropicWriter, SendsInterleavedCallsOneAfterTheOther) {
  const Json steps = Json::parse(R"j([{"kind":"start","id":"chatcmpl-1","name":"gpt"},
    {"kind":"tool_call","part":0,"id":"a","name":"f"},{"kind":"arguments","part":0,"text":"{\"x\":\"}"},
    {"kind":"tool_call","part":1,"id":"b","name":"g"},{"kind":"arguments","part":1,"text":"{\"y\":[1"},
    {"kind":"arguments","part":0,"text":"\\\""},{"kind":"text","part":2,"text":"done"},
    {"kind":"arguments","part":1,"text":"]}"},{"kind":"arguments","part":0,"text":"\"}"},
    {"kind":"tool_call","part":3,"id":"c","name":"h"},
    {"kind":"arguments","part":0,"text":" "},{"kind":"finish","finish":"stop"}])j");
  const std::vector<Json> blocks = blocks_of(written(steps, true));
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(Json::parse(blocks[0]["partial_json"].get<std::string>()), Json::parse(R"j({"x":"}\""})j"));
  EXPECT_EQ(blocks[1]["partial_json"], "{\"y\":[1]}");
  EXPECT_EQ(blocks[2]["text"], "done");
  EXPECT_EQ(blocks[3]["name"], "h");
  EXPECT_THAT(written(steps, true), HasSubstr(R"("stop_reason":"tool_use")"));
}

TEST(AnthropicWriter, SendsACallsPiecesAsSoonAsItIsItsTurn) {
  ReplyContext context;
  context.stream = true;
  const auto writer = make_anthropic_writer(context);
  std::string out;
  writer->write_to(out);
  test::give_steps(Json::parse(R"j([{"kind":"tool_call","part":0,"id":"a","name":"f"},
    {"kind":"arguments","part":0,"text":"{}"},{"kind":"tool_call","part":1,"id":"b","name":"g"}])j"),
                   *writer);
  EXPECT_THAT(out, HasSubstr(R"("name":"g")"));
}

TEST(AnthropicWriter, TellsWhyAnAnswerEnded) {
  const auto reason = [](const std::string& steps) {
    const Json list = Json::parse("[" + steps + "]");
    const Json whole = Json::parse(written(list, false));
    EXPECT_THAT(written(list, true), HasSubstr("\"stop_reason\":" + whole["stop_reason"].dump()));
    return whole["stop_reason"].get<std::string>();
  };
  EXPECT_EQ(reason(R"({"kind":"text","text":"x"},{"kind":"finish","finish":"stop"})"), "end_turn");
  EXPECT_EQ(reason(R"({"kind":"finish","finish":"stop","text":"END"})"), "stop_sequence");
  EXPECT_EQ(reason(R"({"kind":"finish","finish":"length"})"), "max_tokens");
  EXPECT_EQ(reason(R"({"kind":"finish","finish":"content_filter"})"), "refusal");
  EXPECT_EQ(reason(R"({"kind":"refusal","text":"No."},{"kind":"finish","finish":"stop"})"), "refusal");
  EXPECT_EQ(reason(R"({"kind":"tool_call","id":"a","name":"f"},{"kind":"finish","finish":"stop"})"), "tool_use");
  EXPECT_EQ(reason(R"({"kind":"finish","finish":"tool_calls"})"), "tool_use");
  EXPECT_EQ(reason(R"({"kind":"finish","finish":"other"})"), "end_turn");
}

TEST(AnthropicWriter, MakesIdsThatAnthropicWouldTake) {
  const Json steps =
      Json::parse(R"([{"kind":"start","id":"gen.1/2","name":"m"},{"kind":"tool_call","id":"functions.f:0","name":"f"},
    {"kind":"tool_call","part":1,"name":"g"}])");
  const Json whole = Json::parse(written(steps, false));
  EXPECT_EQ(whole["id"], "msg_gen_1_2");
  EXPECT_EQ(whole["content"][0]["id"], "functions_f_0");
  EXPECT_EQ(whole["content"][1]["id"], "toolu_req-7_1");
  EXPECT_EQ(Json::parse(written(Json::array(), false))["id"], "msg_req-7");
}

TEST(AnthropicWriter, TellsAllClassesOfUsage) {
  const Json steps = Json::parse(R"([{"kind":"usage","usage":{"input":1,"cached_input":2,"cache_write_5m":4,
    "cache_write_1h":8,"audio_input":16,"output":32,"reasoning":64,"audio_output":128}}])");
  const Json usage = Json::parse(written(steps, false))["usage"];
  EXPECT_EQ(usage["input_tokens"], 17);
  EXPECT_EQ(usage["cache_read_input_tokens"], 2);
  EXPECT_EQ(usage["cache_creation_input_tokens"], 12);
  EXPECT_EQ(usage["cache_creation"]["ephemeral_1h_input_tokens"], 8);
  EXPECT_EQ(usage["output_tokens"], 224);
  EXPECT_EQ(usage["output_tokens_details"]["thinking_tokens"], 64);
  const std::vector<Json> events = events_of(written(steps, true));
  EXPECT_EQ(events[events.size() - 2]["usage"]["input_tokens"], 17);
}

TEST(AnthropicWriter, WrapsArgumentsThatAreNoObject) {
  const auto input = [](const std::string& arguments) {
    const Json steps{{{"kind", "tool_call"}, {"id", "a"}, {"name", "f"}}, {{"kind", "arguments"}, {"text", arguments}}};
    return Json::parse(written(steps, false))["content"][0]["input"];
  };
  EXPECT_EQ(input(R"({"a":1})"), Json::parse(R"({"a":1})"));
  EXPECT_EQ(input(" "), Json::object());
  EXPECT_EQ(input("{\"a\":"), (Json{{"input", "{\"a\":"}}));
  EXPECT_EQ(input("[1]"), (Json{{"input", "[1]"}}));
}

TEST(AnthropicWriter, WritesOpenAisCitationsAsItsOwn) {
  const Json steps = Json::parse(R"([{"kind":"text","text":"x"},{"kind":"citation","json":{"type":"url_citation",
    "url_citation":{"url":"https://a","title":"A","start_index":0}}},{"kind":"citation","json":{"type":"url_citation","url":"https://b"}},
    {"kind":"citation","json":{"type":"file_citation","file_id":"f"}}])");
  const Json citations = Json::parse(written(steps, false))["content"][0]["citations"];
  ASSERT_EQ(citations.size(), 2U);
  EXPECT_EQ(citations[0]["url"], "https://a");
  EXPECT_EQ(citations[0]["title"], "A");
  EXPECT_EQ(citations[1]["title"], nullptr);
  EXPECT_THAT(written(steps, true), HasSubstr("citations_delta"));
}

TEST(AnthropicWriter, EndsABrokenStreamWithAnErrorAndNothingElse) {
  ReplyContext context;
  context.stream = true;
  const auto writer = make_anthropic_writer(context);
  std::string out;
  writer->write_to(out);
  writer->error(upstream_error(ErrorKind::truncated, "The stream ended early."));
  EXPECT_EQ(out,
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The stream "
            "ended early.\"},\"request_id\":null}\n\n");
}

TEST(JsonEnd, IsReachedWhereverTheTextIsCut) {
  const std::string text = R"( {"a":"}\"{","b":[{}]} )";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    JsonEnd end;
    end.put(std::string_view(text).substr(0, cut));
    EXPECT_EQ(end.reached(), cut + 1 >= text.size()) << cut;
    end.put(std::string_view(text).substr(cut));
    EXPECT_TRUE(end.reached());
  }
}

}  // namespace
}  // namespace triaged::api
