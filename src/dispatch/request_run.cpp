#include "dispatch/request_run.hpp"

#include "dispatch/waiting.hpp"

#include <algorithm>
#include <utility>

namespace triaged::dispatch {

RequestRun::RequestRun(Dispatcher::State& state, const Job& job, Reply& reply)
    : state_(state),
      job_(job),
      reply_(reply),
      books_(state, job),
      spent_(job.plan.candidates.size()),
      tries_(job.plan.candidates.size()),
      gone_(reply.client_gone()),
      waited_(job.side.waited) {
  for (std::size_t i = 0; i < spent_.size(); ++i) {
    const std::size_t target = job.plan.candidates[i].target;
    spent_[i] =
        state.prices[target] == nullptr && state.settings.ledger.on_unknown_price == config::OnUnknownPrice::refuse;
  }
  if (gone_) return;
  reply_.on_client_gone([this] {
    gone_ = true;
    if (wake_) wake_();
  });
}

RequestRun::~RequestRun() { reply_.on_client_gone(nullptr); }

net::Task<void> RequestRun::run() {
  bool fresh = false;
  std::optional<std::size_t> same;
  while (!gone_) {
    std::optional<Choice> choice;
    if (same)
      choice = Choice{*same, false};
    else
      choice = choose(job_.plan, spent_, state_.health, now(), attempts_ == 0);
    if (!choice) break;

    Attempt current(choice->candidate, fresh);
    if (!fresh) {
      ++attempts_;
      ++tries_[current.candidate];
    }
    co_await attempt(current);
    if (!current.error) co_return;             // answered
    if (current.failure.committed || gone_) {  // nothing more can be told to this client
      const bool ignored = co_await after_failure(current);
      static_cast<void>(ignored);
      co_return;
    }
    const bool go_on = co_await after_failure(current);
    fresh = current.fresh;
    same.reset();
    if (current.candidate < spent_.size() && !spent_[current.candidate]) same = current.candidate;
    last_failed_ = std::move(current);
    if (!go_on) break;
  }
  co_await give_up();
}

// Decides what follows. Leaves the candidate unspent when it is to be tried again, with `fresh` set if on a new
// connection.
net::Task<bool> RequestRun::after_failure(Attempt& attempt) {
  spent_[attempt.candidate] = true;
  AttemptState where;
  where.attempts_on_target = tries_[attempt.candidate];
  where.attempts = attempts_;
  where.random = state_.random.unit();

  if (attempt.failure.failure_class == provider::FailureClass::context_length) {
    // Only a larger window can help.
    const std::int64_t window = std::max(target_of(attempt).context_window, job_.plan.features.input_tokens);
    for (std::size_t i = 0; i < spent_.size(); ++i) {
      const std::int64_t other = state_.settings.targets[job_.plan.candidates[i].target].context_window;
      if (other != 0 && other <= window) spent_[i] = true;
    }
  }
  const TimePoint at = now();
  where.other_target_left = std::any_of(spent_.begin(), spent_.end(), [](bool out) { return !out; });
  if (where.other_target_left) {
    where.other_target_left = false;
    for (std::size_t i = 0; i < spent_.size(); ++i) {
      const TargetHealth& health = state_.health[job_.plan.candidates[i].target];
      if (spent_[i] || health.held_until > at || health.breaker.state(at) == Breaker::State::open) continue;
      where.other_target_left = true;
    }
  }
  const Verdict verdict = dispatch::after_failure(attempt.failure, where, state_.settings.retry);
  state_.mark_health(job_.plan.candidates[attempt.candidate].target, attempt.failure, verdict);

  attempt.fresh = verdict.next == Next::fresh_connection;
  if (attempt.fresh) {
    spent_[attempt.candidate] = false;
    co_return true;
  }
  book(attempt, attempt.failure.kind == ErrorKind::client_gone ? ledger::Outcome::cancelled : ledger::Outcome::failed);
  if (attempt.failure.committed || gone_) {
    settle(attempt.failure.committed && !gone_ ? 200 : 499, false);
    co_return false;
  }
  if (verdict.next == Next::same_target) {
    spent_[attempt.candidate] = false;
    const bool still_here = co_await pause(verdict.wait);
    co_return still_here;
  }
  co_return verdict.next == Next::next_target;
}

net::Task<bool> RequestRun::pause(Duration wait) {
  if (wait <= Duration::zero()) co_return !gone_;
  net::asio::basic_waitable_timer<std::chrono::steady_clock, net::asio::wait_traits<std::chrono::steady_clock>,
                                  net::Executor>
      timer(state_.environment.executor, std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait));
  wake_ = [&timer] { timer.cancel(); };
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    co_await timer.async_wait(net::as_result);
  }
  wake_ = nullptr;
  co_return !gone_;
}

net::Task<void> RequestRun::give_up() {
  if (gone_) {
    settle(499, false);
    co_return;
  }
  const Error error = overall_error();
  std::optional<Duration> retry_after;
  if (const auto until = soonest(job_.plan, std::vector<bool>(spent_.size(), false), state_.health, now())) {
    retry_after = *until - now();
  }
  const Attempt* last = last_failed_ ? &*last_failed_ : nullptr;
  if (last != nullptr && last->failure.retry_after) retry_after = *last->failure.retry_after;
  const UpstreamAnswer* relayed =
      last != nullptr && books_.notes().size() == 1 && last->upstream_answer ? &*last->upstream_answer : nullptr;
  finished_.error = last != nullptr ? std::string(name(last->failure.kind)) : std::string(name(error.kind));
  settle(relayed != nullptr ? relayed->status : error.status, false);
  const AnswerInfo what = info(last, nullptr);
  const Result<void> ignored = co_await reply_.fail(what, error, retry_after, relayed);
  static_cast<void>(ignored);
}

// One error for all that was tried: the status of the last attempt, and each attempt's cause.
Error RequestRun::overall_error() const {
  if (!last_failed_) {
    return gateway_error(
        ErrorKind::no_target, 503,
        "no target can be asked now: each is held back by its provider's Retry-After, or has no price");
  }
  Error error = *last_failed_->error;
  if (last_failed_->said) {
    error.status = last_failed_->said->status;
    error.code = last_failed_->said->code.empty() ? std::string(name(last_failed_->said->failure_class))
                                                  : last_failed_->said->code;
  }
  const auto& notes = books_.notes();
  if (notes.size() == 1) {
    error.detail = target_of(*last_failed_).name + ": " + error.detail;
    return error;
  }
  std::string each;
  for (const AttemptNote& note : notes) {
    if (!each.empty()) each += "; ";
    each += state_.settings.targets[note.target].name + ": " + note.error;
    if (note.upstream_status != 0) each += " (" + std::to_string(note.upstream_status) + ")";
  }
  error.detail =
      "all " + std::to_string(notes.size()) + " attempts failed: " + each + ". The last said: " + error.detail;
  return error;
}

void RequestRun::book(const Attempt& attempt, ledger::Outcome outcome) {
  const routing::Candidate& candidate = job_.plan.candidates[attempt.candidate];
  AttemptEnd end;
  end.target = candidate.target;
  end.tier = candidate.tier;
  end.outcome = outcome;
  end.answered_model = attempt.answered_model;
  end.first_content = attempt.first_content;
  end.duration = now() - attempt.started;
  if (attempt.error) {
    end.error = attempt.failure.failure_class ? name(*attempt.failure.failure_class) : name(attempt.failure.kind);
    end.upstream_status = attempt.upstream_answer ? attempt.upstream_answer->status : 0;
  }
  end.usage = usage_of(attempt.usage, attempt.error ? &attempt.failure : nullptr, job_.plan.features.input_tokens,
                       attempt.characters);
  books_.add(end);
}

void RequestRun::settle(int status, bool complete) {
  finished_.total = now() - job_.started;
  finished_.overhead = std::max(Duration::zero(), finished_.total - waited_);
  finished_.status = status;
  finished_.complete = complete;
  RequestEnd end;
  end.status = status;
  end.complete = complete;
  end.client_gone = gone_;
  end.total = finished_.total;
  end.overhead = finished_.overhead;
  books_.settle(end);
}

AnswerInfo RequestRun::info(const Attempt* attempt, const upstream::Exchange* exchange) const {
  AnswerInfo info;
  info.settings = &state_.settings;
  info.plan = &job_.plan;
  info.id = job_.id;
  info.tier = job_.plan.tier;
  if (attempt != nullptr) {
    info.tier = job_.plan.candidates[attempt->candidate].tier;
    info.target = job_.plan.candidates[attempt->candidate].target;
  } else if (!job_.plan.candidates.empty()) {
    info.target = job_.plan.candidates.front().target;
  }
  info.attempts = &books_.notes();
  info.cost = books_.cost();
  info.saved = books_.saved();
  if (exchange != nullptr) {
    info.provider = state_.providers[target_of(*attempt).provider].get();
    info.upstream_headers = &exchange->headers();
  }
  return info;
}

const config::Target& RequestRun::target_of(const Attempt& attempt) const {
  return state_.settings.targets[job_.plan.candidates[attempt.candidate].target];
}

Finished RequestRun::finished() const {
  Finished finished = finished_;
  finished.client_gone = gone_;
  finished.attempts = books_.notes().size();
  finished.cost = books_.cost();
  finished.saved = books_.saved();
  finished.usage = books_.usage();
  finished.tier = job_.plan.tier;
  if (!books_.notes().empty()) {
    finished.tier = books_.notes().back().tier;
    finished.target = books_.notes().back().target;
    if (finished.error.empty()) finished.error = books_.notes().back().error;
  }
  finished.escalated = finished.complete && finished.tier > job_.plan.tier;
  return finished;
}

}  // namespace triaged::dispatch
