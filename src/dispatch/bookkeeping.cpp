#include "dispatch/bookkeeping.hpp"

#include "triaged/base/log.hpp"

#include <utility>

namespace triaged::dispatch {
namespace {

const ledger::Price* price_of(const Dispatcher::State& state, std::size_t target) {
  if (state.prices[target] != nullptr) return state.prices[target];
  if (state.settings.ledger.on_unknown_price != config::OnUnknownPrice::estimate) return nullptr;
  return state.prices[state.settings.routing.baseline_target];  // the dearest guess we have
}

// An attempt whose request never reached the provider has no usage and costs nothing; that is known, not assumed.
bool cost_nothing(const AttemptEnd& end) {
  return end.usage.certainty == chat::Certainty::exact && end.usage.total() == 0;
}

}  // namespace

Books::Books(Dispatcher::State& state, const Job& job) : state_(state), job_(job) {}

void Books::add(const AttemptEnd& end) {
  write_pending();
  const config::Target& target = state_.settings.targets[end.target];
  const config::Provider& provider = state_.settings.providers[target.provider];
  const config::Tier& tier = state_.settings.tiers[end.tier];

  ledger::Entry entry;
  entry.id = job_.id;
  entry.attempt = static_cast<std::uint32_t>(notes_.size());
  entry.at = state_.environment.clock->wall();
  entry.provider = provider.name;
  entry.model = target.model;
  entry.answered_model = end.answered_model;
  entry.tier = tier.name;
  entry.outcome = end.outcome;
  entry.error = end.error;
  entry.upstream_status = end.upstream_status;
  entry.usage = end.usage;
  entry.first_content = end.first_content;
  entry.duration = end.duration;

  const ledger::Price* price = price_of(state_, end.target);
  if (cost_nothing(end)) {
    entry.cost = NanoDollars(0);
  } else if (price != nullptr) {
    entry.cost = ledger::cost_of(*price, end.usage);
    if (state_.prices[end.target] == nullptr && entry.usage.certainty == chat::Certainty::exact) {
      entry.usage.certainty = chat::Certainty::estimated;
    }
  }
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

  observe::AttemptFacts facts;
  facts.provider = provider.name;
  facts.model = target.model;
  facts.tier = tier.name;
  facts.outcome = ledger::name(end.outcome);
  facts.error = end.error;
  facts.usage = end.usage;
  facts.cost = entry.cost;
  facts.first_content = end.first_content;
  facts.duration = end.duration;
  state_.environment.metrics->attempt(facts);

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
  if (!cost_known_) return std::nullopt;
  return known_cost_;
}

void Books::settle(const RequestEnd& end) {
  if (answered_ && baseline_cost_ && cost_known_) saved_ = *baseline_cost_ - known_cost_;

  if (!pending_) {  // nothing was sent: the gateway itself refused
    pending_.emplace();
    pending_->id = job_.id;
    pending_->at = state_.environment.clock->wall();
    pending_->outcome = ledger::Outcome::rejected;
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
  settled.tier = state_.settings.tiers[plan.tier].name;
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
  ledger::JournalWriter* journal = state_.environment.journal;
  if (journal != nullptr && !journal->append(*pending_)) {
    state_.environment.metrics->journal_failed();
    log_error("the ledger's journal could not be written; the request goes on", {{"id", job_.id.text()}});
  }
  pending_.reset();
}

}  // namespace triaged::dispatch
