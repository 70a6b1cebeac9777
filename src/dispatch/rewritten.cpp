#include "dispatch/rewritten.hpp"

#include "triaged/provider/logprobs.hpp"
#include "triaged/provider/more_messages.hpp"
#include "triaged/quality/feedback.hpp"

#include <vector>

namespace triaged::dispatch {
namespace {

constexpr std::string_view go_on =
    "Your last message was cut off by a broken connection. Continue it: write only what comes next, beginning with the "
    "very next character. Repeat nothing of it and do not mention the interruption.";

Rewritten with_messages(const chat::Request& request, std::string_view body,
                        const std::vector<provider::MoreMessage>& more) {
  Rewritten next;
  next.request = request;
  next.body = provider::with_messages(next.request, body, more);
  return next;
}

}  // namespace

Rewritten continue_answer(const chat::Request& request, std::string_view body, std::string_view beginning,
                          bool prefill) {
  std::vector<provider::MoreMessage> more;
  if (!beginning.empty()) more.push_back({chat::Role::assistant, beginning});
  if (!beginning.empty() && !prefill) more.push_back({chat::Role::user, go_on});
  return with_messages(request, body, more);
}

Rewritten ask_probabilities(const chat::Request& request, std::string_view body) {
  Rewritten next;
  next.request = request;
  next.body = provider::with_logprobs(next.request, body);
  return next;
}

Rewritten tell_finding(const chat::Request& request, std::string_view body, std::string_view answer,
                       const quality::Finding& finding, std::string_view judge_reason) {
  const std::string feedback = quality::feedback(finding, judge_reason);
  std::vector<provider::MoreMessage> more;
  if (!answer.empty()) more.push_back({chat::Role::assistant, answer});
  more.push_back({chat::Role::user, feedback});
  return with_messages(request, body, more);
}

}  // namespace triaged::dispatch
