#include "observe/families.hpp"

namespace triaged::observe {

std::span<const Family> families() {
  static const std::vector<Family> all = {
      {names::requests,
       "Requests answered, by what was asked, what was chosen and the status sent to the client.",
       Kind::counter,
       {"endpoint", "tier", "task", "status", "stream"}},
      {names::attempts,
       "Calls to a model, by what they were for and how they ended; one request may make several.",
       Kind::counter,
       {"provider", "model", "tier", "purpose", "outcome", "error"}},
      {names::tokens, "Tokens read and written, in disjoint classes.", Kind::counter, {"provider", "model", "class"}},
      {names::cost,
       "US dollars paid to providers, for every attempt whose cost is known.",
       Kind::counter,
       {"provider", "model", "tier"}},
      {names::cost_unknown,
       "Attempts whose cost is not known and so is missing from triaged_cost_usd_total.",
       Kind::counter,
       {"provider", "model"}},
      {names::saved,
       "US dollars saved against the baseline model. Signed: it falls when routing cost more.",
       Kind::gauge,
       {}},
      {names::escalations,
       "Answers that were not good enough and were asked for again from a stronger tier.",
       Kind::counter,
       {"from", "to"}},
      {names::overhead, "Time the gateway itself added to a request.", Kind::histogram, {}},
      {names::duration, "Time from the first byte of a request to the last of its answer.", Kind::histogram, {}},
      {names::first_content,
       "Time from sending a request to a model to the first content of its answer.",
       Kind::histogram,
       {"provider", "model"}},
      {names::in_flight, "Requests being worked on now.", Kind::gauge, {}},
      {names::clients, "Open connections from clients.", Kind::gauge, {}},
      {names::upstreams, "Open connections to providers.", Kind::gauge, {"provider", "state"}},
      {names::upstreams_used,
       "Connections taken for an attempt, kept-alive ones (reused) or new ones.",
       Kind::counter,
       {"provider", "reused"}},
      {names::breaker_open, "1 while any worker sends a target nothing because it failed.", Kind::gauge, {"target"}},
      {names::classifier_calls, "Questions to the LLM classifier, by what became of them.", Kind::counter, {"result"}},
      {names::measures,
       "What requests took beyond one attempt after another: hedges, rescues of broken streams, answers read on.",
       Kind::counter,
       {"measure"}},
      {names::client_gone, "Requests whose client left before its answer was complete.", Kind::counter, {}},
      {names::journal_failures, "Ledger rows that could not be written to the journal.", Kind::counter, {}},
      {names::log_dropped, "Log lines dropped because the log could not be written fast enough.", Kind::counter, {}},
      {names::series_dropped, "Events not counted because a worker already held its 10,000 series.", Kind::counter, {}},
  };
  return all;
}

}  // namespace triaged::observe
