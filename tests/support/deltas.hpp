// The steps of answers as JSON, for golden files.
#pragma once

#include "triaged/base/text.hpp"
#include "triaged/chat/delta.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::test {

using Steps = nlohmann::ordered_json;

constexpr std::array<std::pair<chat::DeltaKind, std::string_view>, 14> delta_kinds{
    {{chat::DeltaKind::start, "start"},
     {chat::DeltaKind::text, "text"},
     {chat::DeltaKind::refusal, "refusal"},
     {chat::DeltaKind::thinking, "thinking"},
     {chat::DeltaKind::signature, "signature"},
     {chat::DeltaKind::hidden_thinking, "hidden_thinking"},
     {chat::DeltaKind::tool_call, "tool_call"},
     {chat::DeltaKind::arguments, "arguments"},
     {chat::DeltaKind::citation, "citation"},
     {chat::DeltaKind::logprobs, "logprobs"},
     {chat::DeltaKind::finish, "finish"},
     {chat::DeltaKind::usage, "usage"},
     {chat::DeltaKind::error, "error"},
     {chat::DeltaKind::done, "done"}}};

constexpr std::array<chat::Finish, 6> finishes{chat::Finish::none,           chat::Finish::stop,
                                               chat::Finish::length,         chat::Finish::tool_calls,
                                               chat::Finish::content_filter, chat::Finish::other};

// Collects steps; neighbouring pieces of the same part are joined.
class StepCollector final : public chat::DeltaSink {
 public:
  Steps steps = Steps::array();

  void take(const chat::Delta& delta) override {
    Steps step;
    for (const auto& [kind, name] : delta_kinds) {
      if (kind == delta.kind) step["kind"] = name;
    }
    if (delta.part != 0) step["part"] = delta.part;
    if (delta.choice != 0) step["choice"] = delta.choice;
    if (!delta.text.empty()) step["text"] = delta.text.resolved();
    if (!delta.id.empty()) step["id"] = delta.id.resolved();
    if (!delta.name.empty()) step["name"] = delta.name.resolved();
    if (!delta.json.empty()) step["json"] = Steps::parse(delta.json);
    if (delta.finish != chat::Finish::none) step["finish"] = chat::name(delta.finish);
    if (delta.usage) {
      step["usage"] = {{"input", delta.usage->input},
                       {"cached", delta.usage->cached_input},
                       {"output", delta.usage->output},
                       {"reasoning", delta.usage->reasoning},
                       {"total", delta.usage->total()}};
    }
    if (!steps.empty() && joins(steps.back(), step)) {
      steps.back()["text"] = steps.back()["text"].get<std::string>() + step["text"].get<std::string>();
    } else {
      steps.push_back(std::move(step));
    }
  }

 private:
  static bool joins(const Steps& last, const Steps& step) {
    Steps a = last;
    Steps b = step;
    return a.erase("text") == 1 && b.erase("text") == 1 && a == b && a["kind"] != "error";
  }
};

// Gives the steps that a golden file lists to `sink`.
inline void play(const Steps& steps, chat::DeltaSink& sink) {
  for (const Steps& step : steps) {
    chat::Delta delta;
    std::string text, id, name, json;
    const auto string = [&step](const char* member, std::string& storage) {
      if (step.contains(member)) append_json_escaped(storage, step[member].get<std::string>());
      return JsonString{storage, storage.find('\\') != std::string::npos};
    };
    for (const auto& [kind, kind_name] : delta_kinds) {
      if (step["kind"] == kind_name) delta.kind = kind;
    }
    delta.part = step.value("part", 0U);
    delta.choice = step.value("choice", 0U);
    delta.text = string("text", text);
    delta.id = string("id", id);
    delta.name = string("name", name);
    if (step.contains("json")) json = step["json"].dump();
    delta.json = json;
    for (const chat::Finish finish : finishes) {
      if (step.value("finish", "none") == chat::name(finish)) delta.finish = finish;
    }
    if (step.contains("usage")) {
      chat::Usage usage;
      usage.input = step["usage"].value("input", 0);
      usage.cached_input = step["usage"].value("cached", 0);
      usage.cache_write_5m = step["usage"].value("cache_write", 0);
      usage.output = step["usage"].value("output", 0);
      usage.reasoning = step["usage"].value("reasoning", 0);
      delta.usage = usage;
    }
    sink.take(delta);
  }
}

}  // namespace triaged::test
