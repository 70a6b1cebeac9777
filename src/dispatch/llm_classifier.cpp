#include "triaged/dispatch/llm_classifier.hpp"

#include "dispatch/dispatcher_state.hpp"
#include "dispatch/side_call.hpp"

#include <string>
#include <string_view>

namespace triaged::dispatch {

LlmClassifier::LlmClassifier(Dispatcher& dispatcher)
    : dispatcher_(dispatcher),
      settings_(*dispatcher.state().settings.routing.classifier.llm),
      least_confidence_(dispatcher.state().settings.routing.confidence),
      replies_(settings_.cache),
      calls_(dispatcher, "the LLM classifier") {}

net::Task<LlmClassifier::Said> LlmClassifier::ask(const chat::Request& request, const routing::Plan& plan, RequestId id,
                                                  SideCosts& costs, std::function<void()>& wake) {
  Said said;
  const Environment& environment = dispatcher_.state().environment;
  const std::string description = routing::describe_request(request, plan.features);
  if (const routing::TaskReply* const known = replies_.find(description)) {
    said.result = "cached";
    said.task = routing::combined(*known, plan.task, least_confidence_);
    environment.metrics->classifier_call(said.result);
    co_return said;
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
    const Result<routing::TaskReply> read_reply = routing::read_task_reply(answer.text);
    if (!read_reply) return read_reply.error();
    reply = *read_reply;
    return {};
  };
  said.result = co_await calls_.make(question, read, costs, wake);
  environment.metrics->classifier_call(said.result);
  if (said.result != "used") co_return said;
  replies_.remember(description, reply);
  said.task = routing::combined(reply, plan.task, least_confidence_);
  co_return said;
}

}  // namespace triaged::dispatch
