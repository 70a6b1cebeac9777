// Where clients' requests that are routed come in.
#pragma once

#include "triaged/chat/request.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace triaged::chat {

struct RoutedPath {
  std::string_view path;
  Dialect dialect;
  std::string_view name;  // for logs and metrics
};

inline constexpr std::array<RoutedPath, 4> routed_paths{{
    {"/v1/chat/completions", Dialect::openai_chat, "chat_completions"},
    {"/v1/completions", Dialect::openai_completions, "completions"},
    {"/v1/responses", Dialect::openai_responses, "responses"},
    {"/v1/messages", Dialect::anthropic, "messages"},
}};

// Clients whose base URL ends in "/v1" and those whose does not mean the same path.
std::string_view without_version(std::string_view path);
// Null for any other path; without query.
const RoutedPath* find_routed_path(std::string_view path);

}  // namespace triaged::chat
