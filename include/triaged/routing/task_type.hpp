// What a request asks for. The names are what the routing table, headers, ledger and reports say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::routing {

enum class TaskType : std::uint8_t {
  qa,
  summarize,
  extract,
  classify,
  rewrite,
  code,
  math,
  analysis,
  writing,
  chat,
  agent
};
constexpr std::size_t task_type_count = 11;
constexpr std::array<std::string_view, task_type_count> task_type_names{
    "qa", "summarize", "extract", "classify", "rewrite", "code", "math", "analysis", "writing", "chat", "agent"};

constexpr std::string_view name(TaskType task) { return task_type_names[static_cast<std::size_t>(task)]; }
std::optional<TaskType> find_task_type(std::string_view name);

}  // namespace triaged::routing
