// Which text of a conversation states the task: "yes, do it" and "and in French?" lean on an earlier turn.
#pragma once

#include "triaged/chat/request.hpp"

#include <string_view>

namespace triaged::routing {

struct TaskText {
  std::string_view text;  // of a user turn; of the system message when no user said anything
  std::string_view last;  // the last user turn
  bool is_follow_up = false;
};
TaskText find_task_text(const chat::Request& request);

// What the assistant had offered ("Shall I write the tests?") if the last user turn does no more than accept it, else
// "".
std::string_view find_accepted_offer(const chat::Request& request);

}  // namespace triaged::routing
