#include "dispatch/rescue.hpp"

#include "triaged/provider/more_messages.hpp"

#include <vector>

namespace triaged::dispatch {
namespace {

constexpr std::string_view go_on =
    "Your last message was cut off by a broken connection. Continue it: write only what comes next, beginning with the "
    "very next character. Repeat nothing of it and do not mention the interruption.";

}  // namespace

void Recorder::event(const chat::Event& event) {
  if (continued_ && event.kind == chat::EventKind::preamble) return;
  if (keep_) {
    text_.append(event.text);
    const bool other = event.text.empty() && event.characters > 0;
    if (event.finish != chat::Finish::none || other) only_text_ = false;
  }
  to_.event(event);
}

bool can_be_continued(const chat::Request& request) {
  return request.answers == 1 && request.format == chat::OutputFormat::text && !request.wants_audio &&
         !request.wants_logprobs && !request.tool_choice_forced;
}

Continuation continue_answer(const chat::Request& request, std::string_view body, std::string_view beginning,
                             bool prefill) {
  std::vector<provider::MoreMessage> more;
  if (!beginning.empty()) more.push_back({chat::Role::assistant, beginning});
  if (!beginning.empty() && !prefill) more.push_back({chat::Role::user, go_on});
  Continuation next;
  next.request = request;
  next.body = provider::with_messages(next.request, body, more);
  return next;
}

}  // namespace triaged::dispatch
