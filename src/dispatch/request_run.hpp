// One request on its way: attempts over the plan's candidates until one answers, with a hedge beside a slow one and a
// rescue of a broken stream where these are configured. Lives in the coroutine frame of Dispatcher::run().
#pragma once

#include "triaged/dispatch/reply.hpp"
#include "triaged/dispatch/retry_rules.hpp"

#include "dispatch/attempt_run.hpp"
#include "dispatch/bookkeeping.hpp"
#include "dispatch/dispatcher_state.hpp"
#include "dispatch/heartbeats.hpp"
#include "dispatch/rescue.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace triaged::dispatch {

class RequestRun final : private AttemptRun::Owner {
 public:
  RequestRun(Dispatcher::State& state, const Job& job, Reply& reply);
  ~RequestRun() override;
  RequestRun(const RequestRun&) = delete;
  RequestRun& operator=(const RequestRun&) = delete;

  net::Task<void> run();
  Finished finished() const;

 private:
  using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
  struct Hedging;  // a second attempt beside the first

  EventWriter* begin_stream(AttemptRun& attempt) override;
  bool take_answer(AttemptRun& attempt) override;
  net::Task<Result<void>> flush() override;

  // request_hedge.cpp
  net::Task<void> attempt(AttemptRun& first);
  net::Task<void> hedge(Hedging& hedging);
  std::optional<std::size_t> hedge_candidate(const AttemptRun& first) const;

  Order order(std::size_t candidate, bool fresh) const;
  Verdict judge(const AttemptRun& attempt);  // what its failure means for the request and for the target
  net::Task<bool> after_failure(const AttemptRun& attempt, bool& fresh);  // true: go on
  net::Task<bool> pause(Duration wait);                                   // false: the client left
  bool won_by_other(const AttemptRun& attempt) const { return winner_ != nullptr && winner_ != &attempt; }

  // request_end.cpp
  net::Task<void> conclude(AttemptRun& winner);
  net::Task<void> conclude_broken(AttemptRun& broken);
  net::Task<bool> rescue();  // true: the stream was continued to its end
  net::Task<void> end_heartbeat();
  net::Task<void> give_up();
  void note_failed(const AttemptRun& attempt);
  Error overall_error() const;
  void book(const AttemptRun& attempt, ledger::Outcome outcome);
  void settle(int status, bool complete);
  AnswerInfo info(const AttemptRun* attempt) const;
  AnswerInfo info_of(std::optional<std::size_t> candidate) const;

  void client_left();
  TimePoint now() const { return state_.environment.clock->now(); }

  Dispatcher::State& state_;
  const Job& job_;
  Reply& reply_;
  Books books_;
  Recorder recorder_;
  Heartbeat heartbeat_;
  std::vector<bool> spent_;           // by candidate
  std::vector<std::uint32_t> tries_;  // by candidate
  std::uint32_t attempts_ = 0;
  std::vector<AttemptRun*> running_;  // at most two
  std::unique_ptr<AttemptRun> hedge_;
  AttemptRun* winner_ = nullptr;  // whose answer the client gets
  bool gone_ = false;
  std::function<void()> wake_;  // ends a pause, when the client leaves
  Duration waited_{0};

  // Of the last attempt that failed.
  struct LastFailure {
    std::size_t candidate = 0;
    AttemptFailure failure;
    Error error;
    std::optional<provider::Failure> said;
    std::optional<UpstreamAnswer> upstream_answer;
  };
  std::optional<LastFailure> last_failed_;
  Finished finished_;
};

}  // namespace triaged::dispatch
