#include "triaged/api/codec.hpp"

#include "support/golden/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace triaged::api {
namespace {

using nlohmann::json;

Result<chat::Request> decode(const std::string& body) { return Decoder().decode(chat::Dialect::openai_chat, body); }

// A request with one message and `members` before it.
std::string with(const std::string& members) {
  return "{" + members + (members.empty() ? "" : ",") + R"("messages":[{"role":"user","content":"Hi"}]})";
}

std::string with_message(const std::string& message) { return R"({"messages":[)" + message + "]}"; }

std::string_view slice(const std::string& body, chat::ByteRange range) {
  return std::string_view(body).substr(range.begin, range.end - range.begin);
}

TEST(OpenAiChatDecoder, ReadsARequestOfEveryField) {
  const std::string body = R"({
    "model": "gpt-4o", "models": ["a/b", "c/d"], "stream": true, "stream_options": {"include_usage": true},
    "messages": [
      {"role": "developer", "content": "Be brief.", "name": "x"},
      {"role": "user", "content": [
        {"type": "text", "text": "Look:"},
        {"image_url": {"url": "data:image/png;base64,AAAA"}, "type": "image_url"},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "file", "file": {"file_id": "f"}},
        {"text": "what is it?", "type": "text"},
        {"type": "hologram", "text": "unknown"}]},
      {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function"}, {"id": "2"}]},
      {"role": "tool", "tool_call_id": "1", "content": "42\né"},
      {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}], "function_call": {"name": "f"}},
      {"role": "function", "name": "f"}],
    "tools": [{"type": "function", "function": {"name": "f"}}], "functions": [{"name": "g"}],
    "tool_choice": "required", "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {}}},
    "max_tokens": 5, "max_completion_tokens": 100, "n": 2, "logprobs": true, "modalities": ["text", "audio"],
    "reasoning_effort": "high", "user": "u1", "prompt_cache_key": "p1", "metadata": {"k": "v", "n": 1}, "seed": 7})";

  const Result<chat::Request> request = decode(body);

  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->model, "gpt-4o");
  EXPECT_EQ(request->models, (std::vector<std::string_view>{"a/b", "c/d"}));
  EXPECT_TRUE(request->stream);
  EXPECT_TRUE(request->include_usage);
  ASSERT_EQ(request->messages.size(), 6U);
  EXPECT_EQ(request->messages[0].role, chat::Role::system);
  EXPECT_EQ(request->messages[0].text, "Be brief.");
  EXPECT_EQ(request->messages[1].role, chat::Role::user);
  EXPECT_EQ(request->messages[1].text, "Look:\nwhat is it?");
  EXPECT_EQ(request->messages[2].role, chat::Role::assistant);
  EXPECT_EQ(request->messages[2].text, "");
  EXPECT_EQ(request->messages[2].tool_calls, 2);
  EXPECT_EQ(request->messages[3].role, chat::Role::tool);
  EXPECT_EQ(request->messages[3].text, "42\n\xC3\xA9");
  EXPECT_EQ(request->messages[4].text, "No.");
  EXPECT_EQ(request->messages[4].tool_calls, 1);
  EXPECT_EQ(request->messages[5].role, chat::Role::tool);
  EXPECT_EQ(request->images(), 1U);
  EXPECT_EQ(request->audios(), 1U);
  EXPECT_EQ(request->files(), 1U);
  EXPECT_EQ(request->tools, 2U);
  EXPECT_TRUE(request->tool_choice_forced);
  EXPECT_EQ(request->format, chat::OutputFormat::json_schema);
  EXPECT_EQ(request->max_output_tokens, 100);
  EXPECT_EQ(request->answers, 2);
  EXPECT_TRUE(request->wants_logprobs);
  EXPECT_TRUE(request->wants_audio);
  EXPECT_EQ(request->reasoning_effort, "high");
  EXPECT_EQ(request->user, "u1");
  EXPECT_EQ(request->session, "p1");
  ASSERT_EQ(request->metadata.size(), 1U);
  EXPECT_EQ(request->metadata[0], (std::pair<std::string_view, std::string_view>("k", "v")));
  EXPECT_EQ(request->body_bytes, body.size());
  EXPECT_EQ(slice(body, request->model_values.at(0)), "\"gpt-4o\"");
  EXPECT_EQ(slice(body, request->stream_options_values.at(0)), "{\"include_usage\": true}");
  EXPECT_EQ(body[request->object_begin - 1], '{');
}

TEST(OpenAiChatDecoder, TakesNullForAbsent) {
  const auto request = decode(with(R"("model":null,"models":null,"stream":null,"stream_options":null,"tools":null,
    "functions":null,"tool_choice":null,"function_call":null,"response_format":null,"max_tokens":null,
    "max_completion_tokens":null,"n":null,"logprobs":null,"modalities":null,"reasoning_effort":null,"user":null,
    "prompt_cache_key":null,"metadata":null)"));
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->model, "");
  EXPECT_EQ(request->model_values.size(), 1U);
  EXPECT_FALSE(request->stream);
  EXPECT_EQ(request->answers, 1);
  EXPECT_FALSE(request->max_output_tokens);
}

TEST(OpenAiChatDecoder, TakesAMissingModelForAutomatic) {
  const auto request = decode(with(""));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->model, "");
  EXPECT_TRUE(request->model_values.empty());
}

TEST(OpenAiChatDecoder, NamesTheFieldAtFault) {
  struct Case {
    std::string body, param, code;
  };
  const std::vector<Case> cases{
      {"{}", "messages", "missing_required_parameter"},
      {R"({"messages":[]})", "messages", "empty_array"},
      {R"({"messages":null})", "messages", "invalid_type"},
      {R"({"messages":{}})", "messages", "invalid_type"},
      {R"({"messages":["Hi"]})", "messages[0]", "invalid_type"},
      {with_message(R"({"content":"Hi"})"), "messages[0].role", "missing_required_parameter"},
      {with_message(R"({"role":5})"), "messages[0].role", "invalid_type"},
      {with_message(R"({"role":"wizard"})"), "messages[0].role", "invalid_value"},
      {with_message(R"({"role":"user","content":"a"},{"role":"User"})"), "messages[1].role", "invalid_value"},
      {with_message(R"({"role":"user","content":5})"), "messages[0].content", "invalid_type"},
      {with_message(R"({"role":"user","content":{}})"), "messages[0].content", "invalid_type"},
      {with_message(R"({"role":"user","content":["Hi"]})"), "messages[0].content[0]", "invalid_type"},
      {with(R"("model":5)"), "model", "invalid_type"},
      {with(R"("models":"a")"), "models", "invalid_type"},
      {with(R"("models":["a",1])"), "models[1]", "invalid_type"},
      {with(R"("stream":"true")"), "stream", "invalid_type"},
      {with(R"("stream_options":[])"), "stream_options", "invalid_type"},
      {with(R"("stream_options":{"include_usage":1})"), "stream_options.include_usage", "invalid_type"},
      {with(R"("n":"2")"), "n", "invalid_type"},
      {with(R"("n":1.5)"), "n", "invalid_type"},
      {with(R"("n":0)"), "n", "invalid_value"},
      {with(R"("max_tokens":"5")"), "max_tokens", "invalid_type"},
      {with(R"("max_tokens":1e400)"), "max_tokens", "invalid_type"},
      {with(R"("max_completion_tokens":[])"), "max_completion_tokens", "invalid_type"},
      {with(R"("tools":{})"), "tools", "invalid_type"},
      {with(R"("functions":"f")"), "functions", "invalid_type"},
      {with(R"("tool_choice":1)"), "tool_choice", "invalid_type"},
      {with(R"("function_call":1)"), "function_call", "invalid_type"},
      {with(R"("response_format":"json")"), "response_format", "invalid_type"},
      {with(R"("response_format":{"type":1})"), "response_format.type", "invalid_type"},
      {with(R"("logprobs":5)"), "logprobs", "invalid_type"},
      {with(R"("modalities":"audio")"), "modalities", "invalid_type"},
      {with(R"("reasoning_effort":1)"), "reasoning_effort", "invalid_type"},
      {with(R"("user":{})"), "user", "invalid_type"},
      {with(R"("prompt_cache_key":1)"), "prompt_cache_key", "invalid_type"},
      {with(R"("metadata":[])"), "metadata", "invalid_type"},
  };
  for (const Case& c : cases) {
    const auto request = decode(c.body);
    ASSERT_FALSE(request) << c.body;
    const Error error = request.error();
    EXPECT_EQ(error.param, c.param) << c.body;
    EXPECT_EQ(error.code, c.code) << c.body;
    EXPECT_EQ(error.status, 400);
    EXPECT_EQ(error.blame, Blame::client);
    EXPECT_NE(error.detail.find(c.param), std::string::npos) << error.detail;
    EXPECT_EQ(error.detail.back(), '.') << error.detail;
  }
}

TEST(OpenAiChatDecoder, SaysWhereABodyStopsBeingJson) {
  const auto request = decode("{\n  \"model\": \"a\"\n  \"messages\": []}");
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, "invalid_json");
  EXPECT_EQ(request.error().detail,
            "The request body is not valid JSON: expected a comma or a closing brace at byte 19 (line 3, column 3).");
}

TEST(OpenAiChatDecoder, ReportsASyntaxErrorBeforeAWrongField) {
  EXPECT_EQ(decode(R"({"model":5,"messages":)").error().code, "invalid_json");
}

TEST(OpenAiChatDecoder, RefusesBodiesThatAreNoObject) {
  for (const std::string body :
       {"", "  ", "null", "[]", "\"x\"", "12", "true", "nonsense", "{\"a\":1}}", "\xEF\xBB\xBF{}"}) {
    const auto request = decode(body);
    ASSERT_FALSE(request) << body;
    EXPECT_EQ(request.error().status, 400) << body;
  }
}

TEST(OpenAiChatDecoder, StandsJsonTorture) {
  std::string deep_objects;
  for (int i = 0; i < 100'000; ++i) deep_objects += R"({"x":)";
  const std::vector<std::string> bad{
      with(R"("x":)" + std::string(100'000, '[')),
      with(R"("x":)" + std::string(100'000, '[') + std::string(100'000, ']')),
      deep_objects,
      with("\"x\":\"\xff\""),
      with("\"x\":\"\xC0\xAF\""),
      with("\"x\":\"\xED\xA0\x80\""),
      with(std::string("\"x\":\"\0\"", 7)),
      with("\"x\":\"\x01\""),
      with(R"("x":"\ud83")"),
      with(R"("x":01)"),
      with(R"("x":1.)"),
      with(R"("x":NaN)"),
      with("\"x\":'y'"),
      with("/* */\"x\":1"),
      std::string("\0", 1) + with(""),
      with("") + std::string("\0", 1),
  };
  for (const std::string& body : bad) EXPECT_EQ(decode(body).error().code, "invalid_json") << body.substr(0, 60);

  const std::vector<std::string> good{
      with(R"("x":)" + std::string(127, '[') + std::string(127, ']')),
      with(R"("x":)" + std::string(100'000, '9')),
      with(R"("x":-1e999999999)"),
      with(R"("x":"\ud800\udfff\udc00\u0000")"),
      with("\"x\":\"\xF4\x8F\xBF\xBF\xEF\xBF\xBE\x7f\""),
      with(R"("":{"":[]},"x":{},"x":{})"),
  };
  for (const std::string& body : good) EXPECT_TRUE(decode(body)) << body.substr(0, 60);
}

TEST(OpenAiChatDecoder, RefusesEveryTruncationOfARequest) {
  const std::string body =
      R"({"model":"a","messages":[{"role":"user","content":[{"type":"text","text":"\ud83d\ude00 é"}]}],"n":1.0e0,"stream":true,"x":null})";
  ASSERT_TRUE(decode(body));
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(decode(body.substr(0, size))) << size;
}

TEST(OpenAiChatDecoder, RoutesByTheLastOfDuplicatesAndRemembersAll) {
  const std::string body =
      R"({"model":"a","models":["x"],"stream":true,"stream_options":{"include_usage":true},"messages":[],"n":3,
          "messages":[{"role":"user","content":"old","content":"new"}],"mod\u0065l":"b","models":["y","z"],
          "stream":false,"stream_options":{},"n":1})";
  const auto request = decode(R"({"messages":[{"role":"user"}],)" + body.substr(1));
  ASSERT_FALSE(request) << "an empty list of messages is refused wherever it stands";

  std::string fixed = body;
  fixed.replace(fixed.find("\"messages\":[]"), 13, "\"messages\":[{\"role\":\"user\"}]");
  const auto last = decode(fixed);
  ASSERT_TRUE(last) << last.error().detail;
  EXPECT_EQ(last->model, "b");
  EXPECT_EQ(last->models, (std::vector<std::string_view>{"y", "z"}));
  EXPECT_FALSE(last->stream);
  EXPECT_FALSE(last->include_usage);
  EXPECT_EQ(last->answers, 1);
  ASSERT_EQ(last->messages.size(), 1U);
  EXPECT_EQ(last->messages[0].text, "new");
  ASSERT_EQ(last->model_values.size(), 2U);
  EXPECT_EQ(slice(fixed, last->model_values[0]), "\"a\"");
  EXPECT_EQ(slice(fixed, last->model_values[1]), "\"b\"");
  EXPECT_EQ(last->stream_options_values.size(), 2U);
  EXPECT_EQ(last->models_members.size(), 2U);
}

TEST(OpenAiChatDecoder, KnowsWhenAToolIsForced) {
  const std::vector<std::pair<std::string, bool>> cases{
      {R"("tool_choice":"auto")", false},
      {R"("tool_choice":"none")", false},
      {R"("tool_choice":"required")", true},
      {R"("tool_choice":{"type":"function","function":{"name":"f"}})", true},
      {R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}})", false},
      {R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[]}})", true},
      {R"("function_call":"auto")", false},
      {R"("function_call":{"name":"f"})", true},
  };
  for (const auto& [members, forced] : cases) {
    const auto request = decode(with(members));
    ASSERT_TRUE(request) << members;
    EXPECT_EQ(request->tool_choice_forced, forced) << members;
  }
}

TEST(OpenAiChatDecoder, LetsProvidersJudgeOddLimits) {
  EXPECT_FALSE(decode(with(R"("max_tokens":-1)"))->max_output_tokens);
  EXPECT_EQ(decode(with(R"("max_tokens":7)"))->max_output_tokens, 7);
  EXPECT_EQ(decode(with(R"("max_tokens":12.0)"))->max_output_tokens, 12);
}

TEST(OpenAiChatDecoder, KeepsViewsValidWhenTheRequestMovesAndTheBodyDies) {
  Decoder decoder;
  auto body = std::make_unique<std::string>(with(R"("model":"m","user":"someone")"));
  Result<chat::Request> first = decoder.decode(chat::Dialect::openai_chat, *body);
  ASSERT_TRUE(first);
  body.reset();
  const chat::Request moved = std::move(*first);
  ASSERT_TRUE(decoder.decode(chat::Dialect::openai_chat, with(R"("model":"other","user":"nobody at all")")));
  EXPECT_EQ(moved.model, "m");
  EXPECT_EQ(moved.user, "someone");
  EXPECT_EQ(moved.messages.at(0).text, "Hi");
}

// What a route sends on must say the same as what came, but for the model and the list of models.
TEST(OpenAiChatDecoder, FindsRangesThatChangeNothingElseInGoldenRequests) {
  const std::string folder = "openai_chat/requests";
  int seen = 0;
  for (const std::string& name : triaged::test::golden_names(folder, ".json")) {
    const std::string body = triaged::test::golden_text(folder, name + ".json");
    const auto request = decode(body);
    ASSERT_TRUE(request) << name << request.error().detail;
    std::vector<std::pair<chat::ByteRange, std::string>> edits;
    for (const auto range : request->model_values) edits.push_back({range, "\"M\""});
    for (const auto range : request->models_members) edits.push_back({range, ""});
    std::sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.first.begin > b.first.begin; });
    std::string spliced = body;
    for (const auto& [range, text] : edits) spliced.replace(range.begin, range.end - range.begin, text);

    ++seen;
    const auto tolerant = [](std::string text) {  // numbers and surrogates that this tree cannot hold
      for (const auto& [what, with_what] :
           {std::pair<std::string, std::string>("1E400", "4"), {"\\ud83d \\u0000", "?"}}) {
        if (const std::size_t at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with_what);
      }
      return json::parse(text, nullptr, false);
    };
    json expected = tolerant(body);
    ASSERT_TRUE(expected.is_object()) << name;
    if (expected.contains("model")) expected["model"] = "M";
    expected.erase("models");
    EXPECT_EQ(tolerant(spliced), expected) << name << "\n" << spliced;
  }
  EXPECT_GE(seen, 15);
}

TEST(OpenAiChatDecoder, KeepsALargeBodyOutOfItsMemory) {
  Decoder decoder;
  const std::string image(8U << 20U, 'A');
  const std::string body = R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:)" +
                           image + R"("}},{"type":"text","text":"What?"}]}],"model":"auto"})";
  const auto request = decoder.decode(chat::Dialect::openai_chat, body);
  ASSERT_TRUE(request);
  EXPECT_LT(request->text_->size(), 64U);
  EXPECT_EQ(request->messages[0].text, "What?");
  EXPECT_EQ(slice(body, request->model_values.at(0)), "\"auto\"");
}

}  // namespace
}  // namespace triaged::api
