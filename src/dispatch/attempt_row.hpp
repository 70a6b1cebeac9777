// One attempt that has ended as a row of the ledger: priced, counted by the metrics, written to the journal.
#pragma once

#include "triaged/dispatch/retry_rules.hpp"
#include "triaged/ledger/entry.hpp"

#include "dispatch/dispatcher_state.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace triaged::dispatch {

// How one attempt ended.
struct AttemptEnd {
  std::size_t target = 0;
  std::size_t tier = 0;
  ledger::Purpose purpose = ledger::Purpose::answer;
  ledger::Outcome outcome = ledger::Outcome::failed;
  std::string error;  // failure class or error kind; "" when answered
  int upstream_status = 0;
  std::string answered_model;
  chat::Usage usage;
  Duration first_content{0};
  Duration duration{0};
};

// What an attempt used: as the provider told, where it knew all by then; else nothing, where nothing was sent or the
// provider refused; else what can be guessed. `failure` is null when it answered.
chat::Usage usage_of(const std::optional<chat::Usage>& told, const AttemptFailure* failure, std::int64_t input_tokens,
                     std::uint64_t characters);

// The row, with its cost if that is known. The metrics are told.
ledger::Entry make_row(Dispatcher::State& state, RequestId id, std::uint32_t number, const AttemptEnd& end);
void count_row(Dispatcher::State& state, const ledger::Entry& row);  // tells the metrics
void write_row(Dispatcher::State& state, const ledger::Entry& row);

}  // namespace triaged::dispatch
