// One request on its way: attempts over the plan's candidates until one answers well enough, with a hedge beside a slow
// one and a rescue of a broken stream where these are configured. Lives in the coroutine frame of Dispatcher::run().
#pragma once

#include "triaged/dispatch/reply.hpp"
#include "triaged/dispatch/retry_rules.hpp"
#include "triaged/routing/features.hpp"

#include "dispatch/attempt_run.hpp"
#include "dispatch/bookkeeping.hpp"
#include "dispatch/dispatcher_state.hpp"
#include "dispatch/heartbeats.hpp"
#include "dispatch/rescue.hpp"
#include "dispatch/rewritten.hpp"

#include <functional>
#include <list>
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
  net::Task<std::optional<quality::Finding>> assess(const AttemptRun& attempt, const quality::Given& answer,
                                                    std::function<void()>& wake) override;

  // request_gate.cpp
  std::optional<GateUse> gate_for(std::size_t candidate);
  void start_where_it_pays();
  void escalate(const AttemptRun& attempt);  // its answer is not good enough
  void note_gated_answer(const AttemptRun& winner);
  bool lift_gate();  // true: what was not good enough is asked for again, now as it comes
  bool wants_probabilities(const Order& order) const;
  bool without_probabilities(const AttemptRun& refused);  // true: the target is asked again without them
  bool can_be_asked(std::size_t candidate) const;

  // request_hedge.cpp
  net::Task<void> attempt(AttemptRun& first);
  net::Task<void> hedge(Hedging& hedging);
  std::optional<std::size_t> hedge_candidate(const AttemptRun& first) const;

  Order order(std::size_t candidate, bool fresh);
  std::optional<Choice> next_choice(std::optional<std::size_t> same);
  Verdict judge(const AttemptRun& attempt);  // what its failure means for the request and for the target
  net::Task<bool> after_failure(const AttemptRun& attempt, bool& fresh);  // true: go on
  net::Task<bool> pause(Duration wait);                                   // false: the client left
  bool won_by_other(const AttemptRun& attempt) const { return winner_ != nullptr && winner_ != &attempt; }

  // request_end.cpp
  net::Task<void> conclude(AttemptRun& winner);
  net::Task<Result<void>> answer(const AnswerInfo& what, const AttemptRun& winner);
  net::Task<void> conclude_broken(AttemptRun& broken);
  bool can_be_continued(const AttemptRun& broken) const;
  chat::Dialect dialect_of(std::size_t candidate) const;  // in which its target answers
  void keep_to_dialect(std::size_t broken);
  net::Task<bool> rescue();  // true: the stream was continued to its end
  net::Task<void> end_heartbeat();
  net::Task<void> give_up();
  void note_failed(const AttemptRun& attempt);
  void note_lost(const AttemptRun& attempt);  // another one was faster
  Error overall_error() const;
  std::string held_targets() const;
  Error error_of_nobody_asked(bool held) const;
  void book(const AttemptRun& attempt, ledger::Outcome outcome);
  ledger::Outcome outcome_of(const AttemptRun& failed) const;
  void settle(int status, bool complete);
  AnswerInfo info(const AttemptRun* attempt) const;
  AnswerInfo info_of(std::optional<std::size_t> candidate) const;

  void client_left();
  TimePoint now() const { return state_.environment.clock->now(); }
  // Of the request, as a target counts them: an estimate.
  std::int64_t input_tokens(std::size_t target) const {
    return routing::input_tokens_of(job_.plan.features, state_.settings.targets[target].tokenizer);
  }

  Dispatcher::State& state_;
  const Job& job_;
  Reply& reply_;
  SideCosts side_;
  Books books_;
  Recorder recorder_;
  Heartbeat heartbeat_;
  std::vector<bool> spent_;           // by candidate
  std::vector<std::uint32_t> tries_;  // by candidate
  std::uint32_t attempts_ = 0;
  std::vector<AttemptRun*> running_;  // at most two
  std::unique_ptr<AttemptRun> hedge_;
  AttemptRun* winner_ = nullptr;  // whose answer the client gets

  std::optional<quality::Asked> asked_;  // once an answer is held against a gate
  std::optional<std::size_t> not_good_;  // the last candidate whose answer was not good enough
  bool gate_lifted_ = false;             // nobody stronger can answer
  std::string judge_reason_;             // of what was not good enough
  std::size_t way_ = 0;                  // that led to the plan's tier, where it has a gate
  std::size_t start_tier_ = 0;
  std::string_view raised_;          // why it starts above the plan's tier, "" if it does not
  std::list<Rewritten> rewritten_;   // requests that attempts were sent in place of the client's
  const Rewritten* told_ = nullptr;  // of these: with what was wrong with the last answer

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
