#include "triaged/dispatch/optional_calls.hpp"

#include "triaged/base/log.hpp"

#include "dispatch/dispatcher_state.hpp"
#include "dispatch/side_call.hpp"

#include <string>

namespace triaged::dispatch {

OptionalCalls::OptionalCalls(Dispatcher& dispatcher, std::string_view who)
    : dispatcher_(dispatcher), who_(who), breaker_(dispatcher.state().settings.breaker) {}

net::Task<std::string_view> OptionalCalls::make(const SideQuestion& question, const Read& read, SideCosts& costs,
                                                std::function<void()>& wake) {
  Dispatcher::State& state = dispatcher_.state();
  if (!breaker_.try_pass(state.environment.clock->now())) co_return "paused";
  SideCall call(state, question, costs, wake);
  const Result<SideAnswer> answer = co_await call.run();
  const TimePoint ended = state.environment.clock->now();
  if (!answer && answer.error().kind == ErrorKind::client_gone) {
    breaker_.on_neutral();
    co_return "failed";
  }
  const Result<void> taken = answer ? read(*answer) : Result<void>(answer.error());
  if (taken) {
    breaker_.on_success(ended);
    co_return "used";
  }
  breaker_.on_failure(ended);
  log_debug(std::string(who_) + (answer ? " gave an answer of no use" : " did not answer"),
            {{"id", question.id.text()}, {"error", taken.error().detail}});
  if (answer) co_return "invalid";
  co_return call.late() ? "late" : "failed";
}

}  // namespace triaged::dispatch
