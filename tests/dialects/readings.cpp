#include "dialects/readings.hpp"

#include <map>
#include <stdexcept>

namespace triaged::dialects {
namespace {

using chat::Dialect;
using nlohmann::json;

void add(Lines& lines, const std::string& what, const std::string& text) {
  if (!text.empty()) lines.push_back(what + ": " + text);
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

std::string dump(const json& value) { return value.dump(); }

std::string number(const json& value) { return value.is_null() ? std::string() : value.dump(); }

// A string of JSON, or JSON.
std::string arguments(const json& value) {
  return dump(value.is_string() ? json::parse(value.get<std::string>()) : value);
}

std::string usage_line(std::int64_t input, std::int64_t cached, std::int64_t output) {
  return std::to_string(input) + " " + std::to_string(cached) + " " + std::to_string(output);
}

void expect(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

// Requests.

void openai_message(const json& message, Lines& lines) {
  std::string role = message.at("role");
  if (role == "developer") role = "system";
  if (role == "tool") role = "result";
  const json content = message.value("content", json());
  if (content.is_string()) add(lines, role, content);
  if (content.is_array()) {
    for (const json& part : content) {
      if (part.at("type") == "text") add(lines, role, part.at("text"));
      if (part.at("type") != "image_url") continue;
      const std::string url = part.at("image_url").at("url");
      const std::size_t mark = url.find(";base64,");
      add(lines, "image", url.substr(5, mark - 5) + " " + url.substr(mark + 8));
    }
  }
  for (const json& call : message.value("tool_calls", json::array())) {
    add(lines, "call",
        call.at("function").at("name").get<std::string>() + " " + arguments(call.at("function").at("arguments")));
  }
}

Lines openai_history(const json& body) {
  Lines lines;
  for (const json& message : body.at("messages")) openai_message(message, lines);
  for (const json& tool : body.value("tools", json::array())) add(lines, "tool", tool.at("function").at("name"));
  add(lines, "limit",
      number(body.contains("max_tokens") ? body["max_tokens"] : body.value("max_completion_tokens", json())));
  add(lines, "temperature", number(body.value("temperature", json())));
  return lines;
}

void anthropic_block(const json& block, const std::string& role, Lines& lines) {
  const std::string type = block.at("type");
  if (type == "text") add(lines, role, block.at("text"));
  if (type == "tool_use") add(lines, "call", block.at("name").get<std::string>() + " " + dump(block.at("input")));
  if (type == "image") {
    const json& source = block.at("source");
    add(lines, "image", source.at("media_type").get<std::string>() + " " + source.at("data").get<std::string>());
  }
  if (type != "tool_result") return;
  const json content = block.value("content", json());
  if (content.is_string()) add(lines, "result", content);
  if (content.is_array()) {
    for (const json& part : content) add(lines, "result", text_of(part.value("text", json())));
  }
}

Lines anthropic_history(const json& body) {
  Lines lines;
  const json system = body.value("system", json());
  if (system.is_string()) add(lines, "system", system);
  if (system.is_array()) {
    for (const json& block : system) add(lines, "system", block.at("text"));
  }
  std::string before = "assistant";
  for (const json& message : body.at("messages")) {
    const std::string role = message.at("role");
    expect(role != before, "two messages of one side in a row");
    before = role;
    if (message.at("content").is_string()) {
      add(lines, role, message.at("content"));
      continue;
    }
    for (const json& block : message.at("content")) anthropic_block(block, role, lines);
  }
  for (const json& tool : body.value("tools", json::array())) {
    expect(tool.at("input_schema").at("type") == "object", "a tool's schema is no object's");
    add(lines, "tool", tool.at("name"));
  }
  add(lines, "limit", number(body.at("max_tokens")));
  add(lines, "temperature", number(body.value("temperature", json())));
  return lines;
}

void gemini_part(const json& part, const std::string& role, Lines& lines) {
  if (part.value("thought", false)) return;
  if (part.contains("text")) add(lines, role, part["text"]);
  if (part.contains("functionCall")) {
    add(lines, "call",
        part["functionCall"].at("name").get<std::string>() + " " + dump(part["functionCall"].at("args")));
  }
  if (part.contains("functionResponse")) {
    const json& response = part["functionResponse"].at("response");
    expect(response.is_object(), "a function's response is no object");
    add(lines, "result", text_of(response.begin().value()));
  }
  if (part.contains("inlineData")) {
    const json& data = part["inlineData"];
    add(lines, "image", data.at("mimeType").get<std::string>() + " " + data.at("data").get<std::string>());
  }
}

Lines gemini_history(const json& body) {
  Lines lines;
  for (const json& part : body.value("systemInstruction", json::object()).value("parts", json::array())) {
    add(lines, "system", part.at("text"));
  }
  std::string before = "model";
  for (const json& content : body.at("contents")) {
    const std::string role = content.at("role");
    expect(role != before, "two contents of one side in a row");
    before = role;
    for (const json& part : content.at("parts")) gemini_part(part, role == "model" ? "assistant" : "user", lines);
  }
  for (const json& tools : body.value("tools", json::array())) {
    for (const json& tool : tools.at("functionDeclarations")) add(lines, "tool", tool.at("name"));
  }
  const json config = body.value("generationConfig", json::object());
  add(lines, "limit", number(config.value("maxOutputTokens", json())));
  add(lines, "temperature", number(config.value("temperature", json())));
  return lines;
}

void bedrock_block(const json& block, const std::string& role, Lines& lines) {
  if (block.contains("text")) add(lines, role, block["text"]);
  if (block.contains("toolUse")) {
    add(lines, "call", block["toolUse"].at("name").get<std::string>() + " " + dump(block["toolUse"].at("input")));
  }
  if (block.contains("toolResult")) {
    for (const json& part : block["toolResult"].at("content"))
      add(lines, "result", text_of(part.value("text", json())));
  }
  if (block.contains("image")) {
    const json& image = block["image"];
    add(lines, "image",
        "image/" + image.at("format").get<std::string>() + " " + image.at("source").at("bytes").get<std::string>());
  }
}

Lines bedrock_history(const json& body) {
  Lines lines;
  for (const json& block : body.value("system", json::array())) {
    if (block.contains("text")) add(lines, "system", block["text"]);
  }
  std::string before = "assistant";
  for (const json& message : body.at("messages")) {
    const std::string role = message.at("role");
    expect(role != before, "two messages of one side in a row");
    before = role;
    for (const json& block : message.at("content")) bedrock_block(block, role, lines);
  }
  for (const json& tool : body.value("toolConfig", json::object()).value("tools", json::array())) {
    if (tool.contains("toolSpec")) add(lines, "tool", tool["toolSpec"].at("name"));
  }
  const json config = body.value("inferenceConfig", json::object());
  add(lines, "limit", number(config.value("maxTokens", json())));
  add(lines, "temperature", number(config.value("temperature", json())));
  return lines;
}

// Answers.

void openai_usage(const json& usage, Lines& lines) {
  add(lines, "usage",
      usage_line(usage.at("prompt_tokens"),
                 usage.value("prompt_tokens_details", json::object()).value("cached_tokens", 0),
                 usage.at("completion_tokens")));
}

void anthropic_usage(const json& usage, Lines& lines) {
  const std::int64_t cached = usage.value("cache_read_input_tokens", 0);
  add(lines, "usage",
      usage_line(usage.at("input_tokens").get<std::int64_t>() + cached, cached, usage.at("output_tokens")));
}

void responses_usage(const json& usage, Lines& lines) {
  add(lines, "usage",
      usage_line(usage.at("input_tokens"), usage.at("input_tokens_details").at("cached_tokens"),
                 usage.at("output_tokens")));
}

Lines openai_answer(const json& body) {
  Lines lines;
  const json& choice = body.at("choices").at(0);
  const json& message = choice.at("message");
  add(lines, "thought", text_of(message.value("reasoning_content", json())));
  add(lines, "text", text_of(message.at("content")));
  for (const json& call : message.value("tool_calls", json::array())) {
    expect(!call.at("id").get<std::string>().empty(), "a call without id");
    add(lines, "call",
        call.at("function").at("name").get<std::string>() + " " + arguments(call.at("function").at("arguments")));
  }
  add(lines, "finish", choice.at("finish_reason"));
  openai_usage(body.at("usage"), lines);
  return lines;
}

Lines anthropic_answer(const json& body) {
  Lines lines;
  for (const json& block : body.at("content")) {
    if (block.at("type") == "thinking") add(lines, "thought", block.at("thinking"));
    if (block.at("type") == "text") add(lines, "text", block.at("text"));
    if (block.at("type") == "tool_use")
      add(lines, "call", block.at("name").get<std::string>() + " " + dump(block.at("input")));
  }
  add(lines, "finish", body.at("stop_reason") == "tool_use" ? "tool_calls" : text_of(body.at("stop_reason")));
  anthropic_usage(body.at("usage"), lines);
  return lines;
}

Lines responses_answer(const json& body) {
  Lines lines;
  bool calls = false;
  for (const json& item : body.at("output")) {
    const std::string type = item.at("type");
    if (type == "reasoning") {
      for (const json& part : item.at("summary")) add(lines, "thought", part.at("text"));
    }
    if (type == "message") {
      for (const json& part : item.at("content")) add(lines, "text", part.at("text"));
    }
    if (type != "function_call") continue;
    calls = true;
    add(lines, "call", item.at("name").get<std::string>() + " " + arguments(item.at("arguments")));
  }
  expect(body.at("status") == "completed", "not completed");
  add(lines, "finish", calls ? "tool_calls" : "stop");
  responses_usage(body.at("usage"), lines);
  return lines;
}

// Streams, put together as their clients do.

Lines openai_stream(const std::vector<std::pair<std::string, std::string>>& events) {
  expect(!events.empty() && events.back().second == "[DONE]", "no [DONE] at the end");
  json message{{"content", ""}, {"reasoning_content", ""}};
  std::map<int, json> calls;
  json finish, usage;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    const json chunk = json::parse(events[i].second);
    if (chunk.contains("usage") && !chunk["usage"].is_null()) usage = chunk["usage"];
    for (const json& choice : chunk.at("choices")) {
      const json& delta = choice.at("delta");
      for (const char* const name : {"content", "reasoning_content"}) {
        message[name] = message[name].get<std::string>() + text_of(delta.value(name, json()));
      }
      for (const json& piece : delta.value("tool_calls", json::array())) {
        json& call = calls[piece.at("index")];
        if (call.is_null())
          call = {{"id", piece.at("id")}, {"function", {{"name", piece.at("function").at("name")}, {"arguments", ""}}}};
        json& all = call["function"]["arguments"];
        all = all.get<std::string>() + text_of(piece.at("function").value("arguments", json()));
      }
      if (!choice.at("finish_reason").is_null()) finish = choice["finish_reason"];
    }
  }
  for (const auto& [index, call] : calls) message["tool_calls"].push_back(call);
  return openai_answer({{"choices", {{{"message", message}, {"finish_reason", finish}}}}, {"usage", usage}});
}

Lines anthropic_stream(const std::vector<std::pair<std::string, std::string>>& events) {
  json message;
  std::map<int, std::string> arguments_of;
  std::map<int, bool> open;
  bool stopped = false;
  for (const auto& [type, data] : events) {
    const json event = json::parse(data);
    expect(event.at("type") == type, "an event's type is not that of its data");
    expect(!stopped, "something follows message_stop");
    if (type == "message_start") message = event.at("message");
    if (type == "content_block_start") {
      const int index = event.at("index");
      expect(index == static_cast<int>(message["content"].size()), "a block's index is not the next one");
      message["content"].push_back(event.at("content_block"));
      open[index] = true;
    }
    if (type == "content_block_delta") {
      const int index = event.at("index");
      expect(open[index], "a piece of a block that is not open");
      json& block = message["content"].at(static_cast<std::size_t>(index));
      const json& delta = event.at("delta");
      for (const char* const name : {"text", "thinking", "signature"}) {
        if (delta.contains(name)) block[name] = text_of(block.value(name, json())) + delta[name].get<std::string>();
      }
      if (delta.contains("partial_json")) arguments_of[index] += delta["partial_json"].get<std::string>();
    }
    if (type == "content_block_stop") open[event.at("index")] = false;
    if (type == "message_delta") {
      message.update(event.at("delta"));
      for (const auto& [name, value] : event.at("usage").items()) {
        if (!value.is_null()) message["usage"][name] = value;
      }
    }
    stopped = type == "message_stop";
  }
  expect(stopped, "no message_stop");
  for (const auto& [index, still] : open) expect(!still, "a block was never closed");
  for (const auto& [index, text] : arguments_of)
    message["content"][static_cast<std::size_t>(index)]["input"] = json::parse(text);
  return anthropic_answer(message);
}

Lines responses_stream(const std::vector<std::pair<std::string, std::string>>& events) {
  std::map<int, std::string> text_of_item;
  std::map<int, std::string> arguments_of_item;
  std::int64_t sequence = 0;
  json last;
  for (const auto& [type, data] : events) {
    const json event = json::parse(data);
    expect(event.at("type") == type, "an event's type is not that of its data");
    expect(event.at("sequence_number") == sequence++, "sequence numbers have a gap");
    if (type == "response.output_text.delta")
      text_of_item[event.at("output_index")] += event.at("delta").get<std::string>();
    if (type == "response.function_call_arguments.delta") {
      arguments_of_item[event.at("output_index")] += event.at("delta").get<std::string>();
    }
    last = event;
  }
  expect(last.at("type") == "response.completed", "the last event is not response.completed");
  const json& response = last.at("response");
  for (const auto& [index, text] : text_of_item) {
    expect(response.at("output").at(static_cast<std::size_t>(index)).at("content").at(0).at("text") == text,
           "the pieces of a text are not the text");
  }
  for (const auto& [index, text] : arguments_of_item) {
    expect(response.at("output").at(static_cast<std::size_t>(index)).at("arguments") == text,
           "the pieces of a call's arguments are not the arguments");
  }
  return responses_answer(response);
}

}  // namespace

Lines history_of(Dialect provider, const json& body) {
  switch (provider) {
    case Dialect::anthropic: return anthropic_history(body);
    case Dialect::gemini: return gemini_history(body);
    case Dialect::bedrock: return bedrock_history(body);
    default: return openai_history(body);
  }
}

Lines answer_of(Dialect client, const json& body) {
  if (client == Dialect::anthropic) return anthropic_answer(body);
  return client == Dialect::openai_responses ? responses_answer(body) : openai_answer(body);
}

Lines stream_of(Dialect client, const std::vector<std::pair<std::string, std::string>>& events) {
  if (client == Dialect::anthropic) return anthropic_stream(events);
  return client == Dialect::openai_responses ? responses_stream(events) : openai_stream(events);
}

}  // namespace triaged::dialects
