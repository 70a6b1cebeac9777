// How a request ends: what the client is told, what is booked.
#include "triaged/provider/logprobs.hpp"

#include "dispatch/request_run.hpp"

#include <algorithm>
#include <utility>

namespace triaged::dispatch {

net::Task<void> RequestRun::conclude(AttemptRun& winner) {
  if (winner.facts().error) {
    co_await conclude_broken(winner);
    co_return;
  }
  const AttemptFacts& facts = winner.facts();
  state_.on_answered(winner.asked(), facts.first_content);
  state_.first_content_times[winner.order().target].add(facts.first_content);
  if (finished_.first_content == Duration::zero()) finished_.first_content = facts.first_content;
  co_await end_heartbeat();
  book(winner, ledger::Outcome::answered);
  if (job_.plan.gate) note_gated_answer(winner);
  settle(200, true);  // in the journal before the client has the last byte
  const AnswerInfo what = info(&winner);
  Result<void> told;
  if (winner.begun())
    told = co_await reply_.end_stream(what);
  else
    told = co_await answer(what, winner);
  if (!told) gone_ = true;
  winner.release();
}

net::Task<Result<void>> RequestRun::answer(const AnswerInfo& what, const AttemptRun& winner) {
  std::string shown;
  std::string_view body = winner.body();
  if (winner.order().asks_probabilities) body = provider::without_logprobs(body, shown);
  Result<void> told = co_await reply_.answer(what, body);
  co_return told;
}

// The stream broke after it had begun, or its client left.
net::Task<void> RequestRun::conclude_broken(AttemptRun& broken) {
  const Error cause = *broken.facts().error;
  const Verdict ignored = judge(broken);
  static_cast<void>(ignored);
  finished_.error = std::string(name(broken.facts().failure.kind));
  finished_.first_content = broken.facts().first_content;
  const bool continues =
      !gone_ && state_.settings.streams.rescue.enabled && recorder_.only_text() && can_be_continued(broken);
  if (gone_)
    book(broken, ledger::Outcome::cancelled);
  else
    book(broken, continues ? ledger::Outcome::rescued : ledger::Outcome::failed);
  if (continues) {
    const bool whole = co_await rescue();
    if (whole) co_return;
  }
  co_await end_heartbeat();
  settle(gone_ ? 499 : 200, false);
  if (gone_) co_return;
  const Result<void> told = co_await reply_.break_stream(cause);
  static_cast<void>(told);
}

net::Task<void> RequestRun::end_heartbeat() {
  heartbeat_.pause();
  if (heartbeat_.writing()) co_await heartbeat_.quiet();
  heartbeat_.stop();
}

// One answer of plain text was asked for, and its stream can be gone on with: another model's events can be written
// behind those that the client has.
bool RequestRun::can_be_continued(const AttemptRun& broken) const {
  const chat::Request& request = job_.request;
  const bool passes_through = dialect_of(broken.order().candidate) == request.dialect;
  return dispatch::can_be_continued(request) && (!passes_through || request.dialect == chat::Dialect::openai_chat);
}

chat::Dialect RequestRun::dialect_of(std::size_t candidate) const {
  const std::size_t target = job_.plan.candidates[candidate].target;
  return state_.providers[state_.settings.targets[target].provider]->codec(job_.request.dialect).dialect();
}

// What was passed on as it came can only be gone on with by what passes, too.
void RequestRun::keep_to_dialect(std::size_t broken) {
  const bool passes_through = dialect_of(broken) == job_.request.dialect;
  for (std::size_t i = 0; i < spent_.size(); ++i) {
    if ((dialect_of(i) == job_.request.dialect) != passes_through) spent_[i] = true;
  }
}

// Asks other targets to go on where the broken stream stopped, and the broken one again if there is no other.
net::Task<bool> RequestRun::rescue() {
  recorder_.continues();
  state_.environment.metrics->measure("rescue");
  const std::size_t broken = winner_->order().candidate;
  keep_to_dialect(broken);
  bool fresh = false;
  std::optional<std::size_t> same;
  for (std::uint32_t asked = 0; asked < state_.settings.streams.rescue.attempts && !gone_;) {
    std::optional<Choice> choice;
    if (same)
      choice = Choice{*same, false};
    else
      choice = state_.choose(job_, spent_, false);
    if (!choice && asked == 0) choice = Choice{broken, true};
    if (!choice) break;
    Order what = order(choice->candidate, fresh);
    what.gate.reset();  // the client has the beginning already
    const bool prefill = state_.settings.targets[what.target].prefill && !state_.refuses_prefill[what.target];
    const Rewritten continuation = continue_answer(job_.request, job_.body, recorder_.text(), prefill);
    what.request = &continuation.request;
    what.body = continuation.body;
    AttemptRun next(state_, what, *this, waited_);
    if (!fresh) {
      ++asked;
      ++attempts_;
      ++tries_[choice->candidate];
    }
    winner_ = nullptr;
    running_.assign(1, &next);
    co_await next.run();
    running_.clear();
    const AttemptFacts& facts = next.facts();
    if (!facts.error) {
      finished_.error.clear();
      state_.environment.metrics->measure("rescued");
      co_await conclude(next);
      co_return true;
    }
    const Verdict verdict = judge(next);
    fresh = verdict.next == Next::fresh_connection;
    same.reset();
    if (fresh) same = choice->candidate;
    if (fresh) continue;
    book(next, gone_ ? ledger::Outcome::cancelled : next.begun() ? ledger::Outcome::rescued : ledger::Outcome::failed);
    if (prefill && facts.failure.failure_class == provider::FailureClass::bad_request) {
      state_.refuses_prefill[what.target] = true;
      same = choice->candidate;
    }
  }
  co_return false;
}

net::Task<void> RequestRun::give_up() {
  if (gone_) {
    settle(499, false);
    co_return;
  }
  std::optional<Duration> retry_after;
  if (const auto until = soonest(job_.plan, std::vector<bool>(spent_.size(), false), state_.health, now())) {
    retry_after = *until - now();
  }
  const Error error = last_failed_ ? overall_error() : error_of_nobody_asked(retry_after.has_value());
  const LastFailure* last = last_failed_ ? &*last_failed_ : nullptr;
  if (last != nullptr && last->failure.retry_after) retry_after = *last->failure.retry_after;
  const UpstreamAnswer* relayed =
      last != nullptr && books_.notes().size() == 1 && last->upstream_answer ? &*last->upstream_answer : nullptr;
  finished_.error = last != nullptr ? std::string(name(last->failure.kind)) : std::string(name(error.kind));
  settle(relayed != nullptr ? relayed->status : error.status, false);
  const AnswerInfo what = info_of(last != nullptr ? std::optional(last->candidate) : std::nullopt);
  const Result<void> ignored = co_await reply_.fail(what, error, retry_after, relayed);
  static_cast<void>(ignored);
}

// What a client would have been told by the provider that wants to be left alone: its library knows what to do then.
Error RequestRun::error_of_nobody_asked(bool held) const {
  if (!held) return gateway_error(ErrorKind::no_target, 503, "no target can be asked: none of them has a known price");
  Error error = gateway_error(
      ErrorKind::no_target, 429,
      "no target can be asked now: each reached its provider's rate limit and asked for a pause (Retry-After)");
  error.code = "rate_limit_exceeded";
  return error;
}

// One error for all that was tried: the status of the last attempt, and each attempt's cause.
Error RequestRun::overall_error() const {
  Error error = last_failed_->error;
  if (const auto& said = last_failed_->said) {
    error.status = said->status;
    error.code = said->code.empty() ? std::string(name(said->failure_class)) : said->code;
  }
  const auto& notes = books_.notes();
  if (notes.size() == 1) {
    error.detail = state_.settings.targets[notes.front().target].name + ": " + error.detail + held_targets();
    return error;
  }
  const bool none_was_sent = std::all_of(
      notes.begin(), notes.end(), [](const AttemptNote& note) { return note.error == name(ErrorKind::unsupported); });
  if (none_was_sent) return error;
  std::string each;
  for (const AttemptNote& note : notes) {
    if (!each.empty()) each += "; ";
    each += state_.settings.targets[note.target].name + ": " + note.error;
    if (note.upstream_status != 0) each += " (" + std::to_string(note.upstream_status) + ")";
  }
  error.detail =
      "all " + std::to_string(notes.size()) + " attempts failed: " + each + ". The last said: " + error.detail;
  error.detail += held_targets();
  return error;
}

// What could not be asked because its provider wants a pause: "" if nothing.
std::string RequestRun::held_targets() const {
  std::string names;
  const TimePoint at = now();
  for (const routing::Candidate& candidate : job_.plan.candidates) {
    const bool tried = std::any_of(books_.notes().begin(), books_.notes().end(),
                                   [&](const AttemptNote& note) { return note.target == candidate.target; });
    if (tried || state_.health[candidate.target].held_until <= at) continue;
    names += (names.empty() ? "" : ", ") + state_.settings.targets[candidate.target].name;
  }
  return names.empty() ? names : "; not asked, since its rate limit is reached (Retry-After): " + names;
}

void RequestRun::note_failed(const AttemptRun& attempt) {
  const Verdict ignored = judge(attempt);
  static_cast<void>(ignored);
  book(attempt, outcome_of(attempt));
}

ledger::Outcome RequestRun::outcome_of(const AttemptRun& failed) const {
  if (failed.facts().finding) return ledger::Outcome::escalated;
  return failed.facts().failure.kind == ErrorKind::client_gone ? ledger::Outcome::cancelled : ledger::Outcome::failed;
}

void RequestRun::note_lost(const AttemptRun& attempt) {
  state_.on_unjudged(attempt.asked());
  book(attempt, ledger::Outcome::cancelled);
}

void RequestRun::book(const AttemptRun& attempt, ledger::Outcome outcome) {
  const AttemptFacts& facts = attempt.facts();
  AttemptEnd end;
  end.target = attempt.order().target;
  end.tier = job_.plan.candidates[attempt.order().candidate].tier;
  end.outcome = outcome;
  end.answered_model = facts.answered_model;
  end.first_content = facts.first_content;
  end.duration = now() - facts.started;
  if (facts.error) {
    end.error = facts.failure.failure_class ? name(*facts.failure.failure_class) : name(facts.failure.kind);
    if (facts.finding) end.error = "poor_answer:" + facts.finding->check;
    if (attempt.lost()) end.error = "hedge_lost";
    end.upstream_status = facts.upstream_answer ? facts.upstream_answer->status : 0;
  }
  const std::int64_t input = input_tokens(attempt.order().target);
  end.usage = usage_of(facts.usage, facts.error ? &facts.failure : nullptr, input, facts.characters);
  books_.add(end);
  const bool tells = outcome == ledger::Outcome::answered || outcome == ledger::Outcome::escalated;
  if (job_.plan.gate && tells) state_.escalations.took(way_, end.tier, books_.notes().back().cost, end.duration);
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
  state_.judge_budget.answered(books_.known_cost());
}

AnswerInfo RequestRun::info(const AttemptRun* attempt) const {
  AnswerInfo info = info_of(attempt->order().candidate);
  info.provider = state_.providers[state_.settings.targets[info.target].provider].get();
  info.upstream_headers = attempt->headers();
  if (!attempt->facts().dropped.empty()) info.dropped = &attempt->facts().dropped;
  return info;
}

AnswerInfo RequestRun::info_of(std::optional<std::size_t> candidate) const {
  AnswerInfo info;
  info.settings = &state_.settings;
  info.plan = &job_.plan;
  info.id = job_.id;
  info.tier = job_.plan.tier;
  const auto& candidates = job_.plan.candidates;
  if (candidate) info.tier = candidates[*candidate].tier;
  if (!candidates.empty()) info.target = candidates[candidate.value_or(0)].target;
  info.attempts = &books_.notes();
  info.continued = recorder_.continued();
  info.raised = raised_;
  info.cost = books_.cost();
  if (side_.cost_known) info.side_cost = side_.known_cost;
  info.saved = books_.saved();
  return info;
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
  finished.escalated = finished.complete && finished.tier > start_tier_;
  return finished;
}

}  // namespace triaged::dispatch
