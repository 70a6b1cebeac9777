#include "support/chat.hpp"

#include "triaged/base/text.hpp"

#include "support/client.hpp"

#include <nlohmann/json.hpp>

namespace triaged::test {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string chunk(std::string_view choices, std::string_view more = {}) {
  return std::string(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767000000,"model":"told",)") +
         R"("choices":[)" + std::string(choices) + "]" + std::string(more) + "}";
}

bool wants_stream(const SeenRequest& request) { return request.header("accept") == "text/event-stream"; }

}  // namespace

std::string chat_request(std::string_view model, std::string_view prompt, std::string_view more) {
  return R"({"model":)" + quoted(model) + R"(,"messages":[{"role":"user","content":)" + quoted(prompt) + "}]" +
         std::string(more) + "}";
}

std::string stream_request(std::string_view model, std::string_view prompt, std::string_view more) {
  return chat_request(model, prompt, R"(,"stream":true)" + std::string(more));
}

std::string chat(std::string_view model, std::string_view prompt, std::string_view extra_fields) {
  return post(chat_path, chat_request(model, prompt), extra_fields);
}

std::string streamed_chat(std::string_view model, std::string_view prompt, std::string_view extra_fields) {
  return post(chat_path, stream_request(model, prompt), extra_fields);
}

std::string usage_json(Tokens tokens) {
  nlohmann::json usage;
  usage["prompt_tokens"] = tokens.input;
  usage["completion_tokens"] = tokens.output;
  usage["total_tokens"] = tokens.input + tokens.output;
  usage["prompt_tokens_details"]["cached_tokens"] = tokens.cached;
  usage["completion_tokens_details"]["reasoning_tokens"] = tokens.reasoning;
  return usage.dump();
}

std::string answer_body(std::string_view text, Tokens tokens) {
  return R"({"id":"chatcmpl-1","object":"chat.completion","created":1767000000,"model":"told","choices":[)"
         R"({"index":0,"message":{"role":"assistant","content":)" +
         quoted(text) + R"(},"finish_reason":"stop"}],"usage":)" + usage_json(tokens) + "}";
}

std::string role_chunk() {
  return chunk(R"({"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null})");
}

std::string text_chunk(std::string_view text) {
  return chunk(R"({"index":0,"delta":{"content":)" + quoted(text) + R"(},"finish_reason":null})");
}

std::string finish_chunk() { return chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})"); }

std::string usage_chunk(Tokens tokens) { return chunk("", R"(,"usage":)" + usage_json(tokens)); }

std::string error_body(std::string_view message, std::string_view code) {
  return R"({"error":{"message":)" + quoted(message) + R"(,"type":"error","param":null,"code":)" + quoted(code) + "}}";
}

std::string text_of(const std::string& answer) {
  return nlohmann::json::parse(answer).at("choices").at(0).at("message").at("content").get<std::string>();
}

std::string text_of(const std::vector<std::string>& events) {
  std::string text;
  for (const std::string& event : events) {
    if (event == "[DONE]") continue;
    const nlohmann::json chunk = nlohmann::json::parse(event);
    if (!chunk.contains("choices") || chunk["choices"].empty()) continue;
    text += chunk["choices"][0]["delta"].value("content", "");
  }
  return text;
}

void stream(Exchange& exchange, std::string_view text, Tokens tokens) {
  exchange.begin_stream();
  exchange.event(role_chunk());
  for (std::size_t i = 0; i < text.size(); i += 8) exchange.event(text_chunk(text.substr(i, 8)));
  exchange.event(finish_chunk());
  exchange.event(usage_chunk(tokens));
  exchange.end_stream();
}

Script answers(std::string_view text, Tokens tokens) {
  return [text = std::string(text), tokens](Exchange& exchange) {
    if (wants_stream(exchange.request()))
      stream(exchange, text, tokens);
    else
      exchange.answer(200, answer_body(text, tokens));
  };
}

Script held(std::string_view text, Signal& asked, Signal& go_on) {
  return [answer = answers(text), &asked, &go_on](Exchange& exchange) {
    asked.set();
    go_on.wait();
    answer(exchange);
  };
}

Script fails(int status, std::string_view code, std::string_view extra_fields) {
  return [status, body = error_body("the upstream says no", code),
          fields = std::string(extra_fields)](Exchange& exchange) { exchange.answer(status, body, fields); };
}

}  // namespace triaged::test
