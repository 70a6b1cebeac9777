#include "dialects/recorded.hpp"

namespace triaged::dialects {
namespace {

using chat::Dialect;

constexpr std::string_view chat_request = R"({"model":"auto",@STREAM@"messages":[
 {"role":"system","content":"Be \"brief\"."},
 {"role":"user","content":"Weather in Paris?"},
 {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]},
 {"role":"tool","tool_call_id":"call_1","content":"18 degrees"},
 {"role":"assistant","content":"It is 18 degrees."},
 {"role":"user","content":[{"type":"text","text":"And here?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]}],
 "tools":[{"type":"function","function":{"name":"weather","description":"Tells it","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],
 "tool_choice":"auto","max_completion_tokens":500,"temperature":0.5,"stop":["END"]})";

constexpr std::string_view responses_request = R"({"model":"auto",@STREAM@"instructions":"Be \"brief\".","input":[
 {"role":"user","content":"Weather in Paris?"},
 {"type":"function_call","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Paris\"}"},
 {"type":"function_call_output","call_id":"call_1","output":"18 degrees"},
 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"It is 18 degrees."}]},
 {"role":"user","content":[{"type":"input_text","text":"And here?"},{"type":"input_image","image_url":"data:image/png;base64,aGk="}]}],
 "tools":[{"type":"function","name":"weather","description":"Tells it","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}],
 "tool_choice":"auto","max_output_tokens":500,"temperature":0.5})";

constexpr std::string_view anthropic_request =
    R"({"model":"auto",@STREAM@"system":"Be \"brief\".","max_tokens":500,"messages":[
 {"role":"user","content":"Weather in Paris?"},
 {"role":"assistant","content":[{"type":"thinking","thinking":"Ask the tool.","signature":"c2ln"},
  {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"Paris"}}]},
 {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"18 degrees"}]},
 {"role":"assistant","content":"It is 18 degrees."},
 {"role":"user","content":[{"type":"text","text":"And here?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]}],
 "tools":[{"name":"weather","description":"Tells it","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}],
 "tool_choice":{"type":"auto"},"temperature":0.5,"stop_sequences":["END"]})";

constexpr std::string_view openai_answer =
    R"({"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{
 "role":"assistant","content":"Two \"moments\".","reasoning_content":"Look twice.","tool_calls":[
 {"id":"a1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
 {"id":"a2","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},"finish_reason":"tool_calls"}],
 "usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":40}}})";

constexpr std::string_view anthropic_answer =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
 {"type":"thinking","thinking":"Look twice.","signature":"c2ln"},{"type":"text","text":"Two \"moments\"."},
 {"type":"tool_use","id":"a1","name":"weather","input":{"city":"Oslo"}},{"type":"tool_use","id":"a2","name":"weather","input":{"city":"Rome"}}],
 "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":60,"cache_read_input_tokens":40,"output_tokens":30}})";

constexpr std::string_view gemini_answer =
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Look twice.","thought":true},
 {"text":"Two \"moments\"."},{"functionCall":{"id":"a1","name":"weather","args":{"city":"Oslo"}}},{"functionCall":{"id":"a2","name":"weather","args":{"city":"Rome"}}}]},
 "finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":30,"totalTokenCount":130},
 "modelVersion":"m","responseId":"r1"})";

constexpr std::string_view bedrock_answer = R"({"output":{"message":{"role":"assistant","content":[
 {"reasoningContent":{"reasoningText":{"text":"Look twice.","signature":"c2ln"}}},{"text":"Two \"moments\"."},
 {"toolUse":{"toolUseId":"a1","name":"weather","input":{"city":"Oslo"}}},{"toolUse":{"toolUseId":"a2","name":"weather","input":{"city":"Rome"}}}]}},
 "stopReason":"tool_use","usage":{"inputTokens":60,"cacheReadInputTokens":40,"outputTokens":30,"totalTokens":130},"metrics":{"latencyMs":5}})";

std::vector<Event> openai_stream() {
  const std::string head =
      R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":)";
  const auto chunk = [&head](std::string_view delta, std::string_view finish = "null") {
    return Event{"", head + std::string(delta) + R"(,"finish_reason":)" + std::string(finish) + "}]}"};
  };
  return {
      chunk(R"({"role":"assistant","content":""})"),
      chunk(R"({"reasoning_content":"Look "})"),
      chunk(R"({"reasoning_content":"twice."})"),
      chunk(R"({"content":"Two \"mo"})"),
      chunk(R"({"content":"ments\"."})"),
      chunk(R"({"tool_calls":[{"index":0,"id":"a1","type":"function","function":{"name":"weather","arguments":""}}]})"),
      chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]})"),
      chunk(
          R"({"tool_calls":[{"index":1,"id":"a2","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Ro"}}]})"),
      chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]})"),
      chunk(R"({"tool_calls":[{"index":1,"function":{"arguments":"me\"}"}}]})"),
      chunk("{}", R"("tool_calls")"),
      {"",
       R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":100,)"
       R"("completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":40}}})"},
      {"", "[DONE]"}};
}

std::vector<Event> anthropic_stream() {
  const auto event = [](std::string_view type, std::string_view rest) {
    return Event{std::string(type), R"({"type":")" + std::string(type) + '"' + std::string(rest) + "}"};
  };
  return {
      event(
          "message_start",
          R"(,"message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":60,"cache_read_input_tokens":40,"output_tokens":1}})"),
      event("content_block_start", R"(,"index":0,"content_block":{"type":"thinking","thinking":"","signature":""})"),
      event("content_block_delta", R"(,"index":0,"delta":{"type":"thinking_delta","thinking":"Look twice."})"),
      event("content_block_delta", R"(,"index":0,"delta":{"type":"signature_delta","signature":"c2ln"})"),
      event("content_block_stop", R"(,"index":0)"),
      event("content_block_start", R"(,"index":1,"content_block":{"type":"text","text":""})"),
      event("ping", ""),
      event("content_block_delta", R"(,"index":1,"delta":{"type":"text_delta","text":"Two \"mo"})"),
      event("content_block_delta", R"(,"index":1,"delta":{"type":"text_delta","text":"ments\"."})"),
      event("content_block_stop", R"(,"index":1)"),
      event("content_block_start",
            R"(,"index":2,"content_block":{"type":"tool_use","id":"a1","name":"weather","input":{}})"),
      event("content_block_delta", R"(,"index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"})"),
      event("content_block_delta", R"(,"index":2,"delta":{"type":"input_json_delta","partial_json":"\"Oslo\"}"})"),
      event("content_block_stop", R"(,"index":2)"),
      event("content_block_start",
            R"(,"index":3,"content_block":{"type":"tool_use","id":"a2","name":"weather","input":{}})"),
      event("content_block_delta",
            R"(,"index":3,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Rome\"}"})"),
      event("content_block_stop", R"(,"index":3)"),
      event("message_delta",
            R"(,"delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":30})"),
      event("message_stop", "")};
}

std::vector<Event> gemini_stream() {
  const auto chunk = [](std::string_view parts, std::string_view rest) {
    return Event{"", R"({"candidates":[{"content":{"role":"model","parts":[)" + std::string(parts) + R"(]},"index":0)" +
                         std::string(rest) + R"(,"modelVersion":"m","responseId":"r1"})"};
  };
  return {
      chunk(R"({"text":"Look twice.","thought":true})", "}]"), chunk(R"({"text":"Two \"mo"})", "}]"),
      chunk(R"({"text":"ments\"."})", "}]"),
      chunk(
          R"({"functionCall":{"id":"a1","name":"weather","args":{"city":"Oslo"}}},{"functionCall":{"id":"a2","name":"weather","args":{"city":"Rome"}}})",
          R"(,"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":30,"totalTokenCount":130})")};
}

std::vector<Event> bedrock_stream() {
  return {
      {"messageStart", R"({"role":"assistant"})"},
      {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Look twice."}}})"},
      {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2ln"}}})"},
      {"contentBlockStop", R"({"contentBlockIndex":0})"},
      {"contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"text":"Two \"mo"}})"},
      {"contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"text":"ments\"."}})"},
      {"contentBlockStop", R"({"contentBlockIndex":1})"},
      {"contentBlockStart", R"({"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"a1","name":"weather"}}})"},
      {"contentBlockDelta", R"({"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"city\":\"Oslo\"}"}}})"},
      {"contentBlockStop", R"({"contentBlockIndex":2})"},
      {"contentBlockStart", R"({"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"a2","name":"weather"}}})"},
      {"contentBlockDelta", R"({"contentBlockIndex":3,"delta":{"toolUse":{"input":"{\"city\":\"Rome\"}"}}})"},
      {"contentBlockStop", R"({"contentBlockIndex":3})"},
      {"messageStop", R"({"stopReason":"tool_use"})"},
      {"metadata",
       R"({"usage":{"inputTokens":60,"cacheReadInputTokens":40,"outputTokens":30,"totalTokens":130},"metrics":{"latencyMs":5}})"}};
}

}  // namespace

std::string recorded_request(Dialect client, bool streamed) {
  std::string text(client == Dialect::anthropic          ? anthropic_request
                   : client == Dialect::openai_responses ? responses_request
                                                         : chat_request);
  constexpr std::string_view mark = "@STREAM@";
  return text.replace(text.find(mark), mark.size(), streamed ? R"("stream":true,)" : "");
}

std::string recorded_answer(Dialect provider) {
  switch (provider) {
    case Dialect::anthropic: return std::string(anthropic_answer);
    case Dialect::gemini: return std::string(gemini_answer);
    case Dialect::bedrock: return std::string(bedrock_answer);
    default: return std::string(openai_answer);
  }
}

std::vector<Event> recorded_stream(Dialect provider) {
  switch (provider) {
    case Dialect::anthropic: return anthropic_stream();
    case Dialect::gemini: return gemini_stream();
    case Dialect::bedrock: return bedrock_stream();
    default: return openai_stream();
  }
}

}  // namespace triaged::dialects
