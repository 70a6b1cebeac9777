#include "dispatch/rescue.hpp"

#include "triaged/provider/logprobs.hpp"

namespace triaged::dispatch {
void Recorder::event(const chat::Event& event) {
  if (continued_ && event.kind == chat::EventKind::preamble) return;
  if (keep_) {
    text_.append(event.text);
    const bool other = event.text.empty() && event.characters > 0;
    if (event.finish != chat::Finish::none || other) only_text_ = false;
  }
  if (!hides_probabilities_) {
    to_.event(event);
    return;
  }
  chat::Event shown = event;
  shown.raw = provider::without_logprobs(event.raw, hidden_from_);
  to_.event(shown);
}

bool can_be_continued(const chat::Request& request) {
  return request.answers == 1 && request.format == chat::OutputFormat::text && !request.wants_audio &&
         !request.wants_logprobs && !request.tool_choice_forced;
}

}  // namespace triaged::dispatch
