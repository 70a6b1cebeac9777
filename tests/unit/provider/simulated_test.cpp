#include "triaged/provider/simulated.hpp"

#include "triaged/wire/sse.hpp"

#include "provider/simulated/simulated_faults.hpp"
#include "provider/simulated/simulated_schema.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace triaged::provider {
namespace {

using nlohmann::json;

const config::Simulation pace{};

json question(const std::string& model, const std::string& text = "How should caching in Python work?") {
  return {{"model", model}, {"messages", json::array({{{"role", "user"}, {"content", text}}})}};
}

Script run(const json& body, std::string_view fault = "") {
  const std::string text = body.dump();
  return simulate(pace, {"POST", "/v1/chat/completions", fault, text});
}

std::string bytes_of(const Script& script) {
  std::string bytes;
  for (const ScriptStep& step : script.steps) bytes += step.bytes;
  return bytes;
}

json answer_to(const json& body) {
  const Script script = run(body);
  EXPECT_EQ(script.status, 200) << bytes_of(script);
  return json::parse(bytes_of(script));
}

std::string header(const Script& script, std::string_view name) {
  for (const auto& [key, value] : script.headers) {
    if (key == name) return value;
  }
  return "";
}

// The chunks of a stream; [DONE] as a string.
std::vector<json> chunks_of(const Script& script) {
  std::vector<json> chunks;
  wire::SseReader reader;
  EXPECT_TRUE(reader.put(bytes_of(script)));
  while (const auto event = reader.next()) {
    chunks.push_back(event->data == "[DONE]" ? json("[DONE]") : json::parse(event->data, nullptr, false));
  }
  return chunks;
}

std::string text_of(const std::vector<json>& chunks, std::size_t index = 0) {
  std::string text;
  for (const json& chunk : chunks) {
    if (!chunk.is_object()) continue;
    for (const json& choice : chunk["choices"]) {
      if (choice["index"] == index && choice["delta"].contains("content") && choice["delta"]["content"].is_string()) {
        text += choice["delta"]["content"].get<std::string>();
      }
    }
  }
  return text;
}

json streamed(json body) {
  body["stream"] = true;
  return body;
}

TEST(Simulated, SaysTheSameToTheSameQuestionAndLabelsIt) {
  const json first = answer_to(question("sim-standard"));
  EXPECT_EQ(first, answer_to(question("sim-standard")));
  EXPECT_NE(first["choices"], answer_to(question("sim-standard", "What about databases in Java?"))["choices"]);
  EXPECT_EQ(first["system_fingerprint"], "simulated");
  EXPECT_EQ(first["model"], "sim-standard");
  EXPECT_TRUE(first["choices"][0]["message"]["content"].get<std::string>().starts_with("[simulated]"));
  EXPECT_EQ(header(run(question("sim-standard")), "x-simulated"), "true");
}

TEST(Simulated, AnswersLongerAndSlowerTheHigherTheTier) {
  std::uint64_t before = 0;
  Duration wait_before{0};
  for (const char* const model : {"sim-light", "sim-standard", "sim-premium"}) {
    const json body = question(model);
    const json usage = answer_to(body)["usage"];
    EXPECT_GT(usage["completion_tokens"].get<std::uint64_t>(), before) << model;
    EXPECT_GT(run(body).wait_before_head, wait_before) << model;
    before = usage["completion_tokens"];
    wait_before = run(body).wait_before_head;
  }
}

TEST(Simulated, ReportsUsageThatAddsUp) {
  const config::Provider settings = test::provider_settings();
  const auto provider = make_provider(settings);
  for (const char* const model : {"sim-light", "sim-standard", "sim-premium"}) {
    const std::string body = bytes_of(run(question(model)));
    const json usage = json::parse(body)["usage"];
    const auto answer = provider->codec(chat::Dialect::openai_chat).decode_answer(body);
    ASSERT_TRUE(answer && answer->usage);
    EXPECT_EQ(answer->usage->total(), usage["total_tokens"]);
    EXPECT_EQ(answer->usage->certainty, chat::Certainty::exact);
    EXPECT_EQ(answer->usage->reasoning > 0, std::string_view(model) == "sim-premium");
    EXPECT_EQ(usage["prompt_tokens_details"]["cached_tokens"], 0);
  }
}

TEST(Simulated, StreamsTheSameTextInPieces) {
  for (const char* const model : {"sim-light", "sim-premium"}) {
    const json whole = answer_to(question(model));
    const Script script = run(streamed(question(model)));
    EXPECT_TRUE(script.streamed);
    EXPECT_EQ(script.end, ScriptEnd::complete);
    EXPECT_EQ(header(script, "content-type"), "text/event-stream; charset=utf-8");
    const std::vector<json> chunks = chunks_of(script);
    EXPECT_EQ(text_of(chunks), whole["choices"][0]["message"]["content"].get<std::string>());
    EXPECT_EQ(chunks.front()["choices"][0]["delta"]["role"], "assistant");
    EXPECT_EQ(chunks[chunks.size() - 2]["choices"][0]["finish_reason"], "stop");
    EXPECT_EQ(chunks.back(), "[DONE]");
    EXPECT_FALSE(chunks.front().contains("usage"));
  }
}

TEST(Simulated, IsReadByOurOwnDecoder) {
  json body = streamed(question("sim-premium"));
  body["stream_options"] = {{"include_usage", true}};
  const config::Provider settings = test::provider_settings();
  const auto decoder = make_provider(settings)->codec(chat::Dialect::openai_chat).make_stream_decoder();
  wire::SseReader reader;
  ASSERT_TRUE(reader.put(bytes_of(run(body))));
  std::vector<chat::EventKind> kinds;
  std::optional<chat::Usage> usage;
  while (const auto sse = reader.next()) {
    const auto event = decoder->decode(sse->event, sse->data);
    ASSERT_TRUE(event) << sse->data;
    if (kinds.empty() || kinds.back() != event->kind) kinds.push_back(event->kind);
    if (event->usage) usage = event->usage;
  }
  using chat::EventKind;
  EXPECT_EQ(kinds, (std::vector<EventKind>{EventKind::preamble, EventKind::content, EventKind::finish, EventKind::usage,
                                           EventKind::done}));
  ASSERT_TRUE(usage);
  EXPECT_GT(usage->reasoning, 0);
}

TEST(Simulated, PacesItsStreamAndStandsStillForNobodyAtScaleZero) {
  const std::string body = streamed(question("sim-standard")).dump();
  const auto total = [&body](const config::Simulation& options) {
    const Script script = simulate(options, {"POST", "/chat/completions", "", body});
    Duration sum = script.wait_before_head;
    for (const ScriptStep& step : script.steps) sum += step.wait;
    return sum;
  };
  config::Simulation options;
  const Duration usual = total(options);
  EXPECT_GT(usual, options.first_token);
  options.time_scale = 2;
  EXPECT_NEAR(static_cast<double>(total(options).count()), 2.0 * static_cast<double>(usual.count()), 1e6);
  options.time_scale = 0;
  EXPECT_EQ(total(options), Duration(0));
}

TEST(Simulated, HonoursLimits) {
  for (const char* const model : {"sim-light", "sim-premium"}) {
    json body = question(model);
    body["max_tokens"] = 10;
    const json answer = answer_to(body);
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
    EXPECT_EQ(answer["usage"]["completion_tokens"], 10);
  }
  json stopped = question("sim-standard");
  stopped["stop"] = {" "};
  EXPECT_EQ(answer_to(stopped)["choices"][0]["message"]["content"], "[simulated]");
}

TEST(Simulated, GivesSeveralAnswers) {
  json body = question("sim-light");
  body["n"] = 3;
  EXPECT_EQ(answer_to(body)["choices"].size(), 3U);
  const std::vector<json> chunks = chunks_of(run(streamed(body)));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(text_of(chunks, i), answer_to(body)["choices"][i]["message"]["content"].get<std::string>());
  }
}

json with_tool(json body) {
  body["tools"] = json::parse(R"([{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
    "properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":3}},"required":["city","days"]}}}])");
  return body;
}

TEST(Simulated, CallsAToolWhenAskedToOnly) {
  json body = with_tool(question("sim-light", "Please get weather for Paris"));
  const json choice = answer_to(body)["choices"][0];
  EXPECT_EQ(choice["finish_reason"], "tool_calls");
  const json call = choice["message"]["tool_calls"][0];
  EXPECT_EQ(call["function"]["name"], "get_weather");
  EXPECT_EQ(json::parse(call["function"]["arguments"].get<std::string>()), (json{{"city", "simulated"}, {"days", 3}}));

  EXPECT_EQ(answer_to(with_tool(question("sim-light", "Hello")))["choices"][0]["finish_reason"], "stop");
  body["tool_choice"] = "none";
  EXPECT_EQ(answer_to(body)["choices"][0]["finish_reason"], "stop");
  json forced = with_tool(question("sim-light", "Hello"));
  forced["tool_choice"] = {{"type", "function"}, {"function", {{"name", "get_weather"}}}};
  EXPECT_EQ(answer_to(forced)["choices"][0]["finish_reason"], "tool_calls");
  json result = with_tool(question("sim-light", "Please get weather for Paris"));
  result["messages"].push_back({{"role", "tool"}, {"tool_call_id", "1"}, {"content", "sunny"}});
  EXPECT_EQ(answer_to(result)["choices"][0]["finish_reason"], "stop");
}

TEST(Simulated, StreamsToolCallsNameFirst) {
  const Script script = run(streamed(with_tool(question("sim-light", "Please get weather for Paris"))));
  std::string arguments;
  std::string tool_name;
  for (const json& chunk : chunks_of(script)) {
    if (!chunk.is_object() || chunk["choices"].empty() || !chunk["choices"][0]["delta"].contains("tool_calls"))
      continue;
    const json call = chunk["choices"][0]["delta"]["tool_calls"][0];
    if (tool_name.empty()) {
      EXPECT_TRUE(call["id"].get<std::string>().starts_with("call_"));
      tool_name = call["function"]["name"];
    }
    arguments += call["function"]["arguments"].get<std::string>();
  }
  EXPECT_EQ(tool_name, "get_weather");
  EXPECT_EQ(json::parse(arguments)["days"], 3);
}

TEST(Simulated, CallsLegacyFunctionsInTheirForm) {
  json body = question("sim-light", "Hello");
  body["functions"] = json::array({{{"name", "f"}}});
  body["function_call"] = {{"name", "f"}};
  const json choice = answer_to(body)["choices"][0];
  EXPECT_EQ(choice["finish_reason"], "function_call");
  EXPECT_EQ(choice["message"]["function_call"]["name"], "f");
}

TEST(Simulated, AnswersJsonWhereJsonIsAskedFor) {
  json body = question("sim-standard");
  body["response_format"] = {{"type", "json_object"}};
  const json object = json::parse(answer_to(body)["choices"][0]["message"]["content"].get<std::string>());
  EXPECT_EQ(object["simulated"], true);
  body["response_format"] = json::parse(
      R"({"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object","properties":{"a":{"enum":["x","y"]}},"required":["a"]}}})");
  EXPECT_EQ(answer_to(body)["choices"][0]["message"]["content"], R"({"a":"x"})");
}

TEST(Simulated, AcknowledgesImages) {
  json body = question("sim-light");
  body["messages"][0]["content"] = json::parse(
      R"([{"type":"text","text":"See?"},{"type":"image_url","image_url":{"url":"x"}},{"type":"image_url","image_url":{"url":"y"}}])");
  EXPECT_NE(answer_to(body)["choices"][0]["message"]["content"].get<std::string>().find("2 images"), std::string::npos);
}

TEST(SimulatedSchema, MakesAnInstanceOfEverySupportedKeyword) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({})", R"("simulated")"},
      {R"(true)", R"("simulated")"},
      {R"({"type":"string","minLength":12})", R"("simulated...")"},
      {R"({"type":"string","maxLength":3})", R"("sim")"},
      {R"({"type":"string","format":"date"})", R"("2026-01-01")"},
      {R"({"type":"integer"})", "1"},
      {R"({"type":"integer","minimum":-5})", "-5"},
      {R"({"type":"integer","exclusiveMinimum":4})", "5"},
      {R"({"type":"integer","maximum":0})", "0"},
      {R"({"type":"integer","minimum":7,"multipleOf":5})", "10"},
      {R"({"type":"number","minimum":0.5})", "0.5"},
      {R"({"type":"boolean"})", "true"},
      {R"({"type":"null"})", "null"},
      {R"({"const":{"a":[1]}})", R"({"a":[1]})"},
      {R"({"enum":[3,4]})", "3"},
      {R"({"type":["integer","null"]})", "1"},
      {R"({"type":"array","items":{"type":"integer"}})", "[1]"},
      {R"({"type":"array","minItems":2,"items":{"const":0}})", "[0,0]"},
      {R"({"type":"array","maxItems":0})", "[]"},
      {R"({"prefixItems":[{"const":1},{"const":2}],"type":"array"})", "[1,2]"},
      {R"({"anyOf":[{"const":1},{"const":2}]})", "1"},
      {R"({"allOf":[{"required":["a"],"properties":{"a":{"const":1}}},{"required":["b"],"properties":{"b":{"const":2}}}]})",
       R"({"a":1,"b":2})"},
      {R"({"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a","c"]})",
       R"({"a":1,"c":"simulated"})"},
      {R"({"$defs":{"p":{"type":"object","properties":{"x":{"$ref":"#/$defs/q"}},"required":["x"]},"q":{"const":9}},"$ref":"#/$defs/p"})",
       R"({"x":9})"},
      {R"({"$ref":"#/nowhere"})", R"("simulated")"},
      {R"({"$ref":"#"})", R"("simulated")"},
      {R"({"$ref":"http://elsewhere"})", R"("simulated")"},
  };
  for (const auto& [schema, instance] : cases) EXPECT_EQ(instance_of(json::parse(schema)).dump(), instance) << schema;
}

TEST(SimulatedSchema, EndsOnSchemasThatReferToThemselves) {
  const json list = json::parse(R"({"$defs":{"n":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/n"},
    {"type":"null"}]}},"required":["next"]}},"$ref":"#/$defs/n"})");
  EXPECT_LT(instance_of(list).dump().size(), 500U);
  const json tree = json::parse(R"({"$defs":{"n":{"type":"object","properties":{"l":{"$ref":"#/$defs/n"},
    "r":{"$ref":"#/$defs/n"}},"required":["l","r"]}},"$ref":"#/$defs/n"})");
  EXPECT_LT(instance_of(tree).dump().size(), 400'000U);
}

TEST(SimulatedFaults, GiveTheStatusAndErrorOfAProvider) {
  struct Case {
    std::string fault;
    int status;
    FailureClass failure_class;
  };
  const std::vector<Case> cases{{"status=429;retry_after=2", 429, FailureClass::rate_limited},
                                {"status=401", 401, FailureClass::auth},
                                {"status=402", 402, FailureClass::quota},
                                {"status=404", 404, FailureClass::model_missing},
                                {"status=418", 418, FailureClass::bad_request},
                                {"status=500", 500, FailureClass::server_error},
                                {"status=503", 503, FailureClass::overloaded},
                                {"context_length", 400, FailureClass::context_length},
                                {"content_filter", 400, FailureClass::content_policy}};
  const config::Provider settings = test::provider_settings();
  const auto provider = make_provider(settings);
  for (const Case& c : cases) {
    const Script by_name = run(question("sim-light+" + c.fault));
    const Script by_header = run(question("sim-light"), c.fault);
    EXPECT_EQ(by_name.status, c.status) << c.fault;
    EXPECT_EQ(bytes_of(by_name), bytes_of(by_header)) << c.fault;
    const Failure failure =
        provider->read_failure(c.status, test::headers_of(by_name.headers), bytes_of(by_name), WallTime{});
    EXPECT_EQ(name(failure.failure_class), name(c.failure_class)) << c.fault;
    EXPECT_EQ(failure.retry_after.has_value(), c.status == 429) << c.fault;
  }
}

TEST(SimulatedFaults, SendNoHeadWhereNoneIsDue) {
  EXPECT_EQ(run(question("sim-light+reset")).status, 0);
  EXPECT_EQ(run(question("sim-light+reset")).end, ScriptEnd::reset);
  EXPECT_EQ(run(question("sim-light+silence")).status, 0);
  EXPECT_EQ(run(question("sim-light+silence")).end, ScriptEnd::hang);
  EXPECT_TRUE(run(question("sim-light+reset")).steps.empty());
}

TEST(SimulatedFaults, EndStreamsEarly) {
  const auto contents = [](const std::vector<json>& chunks) {
    return std::count_if(chunks.begin(), chunks.end(), [](const json& chunk) {
      return chunk.is_object() && chunk["choices"][0]["delta"].contains("content") &&
             !chunk["choices"][0]["delta"].contains("role");
    });
  };
  const Script cut = run(streamed(question("sim-premium+cut=12")));
  EXPECT_EQ(cut.end, ScriptEnd::cut);
  EXPECT_EQ(contents(chunks_of(cut)), 12);
  const Script stall = run(streamed(question("sim-premium+stall=3")));
  EXPECT_EQ(stall.end, ScriptEnd::hang);
  EXPECT_EQ(contents(chunks_of(stall)), 3);
  const std::vector<json> endless = chunks_of(run(streamed(question("sim-light+no_done"))));
  EXPECT_EQ(endless.back()["choices"][0]["finish_reason"], "stop");
  const std::vector<json> malformed = chunks_of(run(streamed(question("sim-standard+malformed=10"))));
  EXPECT_EQ(std::count_if(malformed.begin(), malformed.end(), [](const json& c) { return c.is_discarded(); }), 1);
  const std::vector<json> filtered = chunks_of(run(streamed(question("sim-standard+content_filter=5"))));
  EXPECT_EQ(contents(filtered), 5);
  EXPECT_EQ(filtered[filtered.size() - 2]["choices"][0]["finish_reason"], "content_filter");
}

TEST(SimulatedFaults, BreakWholeAnswers) {
  for (const char* const fault : {"cut", "wrong_length"}) {
    const Script script = run(question("sim-light"), fault);
    EXPECT_EQ(script.end, ScriptEnd::cut) << fault;
    EXPECT_GT(std::stoul(header(script, "content-length")), bytes_of(script).size()) << fault;
  }
  EXPECT_EQ(run(question("sim-light"), "stall").end, ScriptEnd::hang);
  EXPECT_TRUE(json::parse(bytes_of(run(question("sim-light"), "malformed")), nullptr, false).is_discarded());
}

TEST(SimulatedFaults, SpoilTheAnswerItself) {
  EXPECT_EQ(answer_to(question("sim-light+empty"))["choices"][0]["message"]["content"], "");
  EXPECT_EQ(answer_to(question("sim-light+empty"))["usage"]["completion_tokens"], 0);
  EXPECT_NE(answer_to(question("sim-light+refusal"))["choices"][0]["message"]["content"].get<std::string>().find(
                "can't help"),
            std::string::npos);
  const std::string text = answer_to(question("sim-light+bad_json"))["choices"][0]["message"]["content"];
  EXPECT_TRUE(json::parse(text, nullptr, false).is_discarded());
}

TEST(SimulatedFaults, SlowDownByTheTimeTheyName) {
  config::Simulation still;
  still.time_scale = 0;
  const auto run_still = [&still](const std::string& model) {
    const std::string body = streamed(question(model)).dump();
    return simulate(still, {"POST", "/v1/chat/completions", "", body});
  };
  const Script slow = run_still("sim-light+slow_first_token=3s");
  EXPECT_EQ(slow.wait_before_head, Duration(0));
  EXPECT_EQ(slow.steps[0].wait, Duration(0)) << "the role comes at once, content late";
  EXPECT_EQ(slow.steps[1].wait, std::chrono::seconds(3));
  EXPECT_EQ(run_still("sim-light+drip=250ms").steps[2].wait, std::chrono::milliseconds(250));
}

TEST(SimulatedFaults, UnknownOnesAreErrorsThatNameTheKnown) {
  for (const char* const fault :
       {"typo", "status=200", "status", "cut=x", "reset=1", "slow_first_token=fast", "flap=5s", "flap=0s/0s"}) {
    const Script script = run(question("sim-light"), fault);
    EXPECT_EQ(script.status, 400) << fault;
    EXPECT_NE(bytes_of(script).find("no_done"), std::string::npos) << fault;
  }
}

TEST(SimulatedFaults, RefusePrefillOnlyWhereThereIsOne) {
  json prefilled = question("sim-light+prefill_refused");
  EXPECT_EQ(run(prefilled).status, 200);
  prefilled["messages"].push_back({{"role", "assistant"}, {"content", "It begins with"}});
  const Script refused = run(prefilled);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(json::parse(bytes_of(refused))["error"]["type"], "invalid_request_error");
  EXPECT_TRUE(refused.asked.prefilled);
  prefilled["model"] = "sim-light";
  EXPECT_EQ(run(prefilled).status, 200);
}

TEST(SimulatedFaults, HoldWhileAFlappingModelIsDown) {
  struct Case {
    std::string model;
    int second;
    int status;
  };
  const std::vector<Case> cases{{"sim-light+flap=10s/5s", 0, 200},
                                {"sim-light+flap=10s/5s", 9, 200},
                                {"sim-light+flap=10s/5s", 10, 503},
                                {"sim-light+flap=10s/5s", 14, 503},
                                {"sim-light+flap=10s/5s", 15, 200},
                                {"sim-light+flap=10s/5s", 25, 503},
                                {"sim-light+status=429+flap=10s/5s", 12, 429},
                                {"sim-light+flap=0s/5s", 0, 503}};
  for (const Case& c : cases) {
    const std::string body = question(c.model).dump();
    const Script script = simulate(pace, {"POST", "/v1/chat/completions", "", body, std::chrono::seconds(c.second)});
    EXPECT_EQ(script.status, c.status) << c.model << " after " << c.second << " s";
    EXPECT_EQ(script.asked.fault, c.status == 200 ? "" : "status=" + std::to_string(c.status));
  }
}

TEST(SimulatedFaults, ThatStandMeetEveryRequestForTheirModel) {
  StandingFaults standing;
  ASSERT_TRUE(standing.hold("sim-light", "status=500", Duration(0)));
  const auto ask = [&standing](const std::string& model) {
    const std::string body = question(model).dump();
    return simulate(pace, {"POST", "/v1/chat/completions", "", body, Duration(0), &standing});
  };
  EXPECT_EQ(ask("sim-light").status, 500);
  EXPECT_EQ(ask("sim-light").asked.fault, "status=500");
  EXPECT_EQ(ask("sim-light+retry_after=2").asked.fault, "retry_after=2;status=500");
  EXPECT_EQ(header(ask("sim-light+retry_after=2"), "retry-after"), "2");
  EXPECT_EQ(ask("sim-standard").status, 200);
  EXPECT_TRUE(standing.end("sim-light"));
  EXPECT_EQ(ask("sim-light").status, 200);
}

TEST(SimulatedFaults, AreNotCountedByRequestsThemselves) {
  EXPECT_EQ(run(question("sim-light+status=500+times=2")).status, 400) << "a request has no memory";
}

TEST(SimulatedPaths, AnswersModelsAndRefusesTheRest) {
  const auto status = [](std::string_view method, std::string_view path, const std::string& body = "") {
    return simulate(pace, {method, path, "", body}).status;
  };
  EXPECT_EQ(status("GET", "/v1/models"), 200);
  EXPECT_EQ(status("GET", "/models?x=1"), 200);
  EXPECT_EQ(status("GET", "/v1/models/simulated-light"), 200);
  EXPECT_EQ(status("GET", "/v1/models/other"), 404);
  EXPECT_EQ(status("GET", "/v1/chat/completions"), 405);
  EXPECT_EQ(status("POST", "/v1/models"), 405);
  EXPECT_EQ(status("POST", "/v1/audio/speech"), 404);
  EXPECT_EQ(status("POST", ""), 404);
  EXPECT_EQ(status("POST", "/openai/deployments/x/chat/completions?api-version=1", question("sim-light").dump()), 200);
}

TEST(SimulatedEmbeddings, AreTheSameForTheSameTextAndAsLongAsWasAsked) {
  const auto ask = [](const std::string& body) {
    const Script script = simulate(pace, {"POST", "/v1/embeddings", "", body});
    EXPECT_EQ(script.status, 200) << body;
    return json::parse(script.steps.at(0).bytes);
  };
  const json answer = ask(R"({"model":"embed","input":["one","two","one"],"dimensions":8})");
  ASSERT_EQ(answer["data"].size(), 3U);
  const auto vector = answer["data"][0]["embedding"].get<std::vector<double>>();
  EXPECT_EQ(vector.size(), 8U);
  double square = 0;
  for (const double value : vector) square += value * value;
  EXPECT_NEAR(square, 1, 1e-5);
  EXPECT_EQ(answer["data"][0]["embedding"], answer["data"][2]["embedding"]);
  EXPECT_NE(answer["data"][0]["embedding"], answer["data"][1]["embedding"]);
  EXPECT_EQ(answer["usage"]["prompt_tokens"], answer["usage"]["total_tokens"]);

  const json packed = ask(R"({"model":"embed","input":"one","dimensions":8,"encoding_format":"base64"})");
  EXPECT_EQ(packed["data"][0]["embedding"].get<std::string>().size(), 44U);  // 32 bytes
}

TEST(SimulatedEmbeddings, RefuseWhatTheyCannotRead) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  for (const std::string& member : {"\"input\":[" + deep + "]", "\"input\":\"x\",\"encoding_format\":" + deep}) {
    EXPECT_EQ(simulate(pace, {"POST", "/v1/embeddings", "", "{\"model\":\"embed\"," + member + "}"}).status, 400);
  }
  for (const std::string body :
       {"", "[]", R"({"model":"embed"})", R"({"input":"x"})", R"({"model":"embed","input":[]})",
        R"({"model":"embed","input":{}})", R"({"model":"embed","input":"x","dimensions":0})"}) {
    EXPECT_EQ(simulate(pace, {"POST", "/v1/embeddings", "", body}).status, 400) << body;
  }
}

TEST(SimulatedPaths, AnswersBadBodiesWith400) {
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("[]"), std::string("{}"), std::string(R"({"model":"m"})"),
        std::string(R"({"model":"m","messages":[]})"), std::string(R"({"model":"m","messages":[5]})"),
        std::string(R"({"model":5,"messages":[{"role":"user"}]})"), std::string("{\"model\":\"\xff\"}"),
        R"({"model":"m","messages":[{"role":"user"}],"tools":)" + std::string(100'000, '[') +
            std::string(100'000, ']') + "}"}) {
    const Script script = simulate(pace, {"POST", "/v1/chat/completions", "", body});
    EXPECT_EQ(script.status, 400) << body.substr(0, 60);
    EXPECT_TRUE(json::parse(bytes_of(script))["error"]["message"].is_string());
  }
}

}  // namespace
}  // namespace triaged::provider
