// Asking a model what kind of task a request is: when, in which words, how its reply is read, and what is remembered.
// Pure; sending is the dispatcher's business.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/plan.hpp"
#include "triaged/routing/task_type.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace triaged::routing {

// Whether another task type, or more confidence in it, could have led `plan` elsewhere: not where the client named the
// model or the tier, nor where rows decided that look at neither task nor complexity. Estimates always look at the
// task.
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
// {"task": "...", "confidence": 0..1}, alone or in a code fence. Anything else is an error that says what is wrong.
Result<TaskReply> read_task_reply(std::string_view text);

// The task named gets its confidence; the others share the rest as the built-in classifier would have it.
TaskScores combined(const TaskReply& reply, const TaskScores& built_in);

// Replies by what was asked; when full, the one not used for longest goes. The text itself is not kept.
class TaskReplies {
 public:
  explicit TaskReplies(std::size_t capacity) : capacity_(capacity) {}

  std::optional<TaskReply> find(std::string_view description);
  void remember(std::string_view description, const TaskReply& reply);
  std::size_t size() const { return order_.size(); }

 private:
  struct Known {
    std::uint64_t hash = 0;
    std::uint64_t check = 0;  // a second hash and the length: tells texts apart that share the first
    TaskReply reply;
  };
  using Order = std::list<Known>;

  std::size_t capacity_;
  Order order_;  // used last at the front
  std::unordered_map<std::uint64_t, Order::iterator> by_hash_;
};

}  // namespace triaged::routing
