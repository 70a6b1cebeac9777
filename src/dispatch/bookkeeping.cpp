#include "dispatch/bookkeeping.hpp"

#include <utility>

namespace triaged::dispatch {
Books::Books(Dispatcher::State& state, const Job& job, SideCosts& side) : state_(state), job_(job), side_(side) {}

void Books::add(const AttemptEnd& end) {
  write_pending();
  ledger::Entry entry = make_row(state_, job_.id, side_.rows++, end);
  if (entry.cost)
    known_cost_ += *entry.cost;
  else
    cost_known_ = false;

  if (end.outcome == ledger::Outcome::answered) {
    answered_ = true;
    usage_ = end.usage;
    price_baseline(end);
  }

  AttemptNote note;
  note.target = end.target;
  note.tier = end.tier;
  note.outcome = ledger::name(end.outcome);
  note.error = end.error;
  note.upstream_status = end.upstream_status;
  note.cost = entry.cost;
  notes_.push_back(std::move(note));

  pending_ = std::move(entry);
}

// What the same request would have cost at the baseline model: the same input at full price or from its cache as it was
// here, and an output of that model's own expected length.
void Books::price_baseline(const AttemptEnd& end) {
  const routing::Plan& plan = job_.plan;
  const auto task = static_cast<std::size_t>(plan.task.best);
  const ledger::Price* price = state_.prices[plan.baseline_target];
  chat::Usage usage = end.usage;
  if (usage.certainty == chat::Certainty::exact) {
    state_.lengths.observe(end.target, task, plan.complexity.value, usage.total_output());
  }
  if (!plan.baseline_model.empty()) {
    price = state_.environment.prices->find_any(plan.baseline_model);
  } else {
    const std::int64_t output = usage.output + usage.reasoning;
    const std::int64_t expected =
        state_.lengths.expected(plan.baseline_target, end.target, task, plan.complexity.value, output);
    usage.output += expected - output;
    if (usage.output < 0) usage.output = expected, usage.reasoning = 0;
  }
  if (price != nullptr) baseline_cost_ = ledger::cost_of(*price, usage);
}

std::optional<NanoDollars> Books::cost() const {
  if (!cost_known_ || !side_.cost_known) return std::nullopt;
  return side_.known_cost + known_cost_;
}

void Books::settle(const RequestEnd& end) {
  const std::optional<NanoDollars> paid = cost();
  if (answered_ && baseline_cost_ && paid) saved_ = *baseline_cost_ - *paid;

  if (!pending_) {  // nothing was sent: the gateway itself refused, or the client left before
    pending_.emplace();
    pending_->id = job_.id;
    pending_->attempt = side_.rows;
    pending_->at = state_.environment.clock->wall();
    pending_->outcome = end.client_gone ? ledger::Outcome::cancelled : ledger::Outcome::rejected;
    pending_->usage.certainty = chat::Certainty::exact;
    pending_->cost = NanoDollars(0);
  }
  const routing::Plan& plan = job_.plan;
  ledger::Settled& settled = pending_->settled.emplace();
  settled.requested_model = plan.wanted.model;
  settled.key = job_.key;
  settled.task = routing::name(plan.task.best);
  settled.task_probability = static_cast<double>(plan.task.confidence);
  settled.complexity = plan.complexity.value;
  settled.tier = state_.settings.tier_name(plan.tier);
  settled.status = end.status;
  settled.stream = job_.request.stream;
  settled.complete = end.complete;
  settled.baseline_model = plan.baseline_model.empty() ? state_.settings.targets[plan.baseline_target].name
                                                       : std::string(plan.baseline_model);
  settled.baseline_cost = baseline_cost_;
  settled.total = end.total;
  settled.overhead = end.overhead;
  settled.config_hash = state_.settings.hash;
  write_pending();
}

void Books::write_pending() {
  if (!pending_) return;
  write_row(state_, *pending_);
  pending_.reset();
}

}  // namespace triaged::dispatch
