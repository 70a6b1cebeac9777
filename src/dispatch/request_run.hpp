// One request on its way: the loop of attempts over the plan's candidates. Lives in the coroutine frame of run().
#pragma once

#include "triaged/dispatch/reply.hpp"
#include "triaged/dispatch/retry_rules.hpp"
#include "triaged/upstream/exchange.hpp"

#include "dispatch/bookkeeping.hpp"
#include "dispatch/dispatcher_state.hpp"
#include "dispatch/relay.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace triaged::dispatch {

class RequestRun {
 public:
  RequestRun(Dispatcher::State& state, const Job& job, Reply& reply);
  ~RequestRun();
  RequestRun(const RequestRun&) = delete;
  RequestRun& operator=(const RequestRun&) = delete;

  net::Task<void> run();
  Finished finished() const;

 private:
  // One attempt in progress.
  struct Attempt {
    Attempt(std::size_t which, bool on_fresh_connection) : candidate(which), fresh(on_fresh_connection) {}
    std::size_t candidate;
    bool fresh;
    TimePoint started{};
    TimePoint sent{};
    AttemptFailure failure;
    std::optional<Error> error;                     // empty: it answered
    std::optional<provider::Failure> said;          // the provider's own words
    std::optional<UpstreamAnswer> upstream_answer;  // its error answer as it came
    std::string answered_model;
    std::optional<chat::Usage> usage;
    std::uint64_t characters = 0;
    Duration first_content{0};
  };

  net::Task<void> attempt(Attempt& attempt);
  net::Task<void> exchange(Attempt& attempt, upstream::Exchange& exchange);
  net::Task<void> whole_answer(Attempt& attempt, upstream::Exchange& exchange);
  net::Task<void> streamed_answer(Attempt& attempt, upstream::Exchange& exchange);
  net::Task<Result<void>> pump(Attempt& attempt, upstream::Exchange& exchange, Relay& relay);
  net::Task<void> upstream_refused(Attempt& attempt, upstream::Exchange& exchange);
  net::Task<bool> after_failure(Attempt& attempt);  // true: go on
  net::Task<bool> pause(Duration wait);             // false: the client left
  net::Task<void> give_up();

  void fail(Attempt& attempt, const upstream::Exchange* exchange, const Error& error);
  void book(const Attempt& attempt, ledger::Outcome outcome);
  void settle(int status, bool complete);
  AnswerInfo info(const Attempt* attempt, const upstream::Exchange* exchange) const;
  const config::Target& target_of(const Attempt& attempt) const;
  Error overall_error() const;
  TimePoint now() const { return state_.environment.clock->now(); }

  Dispatcher::State& state_;
  const Job& job_;
  Reply& reply_;
  Books books_;
  std::vector<bool> spent_;           // by candidate
  std::vector<std::uint32_t> tries_;  // by candidate
  std::uint32_t attempts_ = 0;
  bool gone_ = false;
  std::function<void()> wake_;  // interrupts what is being waited for, when the client leaves
  Duration waited_{0};
  std::optional<Attempt> last_failed_;
  std::optional<std::size_t> answered_by_;  // candidate
  Finished finished_;
};

}  // namespace triaged::dispatch
