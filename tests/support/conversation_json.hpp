// A Conversation and the steps of an answer as JSON, and back: golden files are written in it.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/chat/delta.hpp"

#include "support/places.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace triaged::test {

using nlohmann::json;

inline json parsed(std::string_view text) { return json::parse(text.begin(), text.end()); }

inline void put(json& to, const char* name, const JsonString& string) {
  if (!string.empty()) to[name] = string.resolved();
}
inline void put_json(json& to, const char* name, chat::JsonText text) {
  if (!text.empty()) to[name] = parsed(text);
}

inline const std::vector<std::string>& part_kinds() {
  static const std::vector<std::string> names{"text",      "refusal",     "image",    "audio",           "document",
                                              "tool_call", "tool_result", "thinking", "hidden_thinking", "foreign"};
  return names;
}

inline json to_json(const chat::Part& part) {
  json out{{"kind", part_kinds().at(static_cast<std::size_t>(part.kind))}};
  put(out, "text", part.text);
  put(out, "url", part.media.url);
  put(out, "data", part.media.data);
  put(out, "media_text", part.media.text);
  put(out, "file_id", part.media.file_id);
  put(out, "media_type", part.media.media_type);
  put(out, "detail", part.media.detail);
  put(out, "title", part.media.title);
  put(out, "context", part.media.context);
  if (part.media.citations) out["citations"] = true;
  put(out, "id", part.id);
  put(out, "name", part.name);
  put_json(out, "arguments", part.arguments);
  for (const chat::Part& each : part.content) out["content"].push_back(to_json(each));
  if (part.failed) out["failed"] = true;
  put(out, "signature", part.signature);
  if (part.cache != chat::CacheLife::none) out["cache"] = part.cache == chat::CacheLife::one_hour ? "1h" : "5m";
  put_json(out, "raw", part.raw);
  return out;
}

inline json to_json(const chat::Tool& tool) {
  json out = json::object();
  put(out, "name", tool.name);
  put(out, "description", tool.description);
  put_json(out, "schema", tool.schema);
  if (tool.strict) out["strict"] = *tool.strict;
  if (tool.custom) out["custom"] = true;
  if (tool.hosted) out["hosted"] = true;
  if (tool.cache != chat::CacheLife::none) out["cache"] = tool.cache == chat::CacheLife::one_hour ? "1h" : "5m";
  put_json(out, "raw", tool.raw);
  return out;
}

inline const std::vector<std::string>& tool_uses() {
  static const std::vector<std::string> names{"unset", "auto", "none", "required", "named"};
  return names;
}
inline const std::vector<std::string>& modes() {
  static const std::vector<std::string> names{"unset", "off", "on", "adaptive"};
  return names;
}
inline const std::vector<std::string>& formats() {
  static const std::vector<std::string> names{"text", "json_object", "json_schema"};
  return names;
}
template <class T>
std::size_t index_of(T value) {
  return static_cast<std::size_t>(value);
}

inline json to_json(const chat::Conversation& from) {
  json out{{"dialect", chat::name(from.dialect)}};
  for (const chat::Turn& turn : from.turns) {
    json one{{"role", chat::name(turn.role)}, {"parts", json::array()}};
    for (const chat::Part& part : turn.parts) one["parts"].push_back(to_json(part));
    put(one, "name", turn.name);
    out["turns"].push_back(one);
  }
  for (const chat::Tool& tool : from.tools) out["tools"].push_back(to_json(tool));
  if (from.tool_choice.use != chat::ToolUse::unset) out["tool_use"] = tool_uses().at(index_of(from.tool_choice.use));
  put(out, "tool_name", from.tool_choice.name);
  if (from.tool_choice.parallel) out["parallel"] = *from.tool_choice.parallel;
  if (from.format.kind != chat::OutputFormat::text) {
    json& format = out["format"];
    format["kind"] = formats().at(index_of(from.format.kind));
    put(format, "name", from.format.name);
    put(format, "description", from.format.description);
    put_json(format, "schema", from.format.schema);
    if (from.format.strict) format["strict"] = *from.format.strict;
  }
  if (from.reasoning.mode != chat::Reasoning::Mode::unset) out["thinking"] = modes().at(index_of(from.reasoning.mode));
  put(out, "effort", from.reasoning.effort);
  if (from.reasoning.budget) out["budget"] = *from.reasoning.budget;
  if (from.reasoning.shown) out["shown"] = *from.reasoning.shown;
  put(out, "summary", from.reasoning.summary);
  put_json(out, "temperature", from.sampling.temperature);
  put_json(out, "top_p", from.sampling.top_p);
  put_json(out, "top_k", from.sampling.top_k);
  put_json(out, "presence_penalty", from.sampling.presence_penalty);
  put_json(out, "frequency_penalty", from.sampling.frequency_penalty);
  put_json(out, "seed", from.sampling.seed);
  put_json(out, "logit_bias", from.sampling.logit_bias);
  for (const JsonString& stop : from.stops) out["stops"].push_back(stop.resolved());
  if (from.max_output_tokens) out["limit"] = *from.max_output_tokens;
  if (from.answers != 1) out["answers"] = from.answers;
  if (from.logprobs) out["logprobs"] = true;
  if (from.top_logprobs) out["top_logprobs"] = *from.top_logprobs;
  if (from.stream) out["stream"] = true;
  if (from.include_usage) out["include_usage"] = true;
  put(out, "model", from.model);
  put(out, "user", from.user);
  put(out, "cache_key", from.cache_key);
  put(out, "service_tier", from.service_tier);
  put(out, "verbosity", from.verbosity);
  put_json(out, "metadata", from.metadata);
  put_json(out, "store", from.store);
  put_json(out, "modalities", from.modalities);
  put_json(out, "audio", from.audio);
  put_json(out, "prediction", from.prediction);
  for (const chat::Member& other : from.others) out["others"][other.name.resolved()] = parsed(other.value);
  for (const std::string& path : from.lost) out["lost"].push_back(path);
  if (from.legacy_functions) out["legacy_functions"] = true;
  if (!from.native_only.empty()) out["native_only"] = from.native_only;
  return out;
}

// Back from JSON: reads what to_json() writes.
class ConversationReading {
 public:
  explicit ConversationReading(const json& from) : from_(from) {}

  chat::Conversation read() {
    out_.dialect = dialect();
    for (const json& turn : from_.value("turns", json::array())) {
      chat::Turn& one = out_.turns.emplace_back();
      const std::string role = turn.at("role");
      one.role = role == "system"      ? chat::Role::system
                 : role == "assistant" ? chat::Role::assistant
                 : role == "tool"      ? chat::Role::tool
                                       : chat::Role::user;
      one.name = string(turn, "name");
      for (const json& each : turn.at("parts")) one.parts.push_back(part(each));
    }
    for (const json& each : from_.value("tools", json::array())) out_.tools.push_back(tool(each));
    out_.tool_choice.use = static_cast<chat::ToolUse>(place(tool_uses(), from_.value("tool_use", "unset")));
    out_.tool_choice.name = string(from_, "tool_name");
    if (from_.contains("parallel")) out_.tool_choice.parallel = from_["parallel"].get<bool>();
    read_format();
    out_.reasoning.mode = static_cast<chat::Reasoning::Mode>(place(modes(), from_.value("thinking", "unset")));
    out_.reasoning.effort = string(from_, "effort");
    if (from_.contains("budget")) out_.reasoning.budget = from_["budget"].get<std::int64_t>();
    if (from_.contains("shown")) out_.reasoning.shown = from_["shown"].get<bool>();
    out_.reasoning.summary = string(from_, "summary");
    chat::Sampling& sampling = out_.sampling;
    sampling.temperature = text(from_, "temperature");
    sampling.top_p = text(from_, "top_p");
    sampling.top_k = text(from_, "top_k");
    sampling.presence_penalty = text(from_, "presence_penalty");
    sampling.frequency_penalty = text(from_, "frequency_penalty");
    sampling.seed = text(from_, "seed");
    sampling.logit_bias = text(from_, "logit_bias");
    for (const json& stop : from_.value("stops", json::array()))
      out_.stops.push_back(out_.keep(stop.get<std::string>()));
    if (from_.contains("limit")) out_.max_output_tokens = from_["limit"].get<std::int64_t>();
    out_.answers = from_.value("answers", 1);
    out_.logprobs = from_.value("logprobs", false);
    if (from_.contains("top_logprobs")) out_.top_logprobs = from_["top_logprobs"].get<std::int64_t>();
    out_.stream = from_.value("stream", false);
    out_.include_usage = from_.value("include_usage", false);
    read_labels();
    return std::move(out_);
  }

 private:
  static std::size_t place(const std::vector<std::string>& names, const std::string& name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return i;
    }
    throw std::runtime_error("no such name: " + name);
  }
  chat::Dialect dialect() const {
    for (const auto each : {chat::Dialect::openai_chat, chat::Dialect::openai_completions,
                            chat::Dialect::openai_responses, chat::Dialect::anthropic}) {
      if (chat::name(each) == from_.at("dialect").get<std::string>()) return each;
    }
    throw std::runtime_error("no such dialect");
  }
  JsonString string(const json& from, const char* name) {
    return from.contains(name) ? out_.keep(from[name].get<std::string>()) : JsonString();
  }
  chat::JsonText text(const json& from, const char* name) {
    return from.contains(name) ? out_.keep_json(from[name].dump()) : chat::JsonText();
  }
  static chat::CacheLife cache(const json& from) {
    if (!from.contains("cache")) return chat::CacheLife::none;
    return from["cache"] == "1h" ? chat::CacheLife::one_hour : chat::CacheLife::five_minutes;
  }
  chat::Part part(const json& from) {
    chat::Part out;
    out.kind = static_cast<chat::PartKind>(place(part_kinds(), from.at("kind")));
    out.text = string(from, "text");
    out.media.url = string(from, "url");
    out.media.data = string(from, "data");
    out.media.text = string(from, "media_text");
    out.media.file_id = string(from, "file_id");
    out.media.media_type = string(from, "media_type");
    out.media.detail = string(from, "detail");
    out.media.title = string(from, "title");
    out.media.context = string(from, "context");
    out.media.citations = from.value("citations", false);
    out.id = string(from, "id");
    out.name = string(from, "name");
    out.arguments = text(from, "arguments");
    for (const json& each : from.value("content", json::array())) out.content.push_back(part(each));
    out.failed = from.value("failed", false);
    out.signature = string(from, "signature");
    out.cache = cache(from);
    out.raw = text(from, "raw");
    return out;
  }
  chat::Tool tool(const json& from) {
    chat::Tool out;
    out.name = string(from, "name");
    out.description = string(from, "description");
    out.schema = text(from, "schema");
    if (from.contains("strict")) out.strict = from["strict"].get<bool>();
    out.custom = from.value("custom", false);
    out.hosted = from.value("hosted", false);
    out.cache = cache(from);
    out.raw = text(from, "raw");
    return out;
  }
  void read_format() {
    if (!from_.contains("format")) return;
    const json& format = from_["format"];
    out_.format.kind = static_cast<chat::OutputFormat>(place(formats(), format.at("kind")));
    out_.format.name = string(format, "name");
    out_.format.description = string(format, "description");
    out_.format.schema = text(format, "schema");
    if (format.contains("strict")) out_.format.strict = format["strict"].get<bool>();
  }
  void read_labels() {
    out_.model = string(from_, "model");
    out_.user = string(from_, "user");
    out_.cache_key = string(from_, "cache_key");
    out_.service_tier = string(from_, "service_tier");
    out_.verbosity = string(from_, "verbosity");
    out_.metadata = text(from_, "metadata");
    out_.store = text(from_, "store");
    out_.modalities = text(from_, "modalities");
    out_.audio = text(from_, "audio");
    out_.prediction = text(from_, "prediction");
    const json others = from_.value("others", json::object());
    for (const auto& [name, value] : others.items()) {
      const JsonString kept = out_.keep(name);
      out_.others.push_back({kept, out_.keep_json(value.dump())});
    }
    for (const json& path : from_.value("lost", json::array())) out_.lost.push_back(path);
    out_.legacy_functions = from_.value("legacy_functions", false);
    out_.native_only = from_.value("native_only", "");
  }

  const json& from_;
  chat::Conversation out_;
};

inline chat::Conversation conversation_of(const json& from) { return placed(ConversationReading(from).read()); }

inline json to_json(const chat::Usage& usage) {
  json out = json::object();
  const auto put_count = [&out](const char* name, std::int64_t count) {
    if (count != 0) out[name] = count;
  };
  put_count("input", usage.input);
  put_count("cached_input", usage.cached_input);
  put_count("cache_write_5m", usage.cache_write_5m);
  put_count("cache_write_1h", usage.cache_write_1h);
  put_count("audio_input", usage.audio_input);
  put_count("output", usage.output);
  put_count("reasoning", usage.reasoning);
  put_count("audio_output", usage.audio_output);
  return out;
}

inline const std::vector<std::string>& delta_kinds() {
  static const std::vector<std::string> names{"start",           "text",      "refusal",   "thinking", "signature",
                                              "hidden_thinking", "tool_call", "arguments", "citation", "logprobs",
                                              "finish",          "usage",     "error",     "done"};
  return names;
}

inline json to_json(const chat::Delta& delta) {
  json out{{"kind", delta_kinds().at(index_of(delta.kind))}};
  if (delta.choice != 0) out["choice"] = delta.choice;
  if (delta.part != 0) out["part"] = delta.part;
  put(out, "text", delta.text);
  put(out, "id", delta.id);
  put(out, "name", delta.name);
  put_json(out, "json", delta.json);
  if (delta.finish != chat::Finish::none) out["finish"] = chat::name(delta.finish);
  if (delta.usage) out["usage"] = to_json(*delta.usage);
  return out;
}

// Keeps steps as JSON.
class DeltaLog final : public chat::DeltaSink {
 public:
  void take(const chat::Delta& delta) override { steps.push_back(to_json(delta)); }
  json steps = json::array();
};

// Gives the steps of a golden file to `sink`.
inline void replay(const json& steps, chat::DeltaSink& sink) {
  for (const json& step : steps) {
    chat::Conversation own;
    const auto kept = [&](const char* name) {
      return step.contains(name) ? own.keep(step[name].get<std::string>()) : JsonString();
    };
    chat::Delta delta;
    const std::string kind = step.at("kind");
    while (delta_kinds().at(index_of(delta.kind)) != kind) {
      delta.kind = static_cast<chat::DeltaKind>((index_of(delta.kind) + 1) % delta_kinds().size());
    }
    delta.choice = step.value("choice", 0U);
    delta.part = step.value("part", 0U);
    delta.text = kept("text");
    delta.id = kept("id");
    delta.name = kept("name");
    const std::string text = step.contains("json") ? step["json"].dump() : std::string();
    delta.json = text;
    for (const auto each : {chat::Finish::stop, chat::Finish::length, chat::Finish::tool_calls,
                            chat::Finish::content_filter, chat::Finish::other}) {
      if (chat::name(each) == step.value("finish", "")) delta.finish = each;
    }
    if (step.contains("usage")) {
      const json& from = step["usage"];
      chat::Usage& usage = delta.usage.emplace();
      usage.input = from.value("input", 0);
      usage.cached_input = from.value("cached_input", 0);
      usage.cache_write_5m = from.value("cache_write_5m", 0);
      usage.cache_write_1h = from.value("cache_write_1h", 0);
      usage.output = from.value("output", 0);
      usage.reasoning = from.value("reasoning", 0);
      usage.audio_output = from.value("audio_output", 0);
      usage.certainty = chat::Certainty::exact;
    }
    sink.take(delta);
  }
}

}  // namespace triaged::test
