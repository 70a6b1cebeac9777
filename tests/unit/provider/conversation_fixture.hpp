// A Conversation from a golden file, which spells it member by member, and what a reader gives as JSON.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/chat/delta.hpp"

#include "support/places.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::provider::test {

inline std::filesystem::path dialect_data(std::string_view dialect, std::string_view folder) {
  return std::filesystem::path(TRIAGED_TEST_DATA) / dialect / folder;
}

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// Names without `ending` of the files in a folder that have it.
inline std::vector<std::string> names_in(const std::filesystem::path& folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(ending)) names.push_back(file.substr(0, file.size() - ending.size()));
  }
  return names;
}

class ConversationOf {
 public:
  explicit ConversationOf(const nlohmann::json& source) { read(source); }
  chat::Conversation out;

 private:
  using json = nlohmann::json;

  JsonString string(const json& object, const char* key) {
    return object.contains(key) ? out.keep(object.at(key).get<std::string>()) : JsonString();
  }
  chat::JsonText text(const json& object, const char* key) {
    return object.contains(key) ? out.keep_json(object.at(key).dump()) : chat::JsonText();
  }
  static bool flag(const json& object, const char* key) { return object.value(key, false); }

  static chat::PartKind kind(const std::string& name) {
    static const std::vector<std::string> names{"text",      "refusal",     "image",    "audio",           "document",
                                                "tool_call", "tool_result", "thinking", "hidden_thinking", "foreign"};
    const auto found = std::find(names.begin(), names.end(), name);
    EXPECT_NE(found, names.end()) << name;
    return static_cast<chat::PartKind>(found - names.begin());
  }

  chat::Part part(const json& source) {
    chat::Part part;
    if (source.is_string()) {
      part.text = out.keep(source.get<std::string>());
      return part;
    }
    part.kind = kind(source.at("kind"));
    part.text = string(source, "text");
    part.media = {string(source, "url"),     string(source, "data"),       string(source, "document"),
                  string(source, "file_id"), string(source, "media_type"), string(source, "detail"),
                  string(source, "title"),   string(source, "context"),    flag(source, "citations")};
    part.id = string(source, "id");
    part.name = string(source, "name");
    part.arguments = text(source, "arguments");
    part.failed = flag(source, "failed");
    part.signature = string(source, "signature");
    const std::string cache = source.value("cache", "");
    if (cache == "5m") part.cache = chat::CacheLife::five_minutes;
    if (cache == "1h") part.cache = chat::CacheLife::one_hour;
    for (const json& each : source.value("content", json::array())) part.content.push_back(this->part(each));
    return part;
  }

  void read_turns(const json& source) {
    for (const json& each : source.at("turns")) {
      chat::Turn& turn = out.turns.emplace_back();
      const std::string role = each.at("role");
      turn.role = role == "system"      ? chat::Role::system
                  : role == "assistant" ? chat::Role::assistant
                  : role == "tool"      ? chat::Role::tool
                                        : chat::Role::user;
      turn.name = string(each, "name");
      for (const json& piece : each.at("parts")) turn.parts.push_back(part(piece));
    }
  }

  void read_tools(const json& source) {
    for (const json& each : source.value("tools", json::array())) {
      chat::Tool& tool = out.tools.emplace_back();
      tool.name = string(each, "name");
      tool.description = string(each, "description");
      tool.schema = text(each, "schema");
      if (each.contains("strict")) tool.strict = flag(each, "strict");
      tool.hosted = flag(each, "hosted");
      if (each.contains("cache")) tool.cache = chat::CacheLife::five_minutes;
    }
    if (!source.contains("tool_choice")) return;
    const json& choice = source.at("tool_choice");
    const std::string use = choice.value("use", "");
    out.tool_choice.use = use == "automatic"  ? chat::ToolUse::automatic
                          : use == "none"     ? chat::ToolUse::none
                          : use == "required" ? chat::ToolUse::required
                          : use == "named"    ? chat::ToolUse::named
                                              : chat::ToolUse::unset;
    out.tool_choice.name = string(choice, "name");
    if (choice.contains("parallel")) out.tool_choice.parallel = flag(choice, "parallel");
  }

  void read_format(const json& source) {
    if (!source.contains("format")) return;
    const json& format = source.at("format");
    out.format.kind =
        format.at("kind") == "json_schema" ? chat::OutputFormat::json_schema : chat::OutputFormat::json_object;
    out.format.name = string(format, "name");
    out.format.description = string(format, "description");
    out.format.schema = text(format, "schema");
  }

  void read_reasoning(const json& source) {
    if (!source.contains("reasoning")) return;
    using Mode = chat::Reasoning::Mode;
    const json& reasoning = source.at("reasoning");
    const std::string mode = reasoning.value("mode", "");
    out.reasoning.mode = mode == "off"        ? Mode::off
                         : mode == "on"       ? Mode::on
                         : mode == "adaptive" ? Mode::adaptive
                                              : Mode::unset;
    out.reasoning.effort = string(reasoning, "effort");
    if (reasoning.contains("budget")) out.reasoning.budget = reasoning.at("budget").get<std::int64_t>();
    if (reasoning.contains("shown")) out.reasoning.shown = flag(reasoning, "shown");
  }

  void read_rest(const json& source) {
    out.sampling = {text(source, "temperature"),
                    text(source, "top_p"),
                    text(source, "top_k"),
                    text(source, "presence_penalty"),
                    text(source, "frequency_penalty"),
                    text(source, "seed"),
                    text(source, "logit_bias")};
    for (const json& stop : source.value("stops", json::array()))
      out.stops.push_back(out.keep(stop.get<std::string>()));
    if (source.contains("max_output_tokens"))
      out.max_output_tokens = source.at("max_output_tokens").get<std::int64_t>();
    out.answers = source.value("answers", 1);
    out.logprobs = flag(source, "logprobs");
    if (source.contains("top_logprobs")) out.top_logprobs = source.at("top_logprobs").get<std::int64_t>();
    out.user = string(source, "user");
    out.cache_key = string(source, "cache_key");
    out.service_tier = string(source, "service_tier");
    out.verbosity = string(source, "verbosity");
    out.metadata = text(source, "metadata");
    out.store = text(source, "store");
    out.modalities = text(source, "modalities");
    out.audio = text(source, "audio");
    out.prediction = text(source, "prediction");
    const json others = source.value("others", json::object());
    for (const auto& [name, value] : others.items()) {
      out.others.push_back({out.keep(name), out.keep_json(value.dump())});
    }
    out.lost = source.value("lost", std::vector<std::string>());
  }

  void read(const json& source) {
    const std::string dialect = source.value("dialect", "openai_chat");
    if (dialect == "anthropic") out.dialect = chat::Dialect::anthropic;
    if (dialect == "openai_responses") out.dialect = chat::Dialect::openai_responses;
    read_turns(source);
    read_tools(source);
    read_format(source);
    read_reasoning(source);
    read_rest(source);
    out = triaged::test::placed(std::move(out));
  }
};

inline nlohmann::json facts_of(const chat::Usage& usage) {
  nlohmann::json facts = nlohmann::json::object();
  const auto tell = [&facts](const char* name, std::int64_t count) {
    if (count != 0) facts[name] = count;
  };
  tell("input", usage.input);
  tell("cached_input", usage.cached_input);
  tell("cache_write_5m", usage.cache_write_5m);
  tell("cache_write_1h", usage.cache_write_1h);
  tell("audio_input", usage.audio_input);
  tell("output", usage.output);
  tell("reasoning", usage.reasoning);
  tell("audio_output", usage.audio_output);
  return facts;
}

// Each step of an answer as an array: kind, choice and part, then what it holds.
class Steps final : public chat::DeltaSink {
 public:
  nlohmann::json list = nlohmann::json::array();

  void take(const chat::Delta& delta) override {
    static const std::vector<std::string> kinds{"start",  "text",      "refusal",   "thinking", "signature",
                                                "hidden", "tool_call", "arguments", "citation", "logprobs",
                                                "finish", "usage",     "error",     "done"};
    nlohmann::json step{kinds.at(static_cast<std::size_t>(delta.kind)),
                        std::to_string(delta.choice) + "." + std::to_string(delta.part)};
    if (!delta.id.empty()) step.push_back("id=" + delta.id.resolved());
    if (!delta.name.empty()) step.push_back("name=" + delta.name.resolved());
    if (!delta.text.empty()) step.push_back(delta.text.resolved());
    if (!delta.json.empty()) step.push_back(nlohmann::json::parse(delta.json));
    if (delta.finish != chat::Finish::none) step.push_back(std::string(chat::name(delta.finish)));
    if (delta.usage) step.push_back(facts_of(*delta.usage));
    list.push_back(std::move(step));
  }
};

}  // namespace triaged::provider::test
