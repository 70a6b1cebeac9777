#include "triaged/dispatch/llm_classifier.hpp"

#include "triaged/base/log.hpp"

#include "dispatch/dispatcher_state.hpp"
#include "dispatch/side_call.hpp"

#include <string>

namespace triaged::dispatch {

LlmClassifier::LlmClassifier(Dispatcher& dispatcher)
    : dispatcher_(dispatcher),
      settings_(*dispatcher.state().settings.routing.classifier.llm),
      replies_(settings_.cache),
      breaker_(dispatcher.state().settings.breaker) {}

net::Task<std::optional<routing::TaskScores>> LlmClassifier::ask(const chat::Request& request,
                                                                 const routing::Plan& plan, RequestId id,
                                                                 SideCosts& costs, std::function<void()>& wake) {
  Dispatcher::State& state = dispatcher_.state();
  observe::Shard& metrics = *state.environment.metrics;
  const std::string description = routing::describe_request(request, plan.features);
  if (const auto known = replies_.find(description)) {
    metrics.classifier_call("cached");
    co_return routing::combined(*known, plan.task);
  }
  const TimePoint started = state.environment.clock->now();
  if (!breaker_.try_pass(started)) {
    metrics.classifier_call("paused");
    co_return std::nullopt;
  }
  SideQuestion question;
  question.purpose = ledger::Purpose::classifier;
  question.id = id;
  question.tier = settings_.tier;
  question.deadline = Deadline::in(settings_.timeout, started);
  question.system = routing::task_instructions();
  question.user = description;
  question.max_output_tokens = routing::task_reply_tokens;
  SideCall call(state, question, costs, wake);
  const Result<SideAnswer> answer = co_await call.run();
  const TimePoint ended = state.environment.clock->now();
  if (!answer && answer.error().kind == ErrorKind::client_gone) {
    breaker_.on_neutral();
    metrics.classifier_call("failed");
    co_return std::nullopt;
  }
  if (!answer) {
    breaker_.on_failure(ended);
    metrics.classifier_call(call.late() ? "late" : "failed");
    log_debug("the LLM classifier did not answer", {{"id", id.text()}, {"error", answer.error().detail}});
    co_return std::nullopt;
  }
  const Result<routing::TaskReply> reply = routing::read_task_reply(answer->text);
  if (!reply) {
    breaker_.on_failure(ended);
    metrics.classifier_call("invalid");
    log_debug("the LLM classifier's reply is not used", {{"id", id.text()}, {"error", reply.error().detail}});
    co_return std::nullopt;
  }
  breaker_.on_success(ended);
  metrics.classifier_call("used");
  replies_.remember(description, *reply);
  co_return routing::combined(*reply, plan.task);
}

}  // namespace triaged::dispatch
