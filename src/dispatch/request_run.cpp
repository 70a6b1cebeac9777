#include "dispatch/request_run.hpp"

#include "dispatch/waiting.hpp"

#include <algorithm>
#include <utility>

namespace triaged::dispatch {

RequestRun::RequestRun(Dispatcher::State& state, const Job& job, Reply& reply)
    : state_(state),
      job_(job),
      reply_(reply),
      side_(job.side),
      books_(state, job, side_),
      recorder_(reply, state.settings.streams.rescue.enabled),
      heartbeat_(state.heartbeats),
      spent_(job.plan.candidates.size()),
      tries_(job.plan.candidates.size()),
      start_tier_(job.plan.tier),
      gone_(reply.client_gone()),
      waited_(job.side.waited) {
  for (std::size_t i = 0; i < spent_.size(); ++i) {
    const std::size_t target = job.plan.candidates[i].target;
    spent_[i] =
        state.prices[target] == nullptr && state.settings.ledger.on_unknown_price == config::OnUnknownPrice::refuse;
  }
  if (gone_) return;
  reply_.on_client_gone([this] { client_left(); });
}

RequestRun::~RequestRun() { reply_.on_client_gone(nullptr); }

void RequestRun::client_left() {
  gone_ = true;
  if (wake_) wake_();
  for (AttemptRun* attempt : running_) attempt->client_left();
}

net::Task<void> RequestRun::run() {
  state_.hedge_budget.on_request(state_.settings.hedge.budget);
  if (job_.plan.gate) start_where_it_pays();
  bool fresh = false;
  std::optional<std::size_t> same;
  while (!gone_) {
    const std::optional<Choice> choice = next_choice(same);
    if (!choice) break;

    AttemptRun current(state_, order(choice->candidate, fresh), *this, waited_);
    if (!fresh) {
      ++attempts_;
      ++tries_[choice->candidate];
    }
    co_await attempt(current);
    if (winner_ != nullptr) {
      co_await conclude(*winner_);
      co_return;
    }
    const bool go_on = co_await after_failure(current, fresh);
    same.reset();
    if (!spent_[choice->candidate]) same = choice->candidate;
    if (!go_on && !lift_gate()) break;
  }
  co_await give_up();
}

std::optional<Choice> RequestRun::next_choice(std::optional<std::size_t> same) {
  if (same) return Choice{*same, false};
  std::optional<Choice> choice = state_.choose(job_, spent_, attempts_ == 0);
  if (!choice && lift_gate()) choice = Choice{*not_good_, true};
  return choice;
}

Order RequestRun::order(std::size_t candidate, bool fresh) {
  Order order;
  order.candidate = candidate;
  order.target = job_.plan.candidates[candidate].target;
  order.request = &job_.request;
  order.body = job_.body;
  order.client_headers = &job_.client_headers;
  order.fresh = fresh;
  order.gate = gate_for(candidate);
  if (told_ != nullptr && !gate_lifted_) {
    order.request = &told_->request;
    order.body = told_->body;
  }
  if (wants_probabilities(order)) {
    const Rewritten& asking = rewritten_.emplace_back(ask_probabilities(*order.request, order.body));
    order.request = &asking.request;
    order.body = asking.body;
    order.asks_probabilities = true;
    recorder_.hide_probabilities();
  }
  order.turn = attempts_ == 0 ? Turn::first : fresh ? Turn::again : Turn::further;
  return order;
}

EventWriter* RequestRun::begin_stream(AttemptRun& attempt) {
  if (gone_ || won_by_other(attempt)) return nullptr;
  winner_ = &attempt;
  if (recorder_.continued()) {
    reply_.continue_stream(info(&attempt));
    return &recorder_;
  }
  AnswerInfo begun = info(&attempt);
  begun.running = running_.size();
  begun.cost.reset();
  for (AttemptRun* other : running_) {
    if (other != &attempt) other->lose();
  }
  reply_.begin_stream(begun);
  return &recorder_;
}

bool RequestRun::take_answer(AttemptRun& attempt) {
  if (gone_ || won_by_other(attempt)) return false;
  winner_ = &attempt;
  for (AttemptRun* other : running_) {
    if (other != &attempt) other->lose();
  }
  return true;
}

net::Task<Result<void>> RequestRun::flush() {
  if (heartbeat_.writing()) co_await heartbeat_.quiet();
  heartbeat_.pause();
  Result<void> sent = co_await reply_.flush();
  const TimePoint at = now();
  heartbeat_.resume(at);
  if (sent)
    heartbeat_.start(reply_, at);
  else
    gone_ = true;
  co_return sent;
}

// What a failure means for the candidates that are left and for the target's health.
Verdict RequestRun::judge(const AttemptRun& attempt) {
  const std::size_t candidate = attempt.order().candidate;
  const AttemptFailure& failure = attempt.facts().failure;
  spent_[candidate] = true;
  if (attempt.facts().finding) escalate(attempt);
  AttemptState where;
  where.attempts_on_target = tries_[candidate];
  where.attempts = attempts_;
  where.random = state_.random.unit();

  if (failure.failure_class == provider::FailureClass::context_length) {
    // Only a larger window can help.
    const std::int64_t own = state_.settings.targets[attempt.order().target].context_window;
    for (std::size_t i = 0; i < spent_.size(); ++i) {
      const std::size_t target = job_.plan.candidates[i].target;
      const std::int64_t other = state_.settings.targets[target].context_window;
      if (other != 0 && other <= std::max(own, input_tokens(target))) spent_[i] = true;
    }
  }
  state_.look_around(job_, spent_, attempt.asked(), where);
  const Verdict verdict = dispatch::after_failure(failure, where, state_.settings.retry);
  state_.on_failed(attempt.asked(), failure, verdict);
  return verdict;
}

// Decides what follows. Leaves the candidate unspent when it is to be tried again, with `fresh` set if on a new
// connection.
net::Task<bool> RequestRun::after_failure(const AttemptRun& attempt, bool& fresh) {
  const std::size_t candidate = attempt.order().candidate;
  const Verdict verdict = judge(attempt);
  fresh = verdict.next == Next::fresh_connection;
  if (fresh) {
    spent_[candidate] = false;
    co_return true;
  }
  const AttemptFacts& facts = attempt.facts();
  last_failed_ = LastFailure{candidate, facts.failure, *facts.error, facts.said, facts.upstream_answer};
  book(attempt, outcome_of(attempt));
  if (gone_) co_return false;
  if (without_probabilities(attempt)) co_return true;
  if (verdict.next == Next::same_target) {
    spent_[candidate] = false;
    const bool still_here = co_await pause(verdict.wait);
    co_return still_here;
  }
  co_return verdict.next == Next::next_target;
}

net::Task<bool> RequestRun::pause(Duration wait) {
  if (wait <= Duration::zero()) co_return !gone_;
  Timer timer(state_.environment.executor, std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait));
  wake_ = [&timer] { timer.cancel(); };
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    co_await timer.async_wait(net::as_result);
  }
  wake_ = nullptr;
  co_return !gone_;
}

}  // namespace triaged::dispatch
