// Asking a model what kind of task a request is: when, in which words, how its reply is read. Pure; sending is the
// dispatcher's business.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/plan.hpp"
#include "triaged/routing/task_type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::routing {

// Whether another task type, or more confidence in it, could have led `plan` elsewhere: not where the client named the
// model or the tier, nor where a route decided, or rows that look at neither task nor complexity. Estimates always look
// at the task.
bool task_matters(const Plan& plan, const config::Settings& settings);
// Whether the configuration has the LLM classifier asked about the request of `plan`, which was made without it.
bool asks_llm(const Plan& plan, const config::Settings& settings);

// What the model is told to do; the same for every request.
std::string_view task_instructions();
// The request as data: one line of JSON, whatever is in it, with the head and the tail of long texts.
std::string describe_request(const chat::Request& request, const Features& features);
constexpr std::int64_t task_reply_tokens = 40;

struct TaskReply {
  TaskType task = TaskType::chat;
  double confidence = 0;  // 0..1
};
// {"task": "...", "confidence": 0..1}: the first JSON object in the text, whatever was said around it, behind what was
// thought aloud. Anything else is an error that says what is wrong.
Result<TaskReply> read_task_reply(std::string_view text);

// The task named gets its confidence; the others share the rest as the built-in classifier would have it. None where
// the model is less sure than `least`, or than the built-in classifier: its doubt makes nothing surer.
std::optional<TaskScores> combined(const TaskReply& reply, const TaskScores& built_in, double least);

}  // namespace triaged::routing
