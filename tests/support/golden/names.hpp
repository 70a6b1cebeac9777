// What golden files call the values of enumerations.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/chat/delta.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace triaged::test {

// In the order of the values.
template <class Enum>
inline constexpr std::array<std::string_view, 0> names{};

template <>
inline constexpr auto names<chat::Dialect> = std::to_array<std::string_view>({"openai_chat", "openai_completions",
                                                                              "openai_responses", "openai_embeddings",
                                                                              "anthropic", "gemini", "bedrock"});
template <>
inline constexpr auto names<chat::Role> = std::to_array<std::string_view>({"system", "user", "assistant", "tool"});
template <>
inline constexpr auto names<chat::PartKind> = std::to_array<std::string_view>({"text", "refusal", "image", "audio",
                                                                               "document", "tool_call", "tool_result",
                                                                               "thinking", "hidden_thinking",
                                                                               "foreign"});
template <>
inline constexpr auto names<chat::CacheLife> = std::to_array<std::string_view>({"none", "5m", "1h"});
template <>
inline constexpr auto names<chat::ToolUse> = std::to_array<std::string_view>({"unset", "automatic", "none", "required",
                                                                              "named"});
template <>
inline constexpr auto names<chat::OutputFormat> = std::to_array<std::string_view>({"text", "json_object",
                                                                                   "json_schema"});
template <>
inline constexpr auto names<chat::Reasoning::Mode> = std::to_array<std::string_view>({"unset", "off", "on",
                                                                                      "adaptive"});
template <>
inline constexpr auto names<chat::DeltaKind> = std::to_array<std::string_view>(
    {"start", "text", "refusal", "thinking", "signature", "hidden_thinking", "tool_call", "arguments", "citation",
     "logprobs", "finish", "usage", "error", "done"});
template <>
inline constexpr auto names<chat::Finish> = std::to_array<std::string_view>({"none", "stop", "length", "tool_calls",
                                                                             "content_filter", "other"});
template <>
inline constexpr auto names<chat::Certainty> = std::to_array<std::string_view>({"exact", "estimated", "unknown"});

template <class Enum>
std::string_view name_of(Enum value) {
  return names<Enum>.at(static_cast<std::size_t>(value));
}

template <class Enum>
Enum value_of(const std::string& name) {
  for (std::size_t i = 0; i < names<Enum>.size(); ++i) {
    if (names<Enum>[i] == name) return static_cast<Enum>(i);
  }
  throw std::invalid_argument("no such name: " + name);
}

}  // namespace triaged::test
