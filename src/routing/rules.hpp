// Whether a row of the routing table is for a request.
#pragma once

#include "triaged/routing/plan.hpp"

namespace triaged::routing {

struct RuleFacts {
  const chat::Request& request;
  const Origin& origin;
  const Features& features;
  TaskType task;
  double complexity;
};

bool matches(const config::Rule& rule, const RuleFacts& facts);

// Whether doubt about the task is doubt about the row.
bool depends_on_task(const config::Rule& rule);

}  // namespace triaged::routing
