// Which text of a conversation states the task: "yes, do it" and "and in French?" lean on an earlier turn.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/routing/features.hpp"

#include <string_view>

namespace triaged::routing {

struct TaskText {
  std::string_view text;  // of a user turn; of the system message when no user said anything
  std::string_view last;  // the last user turn
  bool is_follow_up = false;
};
TaskText find_task_text(const chat::Request& request);

// The turn that a last turn may lean on, though it does not say so ("even below zero?"), and how much of its task is
// likely to be meant: the shorter the last turn, the more. No text: there is none, or it is the task's text already.
struct EarlierTask {
  std::string_view text;
  float share = 0;  // [0, 1]
};
EarlierTask find_earlier_task(const chat::Request& request, const Features& features);

// What the assistant had offered ("Shall I write the tests?") if the last user turn does no more than accept it, else
// "".
std::string_view find_accepted_offer(const chat::Request& request);

}  // namespace triaged::routing
