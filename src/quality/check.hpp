// The checks, one function and one file each. Every one says what it found against the answer, "" for nothing.
// All are linear in the text.
#pragma once

#include "triaged/quality/checks.hpp"

#include <string>
#include <string_view>

namespace triaged::quality {

// Neither text nor tool call, although it is the end. An answer that the client's own limit ended is none of ours.
std::string check_empty(const Asked& asked, const Given& given);
// Ended for its length, and not by the client's limit.
std::string check_cut_off(const Asked& asked, const Given& given);
// Says first of all that it will not do it, or uses the dialect's own field.
std::string check_refusal(const Asked& asked, const Given& given);

// JSON was asked for and this is none, cannot become any, or does not follow the schema.
std::string check_json(const Asked& asked, const Given& given);
// Calls a tool that was not offered, or with arguments that are no JSON or that its schema forbids.
std::string check_tools(const Asked& asked, const Given& given);
// Ends in a loop: the same words again and again.
std::string check_repetition(const Asked& asked, const Given& given);
// Of another language than the request, which speaks of no other.
std::string check_language(const Asked& asked, const Given& given);

// What the last user message says at its beginning and its end, where the task is told; a document between them may
// speak of anything.
struct TaskWords {
  std::string_view head;
  std::string_view tail;  // "" if the head is all
};
TaskWords task_words(const chat::Request& request);

// Whether the answer ended where the client's limit on tokens ends it; also where that cannot be told.
bool ended_by_client_limit(const Asked& asked, const Given& given);

}  // namespace triaged::quality
