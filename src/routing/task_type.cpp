#include "triaged/routing/task_type.hpp"

namespace triaged::routing {

std::optional<TaskType> find_task_type(std::string_view name) {
  for (std::size_t i = 0; i < task_type_count; ++i) {
    if (task_type_names[i] == name) return static_cast<TaskType>(i);
  }
  return std::nullopt;
}

}  // namespace triaged::routing
