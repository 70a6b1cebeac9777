// A Conversation as JSON, for golden files: members that are unset are left out.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>

namespace triaged::test {

using Facts = nlohmann::ordered_json;

inline void put(Facts& facts, const char* name, const JsonString& string) {
  if (!string.empty()) facts[name] = string.resolved();
}

inline void put_json(Facts& facts, const char* name, chat::JsonText json) {
  if (!json.empty()) facts[name] = Facts::parse(json);
}

template <class T>
void put_value(Facts& facts, const char* name, const std::optional<T>& value) {
  if (value) facts[name] = *value;
}

inline std::string_view name_of(chat::PartKind kind) {
  constexpr std::array<std::string_view, 10> names{
      "text",      "refusal",     "image",    "audio",           "document",
      "tool_call", "tool_result", "thinking", "hidden_thinking", "foreign"};
  return names.at(static_cast<std::size_t>(kind));
}

inline Facts facts_of(const chat::Part& part) {
  Facts facts{{"kind", name_of(part.kind)}};
  put(facts, "text", part.text);
  put(facts, "url", part.media.url);
  put(facts, "data", part.media.data);
  put(facts, "document", part.media.text);
  put(facts, "file_id", part.media.file_id);
  put(facts, "media_type", part.media.media_type);
  put(facts, "detail", part.media.detail);
  put(facts, "title", part.media.title);
  put(facts, "id", part.id);
  put(facts, "name", part.name);
  put_json(facts, "arguments", part.arguments);
  for (const chat::Part& each : part.content) facts["content"].push_back(facts_of(each));
  if (part.failed) facts["failed"] = true;
  put(facts, "signature", part.signature);
  if (part.cache != chat::CacheLife::none) facts["cache"] = part.cache == chat::CacheLife::one_hour ? "1h" : "5m";
  put_json(facts, "raw", part.raw);
  return facts;
}

inline Facts facts_of(const chat::Tool& tool) {
  Facts facts;
  put(facts, "name", tool.name);
  put(facts, "scope", tool.scope);
  put(facts, "description", tool.description);
  put_json(facts, "schema", tool.schema);
  put_value(facts, "strict", tool.strict);
  if (tool.custom) facts["custom"] = true;
  if (tool.hosted) facts["hosted"] = true;
  put_json(facts, "raw", tool.raw);
  return facts;
}

inline Facts facts_of(const chat::Conversation& conversation) {
  Facts facts;
  put(facts, "model", conversation.model);
  for (const chat::Turn& turn : conversation.turns) {
    Facts each{{"role", chat::name(turn.role)}};
    put(each, "name", turn.name);
    for (const chat::Part& part : turn.parts) each["parts"].push_back(facts_of(part));
    facts["turns"].push_back(std::move(each));
  }
  for (const chat::Tool& tool : conversation.tools) facts["tools"].push_back(facts_of(tool));
  constexpr std::array<std::string_view, 5> uses{"unset", "automatic", "none", "required", "named"};
  if (conversation.tool_choice.use != chat::ToolUse::unset) {
    facts["tool_use"] = uses.at(static_cast<std::size_t>(conversation.tool_choice.use));
  }
  put(facts, "tool", conversation.tool_choice.name);
  put_value(facts, "parallel", conversation.tool_choice.parallel);
  constexpr std::array<std::string_view, 3> formats{"text", "json_object", "json_schema"};
  if (conversation.format.kind != chat::OutputFormat::text) {
    Facts format{{"kind", formats.at(static_cast<std::size_t>(conversation.format.kind))}};
    put(format, "name", conversation.format.name);
    put(format, "description", conversation.format.description);
    put_json(format, "schema", conversation.format.schema);
    put_value(format, "strict", conversation.format.strict);
    facts["format"] = std::move(format);
  }
  constexpr std::array<std::string_view, 4> modes{"unset", "off", "on", "adaptive"};
  if (conversation.reasoning.mode != chat::Reasoning::Mode::unset) {
    facts["thinking"] = modes.at(static_cast<std::size_t>(conversation.reasoning.mode));
  }
  put(facts, "effort", conversation.reasoning.effort);
  put(facts, "summary", conversation.reasoning.summary);
  put_value(facts, "thoughts_shown", conversation.reasoning.shown);
  put_json(facts, "temperature", conversation.sampling.temperature);
  put_json(facts, "top_p", conversation.sampling.top_p);
  put_value(facts, "max_output_tokens", conversation.max_output_tokens);
  if (conversation.logprobs) facts["logprobs"] = true;
  put_value(facts, "top_logprobs", conversation.top_logprobs);
  if (conversation.stream) facts["stream"] = true;
  if (conversation.include_usage) facts["include_usage"] = true;
  put(facts, "user", conversation.user);
  put(facts, "cache_key", conversation.cache_key);
  put(facts, "service_tier", conversation.service_tier);
  put(facts, "verbosity", conversation.verbosity);
  put_json(facts, "metadata", conversation.metadata);
  put_json(facts, "store", conversation.store);
  for (const chat::Member& member : conversation.others) facts["others"].push_back(member.name.resolved());
  for (const std::string& path : conversation.lost) facts["lost"].push_back(path);
  return facts;
}

}  // namespace triaged::test
