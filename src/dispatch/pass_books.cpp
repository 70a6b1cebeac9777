// How a request that was handed on unread ends: what is booked of it.
#include "dispatch/attempt_row.hpp"
#include "dispatch/pass_rules.hpp"
#include "dispatch/pass_run.hpp"

#include <utility>

namespace triaged::dispatch {

// Written when the next attempt is booked or the request settles, so that the last row can carry what is known of the
// request.
void PassRun::book(ledger::Outcome outcome, std::string_view error) {
  if (pending_) write_row(state_, *pending_);
  ledger::Entry& row = pending_.emplace();
  row.id = job_.id;
  row.attempt = rows_++;
  row.at = state_.environment.clock->wall();
  row.provider = provider().name;
  row.model = job_.endpoint;
  row.tier = pass_name;
  row.outcome = outcome;
  row.error = error;
  row.upstream_status = current_.status >= 400 ? current_.status : 0;
  row.duration = now() - current_.started;
  const Progress progress = exchange_ ? exchange_->progress() : Progress::nothing_sent;
  row.cost = pass_cost(job_.method, progress, current_.status);
  row.usage.certainty = row.cost ? chat::Certainty::exact : chat::Certainty::unknown;
  ++passed_.attempts;
  count_row(state_, row);
}

void PassRun::settle(int status, bool complete) {
  passed_.status = status;
  passed_.complete = complete;
  passed_.client_gone = left_;
  if (!pending_) {  // nothing was sent to a provider
    pending_.emplace();
    pending_->id = job_.id;
    pending_->at = state_.environment.clock->wall();
    pending_->outcome = left_ ? ledger::Outcome::cancelled : ledger::Outcome::rejected;
    pending_->usage.certainty = chat::Certainty::exact;
    pending_->cost = NanoDollars(0);
  }
  ledger::Settled& settled = pending_->settled.emplace();
  settled.key = job_.key;
  settled.task = pass_name;
  settled.task_probability = 1;
  settled.tier = pass_name;
  settled.status = status;
  settled.complete = complete;
  settled.total = now() - job_.started;
  settled.config_hash = state_.settings.hash;
  write_row(state_, *pending_);
  pending_.reset();
}

void PassRun::conclude() {
  const int status = current_.status;
  if (status >= 400) {
    const WallTime wall = state_.environment.clock->wall();
    const provider::Failure said =
        state_.providers[job_.provider]->read_failure(status, exchange_->headers(), {}, wall);
    passed_.failure = name(said.failure_class);
  }
  book(status < 400 ? ledger::Outcome::answered : ledger::Outcome::failed, passed_.failure);
  settle(status, true);
}

// With the attempt that failed last, if there was one.
void PassRun::give_up(const Error& error) {
  passed_.error = error;
  passed_.failure = name(error.kind);
  if (current_.error) book(left_ ? ledger::Outcome::cancelled : ledger::Outcome::failed, passed_.failure);
  settle(left_ ? 499 : passed_.begun ? current_.status : error.status, false);
}

}  // namespace triaged::dispatch
