// Conversations and the steps of answers as JSON, and back: what golden files of all dialects state them in.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/chat/delta.hpp"

#include "support/places.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::test {

using Json = nlohmann::json;

template <class Value>
using Names = std::vector<std::pair<Value, std::string_view>>;

template <class Value>
std::string name_in(const Names<Value>& names, Value value) {
  for (const auto& [each, name] : names) {
    if (each == value) return std::string(name);
  }
  return "?";
}

template <class Value>
Value value_in(const Names<Value>& names, const Json& name) {
  for (const auto& [each, text] : names) {
    if (name.get<std::string>() == text) return each;
  }
  throw std::invalid_argument("no such name: " + name.dump());
}

inline const Names<chat::PartKind> part_kinds{
    {chat::PartKind::text, "text"},
    {chat::PartKind::refusal, "refusal"},
    {chat::PartKind::image, "image"},
    {chat::PartKind::audio, "audio"},
    {chat::PartKind::document, "document"},
    {chat::PartKind::tool_call, "tool_call"},
    {chat::PartKind::tool_result, "tool_result"},
    {chat::PartKind::thinking, "thinking"},
    {chat::PartKind::hidden_thinking, "hidden_thinking"},
    {chat::PartKind::foreign, "foreign"},
};
inline const Names<chat::CacheLife> cache_lives{
    {chat::CacheLife::none, "none"}, {chat::CacheLife::five_minutes, "5m"}, {chat::CacheLife::one_hour, "1h"}};
inline const Names<chat::Role> roles{{chat::Role::system, "system"},
                                     {chat::Role::user, "user"},
                                     {chat::Role::assistant, "assistant"},
                                     {chat::Role::tool, "tool"}};
inline const Names<chat::Dialect> dialects{{chat::Dialect::openai_chat, "openai_chat"},
                                           {chat::Dialect::openai_completions, "openai_completions"},
                                           {chat::Dialect::openai_responses, "openai_responses"},
                                           {chat::Dialect::anthropic, "anthropic"}};
inline const Names<chat::ToolUse> tool_uses{{chat::ToolUse::unset, "unset"},
                                            {chat::ToolUse::automatic, "automatic"},
                                            {chat::ToolUse::none, "none"},
                                            {chat::ToolUse::required, "required"},
                                            {chat::ToolUse::named, "named"}};
inline const Names<chat::OutputFormat> formats{{chat::OutputFormat::text, "text"},
                                               {chat::OutputFormat::json_object, "json_object"},
                                               {chat::OutputFormat::json_schema, "json_schema"}};
inline const Names<chat::Reasoning::Mode> modes{{chat::Reasoning::Mode::unset, "unset"},
                                                {chat::Reasoning::Mode::off, "off"},
                                                {chat::Reasoning::Mode::on, "on"},
                                                {chat::Reasoning::Mode::adaptive, "adaptive"}};
inline const Names<chat::DeltaKind> delta_kinds{
    {chat::DeltaKind::start, "start"},         {chat::DeltaKind::text, "text"},
    {chat::DeltaKind::refusal, "refusal"},     {chat::DeltaKind::thinking, "thinking"},
    {chat::DeltaKind::signature, "signature"}, {chat::DeltaKind::hidden_thinking, "hidden_thinking"},
    {chat::DeltaKind::tool_call, "tool_call"}, {chat::DeltaKind::arguments, "arguments"},
    {chat::DeltaKind::citation, "citation"},   {chat::DeltaKind::logprobs, "logprobs"},
    {chat::DeltaKind::finish, "finish"},       {chat::DeltaKind::usage, "usage"},
    {chat::DeltaKind::error, "error"},         {chat::DeltaKind::done, "done"}};
inline const Names<chat::Finish> finishes{{chat::Finish::none, "none"},
                                          {chat::Finish::stop, "stop"},
                                          {chat::Finish::length, "length"},
                                          {chat::Finish::tool_calls, "tool_calls"},
                                          {chat::Finish::content_filter, "content_filter"},
                                          {chat::Finish::other, "other"}};
inline const Names<chat::Certainty> certainties{{chat::Certainty::exact, "exact"},
                                                {chat::Certainty::estimated, "estimated"},
                                                {chat::Certainty::unknown, "unknown"}};

// Writes the members that are set.
class Describer {
 public:
  explicit Describer(Json& out) : out_(out) {}
  void operator()(const char* name, const JsonString& value) {
    if (!value.empty()) out_[name] = value.resolved();
  }
  void operator()(const char* name, bool value) {
    if (value) out_[name] = true;
  }
  template <class Value>
  void operator()(const char* name, const std::optional<Value>& value) {
    if (value) out_[name] = *value;
  }
  void json(const char* name, std::string_view value) {
    if (!value.empty()) out_[name] = Json::parse(value);
  }
  template <class Value>
  void named(const char* name, const Names<Value>& names, Value value, Value unset) {
    if (value != unset) out_[name] = name_in(names, value);
  }

 private:
  Json& out_;
};

// Sets the members that are there. Its strings live in the conversation.
class Builder {
 public:
  Builder(const Json& in, chat::Conversation& conversation) : in_(in), conversation_(conversation) {}
  void operator()(const char* name, JsonString& value) {
    if (in_.contains(name)) value = conversation_.keep(in_.at(name).get<std::string>());
  }
  void operator()(const char* name, bool& value) { value = in_.value(name, value); }
  template <class Value>
  void operator()(const char* name, std::optional<Value>& value) {
    if (in_.contains(name)) value = in_.at(name).get<Value>();
  }
  void json(const char* name, std::string_view& value) {
    if (in_.contains(name)) value = conversation_.keep_json(in_.at(name).dump());
  }
  template <class Value>
  void named(const char* name, const Names<Value>& names, Value& value, Value) {
    if (in_.contains(name)) value = value_in(names, in_.at(name));
  }

 private:
  const Json& in_;
  chat::Conversation& conversation_;
};

template <class Visitor, class PartType>
void visit_part(Visitor& visit, PartType& part) {
  visit.named("kind", part_kinds, part.kind, static_cast<chat::PartKind>(255));
  visit("text", part.text);
  visit("url", part.media.url);
  visit("data", part.media.data);
  visit("document_text", part.media.text);
  visit("file_id", part.media.file_id);
  visit("media_type", part.media.media_type);
  visit("detail", part.media.detail);
  visit("title", part.media.title);
  visit("context", part.media.context);
  visit("citations", part.media.citations);
  visit("id", part.id);
  visit("name", part.name);
  visit.json("arguments", part.arguments);
  visit("failed", part.failed);
  visit("signature", part.signature);
  visit.named("cache", cache_lives, part.cache, chat::CacheLife::none);
  visit.json("raw", part.raw);
}

template <class Visitor, class ToolType>
void visit_tool(Visitor& visit, ToolType& tool) {
  visit("name", tool.name);
  visit("description", tool.description);
  visit.json("schema", tool.schema);
  visit("strict", tool.strict);
  visit("custom", tool.custom);
  visit("hosted", tool.hosted);
  visit.named("cache", cache_lives, tool.cache, chat::CacheLife::none);
  visit.json("raw", tool.raw);
}

template <class Visitor, class ConversationType>
void visit_settings(Visitor& visit, ConversationType& c) {
  visit.named("dialect", dialects, c.dialect, static_cast<chat::Dialect>(255));
  visit.named("tool_use", tool_uses, c.tool_choice.use, chat::ToolUse::unset);
  visit("tool_named", c.tool_choice.name);
  visit("parallel", c.tool_choice.parallel);
  visit.named("format", formats, c.format.kind, chat::OutputFormat::text);
  visit("format_name", c.format.name);
  visit("format_description", c.format.description);
  visit.json("format_schema", c.format.schema);
  visit("format_strict", c.format.strict);
  visit.named("reasoning", modes, c.reasoning.mode, chat::Reasoning::Mode::unset);
  visit("effort", c.reasoning.effort);
  visit("budget", c.reasoning.budget);
  visit("shown", c.reasoning.shown);
  visit("summary", c.reasoning.summary);
  visit.json("temperature", c.sampling.temperature);
  visit.json("top_p", c.sampling.top_p);
  visit.json("top_k", c.sampling.top_k);
  visit.json("presence_penalty", c.sampling.presence_penalty);
  visit.json("frequency_penalty", c.sampling.frequency_penalty);
  visit.json("seed", c.sampling.seed);
  visit.json("logit_bias", c.sampling.logit_bias);
  visit("max_output_tokens", c.max_output_tokens);
  visit("logprobs", c.logprobs);
  visit("top_logprobs", c.top_logprobs);
  visit("stream", c.stream);
  visit("include_usage", c.include_usage);
  visit("model", c.model);
  visit("user", c.user);
  visit("cache_key", c.cache_key);
  visit("service_tier", c.service_tier);
  visit("verbosity", c.verbosity);
  visit.json("metadata", c.metadata);
  visit.json("store", c.store);
  visit.json("modalities", c.modalities);
  visit.json("audio", c.audio);
  visit.json("prediction", c.prediction);
}

inline Json describe(const std::vector<chat::Part>& parts) {
  Json list = Json::array();
  for (const chat::Part& part : parts) {
    Json& added = list.emplace_back(Json::object());
    Describer visit(added);
    visit_part(visit, part);
    if (!part.content.empty()) added["content"] = describe(part.content);
  }
  return list;
}

inline Json describe(const chat::Conversation& conversation) {
  Json out = Json::object();
  Describer visit(out);
  visit_settings(visit, conversation);
  if (conversation.answers != 1) out["answers"] = conversation.answers;
  for (const chat::Turn& turn : conversation.turns) {
    Json& added = out["turns"].emplace_back(Json{{"role", name_in(roles, turn.role)}, {"parts", describe(turn.parts)}});
    Describer visit_turn(added);
    visit_turn("name", turn.name);
  }
  for (const chat::Tool& tool : conversation.tools) {
    Json& added = out["tools"].emplace_back(Json::object());
    Describer visit_one(added);
    visit_tool(visit_one, tool);
  }
  for (const JsonString& stop : conversation.stops) out["stops"].push_back(stop.resolved());
  for (const chat::Member& other : conversation.others) out["others"][other.name.resolved()] = Json::parse(other.value);
  for (const std::string& path : conversation.lost) out["lost"].push_back(path);
  return out;
}

inline std::vector<chat::Part> build_parts(const Json& list, chat::Conversation& conversation) {
  std::vector<chat::Part> parts;
  for (const Json& each : list) {
    chat::Part part;
    Builder visit(each, conversation);
    visit_part(visit, part);
    if (each.contains("content")) part.content = build_parts(each.at("content"), conversation);
    parts.push_back(std::move(part));
  }
  return parts;
}

inline chat::Conversation build_conversation(const Json& in) {
  chat::Conversation conversation;
  Builder visit(in, conversation);
  visit_settings(visit, conversation);
  conversation.answers = in.value("answers", std::int64_t{1});
  for (const Json& each : in.value("turns", Json::array())) {
    chat::Turn turn;
    turn.role = value_in(roles, each.at("role"));
    turn.parts = build_parts(each.at("parts"), conversation);
    Builder visit_turn(each, conversation);
    visit_turn("name", turn.name);
    conversation.turns.push_back(std::move(turn));
  }
  for (const Json& each : in.value("tools", Json::array())) {
    chat::Tool tool;
    Builder visit_one(each, conversation);
    visit_tool(visit_one, tool);
    conversation.tools.push_back(tool);
  }
  for (const Json& stop : in.value("stops", Json::array())) {
    conversation.stops.push_back(conversation.keep(stop.get<std::string>()));
  }
  const Json others = in.value("others", Json::object());
  for (const auto& [name, value] : others.items()) {
    conversation.others.push_back({conversation.keep(name), conversation.keep_json(value.dump())});
  }
  for (const Json& path : in.value("lost", Json::array())) conversation.lost.push_back(path.get<std::string>());
  return placed(std::move(conversation));
}

inline Json describe(const chat::Usage& usage) {
  Json out{{"certainty", name_in(certainties, usage.certainty)}};
  const auto put = [&out](const char* name, std::int64_t count) {
    if (count != 0) out[name] = count;
  };
  put("input", usage.input);
  put("cached_input", usage.cached_input);
  put("cache_write_5m", usage.cache_write_5m);
  put("cache_write_1h", usage.cache_write_1h);
  put("audio_input", usage.audio_input);
  put("output", usage.output);
  put("reasoning", usage.reasoning);
  put("audio_output", usage.audio_output);
  return out;
}

inline chat::Usage build_usage(const Json& in) {
  chat::Usage usage;
  usage.certainty = value_in(certainties, in.at("certainty"));
  const auto take = [&in](const char* name) { return in.value(name, std::int64_t{0}); };
  usage.input = take("input");
  usage.cached_input = take("cached_input");
  usage.cache_write_5m = take("cache_write_5m");
  usage.cache_write_1h = take("cache_write_1h");
  usage.audio_input = take("audio_input");
  usage.output = take("output");
  usage.reasoning = take("reasoning");
  usage.audio_output = take("audio_output");
  return usage;
}

// Notes the steps that it is given.
class Steps final : public chat::DeltaSink {
 public:
  void take(const chat::Delta& delta) override {
    Json& step = list.emplace_back(Json{{"kind", name_in(delta_kinds, delta.kind)}});
    Describer visit(step);
    if (delta.choice != 0) step["choice"] = delta.choice;
    if (delta.part != 0) step["part"] = delta.part;
    visit("text", delta.text);
    visit("id", delta.id);
    visit("name", delta.name);
    visit.json("json", delta.json);
    visit.named("finish", finishes, delta.finish, chat::Finish::none);
    if (delta.usage) step["usage"] = describe(*delta.usage);
  }

  Json list = Json::array();
};

// Gives the steps of such a list.
inline void give_steps(const Json& list, chat::DeltaSink& sink) {
  for (const Json& step : list) {
    chat::Conversation own;
    chat::Delta delta;
    Builder visit(step, own);
    visit.named("kind", delta_kinds, delta.kind, chat::DeltaKind::text);
    delta.choice = step.value("choice", 0U);
    delta.part = step.value("part", 0U);
    visit("text", delta.text);
    visit("id", delta.id);
    visit("name", delta.name);
    visit.json("json", delta.json);
    visit.named("finish", finishes, delta.finish, chat::Finish::none);
    if (step.contains("usage")) delta.usage = build_usage(step.at("usage"));
    sink.take(delta);
  }
}

}  // namespace triaged::test
