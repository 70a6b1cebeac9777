// How demanding a request is, in [0, 1], as a sum of named contributions. Ordinal: compare, do not average. Monotone in
// document length for a given task: a longer document to work on is never simpler.
#pragma once

#include "triaged/routing/features.hpp"
#include "triaged/routing/task_type.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace triaged::routing {

struct Contribution {
  std::string_view
      name;  // "tokens", "task", "reasoning", "domain", "constraints", "structure", "code", "math", "context", "tools"
  double value = 0;  // what it added
};

struct Complexity {
  double value = 0;
  std::array<Contribution, 10> contributions{};  // largest first; unused ones have an empty name
};

Complexity score_complexity(const Features& features, TaskType task);

}  // namespace triaged::routing
