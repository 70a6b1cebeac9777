// Whether a row of the routing table is for a request.
#pragma once

#include "triaged/routing/plan.hpp"

#include <string>

namespace triaged::routing {

struct RuleFacts {
  const chat::Request& request;
  const Origin& origin;
  const Features& features;
  TaskType task;
  double complexity;
};

bool matches(const config::Rule& rule, const RuleFacts& facts);

// What a row asks for besides task and complexity: "header x-team, tokens"; "" if nothing.
std::string own_conditions(const config::Rule& rule);

// Whether doubt about the task is doubt about the row.
bool depends_on_task(const config::Rule& rule);

}  // namespace triaged::routing
