#include "api/anthropic/anthropic_message.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <utility>

namespace triaged::api {
namespace {

std::string_view stop_reason(const AnthropicEnd& end) {
  switch (end.finish) {
    case chat::Finish::length: return "max_tokens";
    case chat::Finish::content_filter: return "refusal";
    case chat::Finish::tool_calls: return "tool_use";
    case chat::Finish::none:
    case chat::Finish::stop:
    case chat::Finish::other: break;
  }
  if (!end.sequence.empty()) return "stop_sequence";
  if (end.calls) return "tool_use";  // a call that was forced ends with "stop" elsewhere
  return end.refusal ? "refusal" : "end_turn";
}

void append_count(std::string& out, std::string_view name, std::int64_t count) {
  out.append(name).append(std::to_string(count));
}

}  // namespace

void append_anthropic_usage(std::string& out, const std::optional<chat::Usage>& usage, bool of_message) {
  const chat::Usage known = usage.value_or(chat::Usage());
  append_count(out, R"({"input_tokens":)", known.input + known.audio_input);
  append_count(out, R"(,"cache_creation_input_tokens":)", known.cache_write_5m + known.cache_write_1h);
  append_count(out, R"(,"cache_read_input_tokens":)", known.cached_input);
  append_count(out, R"(,"output_tokens":)", known.total_output());
  if (known.reasoning > 0) {
    append_count(out, R"(,"output_tokens_details":{"thinking_tokens":)", known.reasoning);
    out.push_back('}');
  } else {
    out.append(R"(,"output_tokens_details":null)");
  }
  out.append(R"(,"server_tool_use":null)");
  if (of_message) {
    append_count(out, R"(,"cache_creation":{"ephemeral_5m_input_tokens":)", known.cache_write_5m);
    append_count(out, R"(,"ephemeral_1h_input_tokens":)", known.cache_write_1h);
    out.append(R"(},"inference_geo":null,"service_tier":null,"speed":null)");
  }
  out.push_back('}');
}

void append_anthropic_end(std::string& out, const AnthropicEnd& end) {
  const std::string_view reason = stop_reason(end);
  out.append(R"("stop_reason":")").append(reason).append(R"(","stop_sequence":)");
  if (reason == "stop_sequence") {
    out.append("\"").append(end.sequence).append("\"");
  } else {
    out.append("null");
  }
  const bool refused = reason == "refusal";
  out.append(R"(,"stop_details":)");
  out.append(refused ? R"({"type":"refusal","category":null,"explanation":null})" : "null");
  out.append(R"(,"container":null)");
}

std::string anthropic_id(std::string_view prefix, std::string_view id, std::string_view own) {
  std::string made;
  if (id.empty()) {
    made.append(prefix).append(own);
  } else {
    if (prefix == "msg_" && !id.starts_with(prefix)) made = prefix;
    made.append(id);
  }
  for (char& c : made) {
    const bool allowed =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!allowed) c = '_';
  }
  return made;
}

// OpenAI's: {"type":"url_citation","url_citation":{"url":...,"title":...}}, or the same without the object inside.
std::string anthropic_citation(std::string_view json) {
  JsonReader reader(json, 256);
  JsonString key, type, url, title;
  if (!reader.enter_object_or_skip()) return {};
  std::string_view inner;
  while (reader.next_member(key)) {
    if (key.equals("url_citation") && reader.peek() == JsonType::object) {
      inner = reader.skip();
      continue;
    }
    const auto value = reader.string_or_skip();
    if (value && key.equals("type")) type = *value;
    if (value && key.equals("url")) url = *value;
    if (value && key.equals("title")) title = *value;
  }
  if (type.raw.ends_with("_location")) return std::string(json);
  if (!inner.empty()) {
    JsonReader inside(inner, 256);
    inside.enter_object();
    while (inside.next_member(key)) {
      const auto value = inside.string_or_skip();
      if (value && key.equals("url")) url = *value;
      if (value && key.equals("title")) title = *value;
    }
  }
  if (url.empty()) return {};
  std::string out = R"({"type":"web_search_result_location","url":")";
  out.append(url.raw).append(R"(","title":)");
  out.append(title.empty() ? "null" : "\"" + std::string(title.raw) + "\"");
  return out.append(R"(,"cited_text":"","encrypted_index":""})");
}

std::string anthropic_input(std::string_view arguments) {
  if (trim(arguments).empty()) return "{}";
  JsonReader reader(arguments, 256);
  if (reader.peek() == JsonType::object) {
    reader.skip();
    if (reader.at_end()) return std::string(arguments);
  }
  std::string wrapped = R"({"input":)";
  append_json_string(wrapped, arguments);
  return wrapped.append("}");
}

}  // namespace triaged::api
