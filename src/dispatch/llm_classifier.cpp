#include "triaged/dispatch/llm_classifier.hpp"

#include "dispatch/dispatcher_state.hpp"
#include "dispatch/side_call.hpp"

#include <string>

namespace triaged::dispatch {

LlmClassifier::LlmClassifier(Dispatcher& dispatcher)
    : dispatcher_(dispatcher),
      settings_(*dispatcher.state().settings.routing.classifier.llm),
      replies_(settings_.cache),
      calls_(dispatcher, "the LLM classifier") {}

net::Task<std::optional<routing::TaskScores>> LlmClassifier::ask(const chat::Request& request,
                                                                 const routing::Plan& plan, RequestId id,
                                                                 SideCosts& costs, std::function<void()>& wake) {
  const Environment& environment = dispatcher_.state().environment;
  const std::string description = routing::describe_request(request, plan.features);
  if (const routing::TaskReply* const known = replies_.find(description)) {
    environment.metrics->classifier_call("cached");
    co_return routing::combined(*known, plan.task);
  }
  SideQuestion question;
  question.purpose = ledger::Purpose::classifier;
  question.id = id;
  question.tier = settings_.tier;
  question.deadline = Deadline::in(settings_.timeout, environment.clock->now());
  question.system = routing::task_instructions();
  question.user = description;
  question.max_output_tokens = routing::task_reply_tokens;
  routing::TaskReply reply;
  const OptionalCalls::Read read = [&reply](const SideAnswer& answer) -> Result<void> {
    const Result<routing::TaskReply> said = routing::read_task_reply(answer.text);
    if (!said) return said.error();
    reply = *said;
    return {};
  };
  const std::string_view result = co_await calls_.make(question, read, costs, wake);
  environment.metrics->classifier_call(result);
  if (result != "used") co_return std::nullopt;
  replies_.remember(description, reply);
  co_return routing::combined(reply, plan.task);
}

}  // namespace triaged::dispatch
