#include "dispatch/attempt_row.hpp"

#include "triaged/base/log.hpp"

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

void count_row(Dispatcher::State& state, const ledger::Entry& row) {
  observe::AttemptFacts facts;
  facts.provider = row.provider;
  facts.model = row.model;
  facts.tier = row.tier;
  facts.purpose = ledger::name(row.purpose);
  facts.outcome = ledger::name(row.outcome);
  facts.error = row.error;
  facts.usage = row.usage;
  facts.cost = row.cost;
  facts.first_content = row.first_content;
  facts.duration = row.duration;
  state.environment.metrics->attempt(facts);
}

chat::Usage usage_of(const std::optional<chat::Usage>& told, const AttemptFailure* failure, std::int64_t input_tokens,
                     std::uint64_t characters) {
  if (told && told->certainty != chat::Certainty::estimated) return *told;
  if (told) {
    // Told at the beginning of a stream that broke: the input is known, the output is what came.
    chat::Usage usage = *told;
    const std::int64_t came = provider::estimate_usage(0, characters).output;
    if (usage.total_output() < came) usage.output += came - usage.total_output();
    return usage;
  }
  const bool refused = failure != nullptr &&
                       (failure->progress == Progress::nothing_sent || failure->kind == ErrorKind::upstream_status);
  if (!refused) return provider::estimate_usage(input_tokens, characters);
  chat::Usage nothing;
  nothing.certainty = chat::Certainty::exact;
  return nothing;
}

ledger::Entry make_row(Dispatcher::State& state, RequestId id, std::uint32_t number, const AttemptEnd& end) {
  const config::Target& target = state.settings.targets[end.target];
  ledger::Entry row;
  row.id = id;
  row.attempt = number;
  row.at = state.environment.clock->wall();
  row.purpose = end.purpose;
  row.provider = state.settings.providers[target.provider].name;
  row.model = target.model;
  row.answered_model = end.answered_model;
  row.tier = state.settings.tier_name(end.tier);
  row.outcome = end.outcome;
  row.error = end.error;
  row.upstream_status = end.upstream_status;
  row.usage = end.usage;
  row.first_content = end.first_content;
  row.duration = end.duration;

  const ledger::Price* price = price_of(state, end.target);
  if (cost_nothing(end)) {
    row.cost = NanoDollars(0);
  } else if (price != nullptr) {
    row.cost = ledger::cost_of(*price, end.usage);
    if (state.prices[end.target] == nullptr && row.usage.certainty == chat::Certainty::exact) {
      row.usage.certainty = chat::Certainty::estimated;
    }
  }
  state.loads[end.target].use.add(0, end.usage.total(), state.environment.clock->now());
  count_row(state, row);
  return row;
}

void write_row(Dispatcher::State& state, const ledger::Entry& row) {
  ledger::JournalWriter* journal = state.environment.journal;
  if (journal == nullptr || journal->append(row)) return;
  state.environment.metrics->journal_failed();
  log_error("the ledger's journal could not be written; the request goes on", {{"id", row.id.text()}});
}

}  // namespace triaged::dispatch
