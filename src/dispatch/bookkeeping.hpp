// The books of one request: its attempts as ledger rows, what they cost, and what the baseline would have cost.
#pragma once

#include "triaged/ledger/entry.hpp"

#include "dispatch/attempt_row.hpp"
#include "dispatch/dispatcher_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::dispatch {

// How the request ended, for its settling row.
struct RequestEnd {
  int status = 0;
  bool complete = false;
  bool client_gone = false;
  Duration total{0};
  Duration overhead{0};
};

class Books {
 public:
  // `side`: what its side calls come to; it outlives the books.
  Books(Dispatcher::State& state, const Job& job, SideCosts& side);

  // Adds an attempt. It is written to the journal when the next one is added or the request settles, whichever is
  // first, so that the last row can carry what is known of the request.
  void add(const AttemptEnd& end);
  // Writes the last row with the request's own columns. Once.
  void settle(const RequestEnd& end);

  const std::vector<AttemptNote>& notes() const { return notes_; }
  // Of the request's side calls and all attempts so far; empty when one is unknown.
  std::optional<NanoDollars> cost() const;
  NanoDollars known_cost() const { return known_cost_; }  // of the attempts, as far as it is known
  std::optional<NanoDollars> saved() const { return saved_; }
  const chat::Usage& usage() const { return usage_; }  // of the answering attempt

 private:
  void write_pending();
  void price_baseline(const AttemptEnd& end);

  Dispatcher::State& state_;
  const Job& job_;
  SideCosts& side_;
  std::vector<AttemptNote> notes_;
  std::optional<ledger::Entry> pending_;
  chat::Usage usage_;
  NanoDollars known_cost_;  // of the attempts
  bool cost_known_ = true;
  bool answered_ = false;
  std::optional<NanoDollars> baseline_cost_;
  std::optional<NanoDollars> saved_;
};

}  // namespace triaged::dispatch
