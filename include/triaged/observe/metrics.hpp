// Counters of one process: a shard per worker, written by that worker alone with relaxed atomics, summed when scraped.
// Prometheus text format 0.0.4. Names are documented in docs/metrics.md.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/money.hpp"
#include "triaged/chat/usage.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::observe {

struct RequestFacts {
  std::string_view endpoint;  // "chat_completions", "models", "route", ...
  std::string_view tier;      // "" when none was chosen
  std::string_view task;
  int status = 0;
  bool stream = false;
  bool client_gone = false;
  bool escalated = false;
  std::string_view escalated_from;
  std::string_view escalated_to;
  std::optional<NanoDollars> saved;
  Duration total{0};
  Duration overhead{0};
  Duration first_content{0};  // 0: not known
};

struct AttemptFacts {
  std::string_view provider;
  std::string_view model;
  std::string_view tier;
  std::string_view purpose;  // ledger::Purpose name
  std::string_view outcome;  // ledger::Outcome name
  std::string_view error;    // "" when answered
  chat::Usage usage;
  std::optional<NanoDollars> cost;
  Duration first_content{0};
  Duration duration{0};
};

// Label sets come from the configuration and from short fixed lists; a shard holds at most 10,000 series and counts
// what it had to leave out.
class Shard {
 public:
  virtual ~Shard() = default;
  virtual void request(const RequestFacts& facts) = 0;
  virtual void attempt(const AttemptFacts& facts) = 0;
  virtual void connection_opened() = 0;
  virtual void connection_closed() = 0;
  virtual void request_started() = 0;  // in flight
  virtual void request_ended() = 0;
  // Of connections, breakers and attempts under way, changes are told: after a reload, those of the configuration
  // before go on beside the new ones.
  virtual void upstream_connections(std::string_view provider, std::int64_t more_active, std::int64_t more_idle) = 0;
  virtual void upstream_reused(std::string_view provider, bool reused) = 0;
  virtual void breaker(std::string_view target, bool opened) = 0;  // else one that had opened is not open any more
  virtual void target_in_flight(std::string_view target, std::int64_t more) = 0;
  virtual void latency(std::string_view target, bool stream, Duration average) = 0;  // to first content
  virtual void budget_exhausted(std::string_view target) = 0;                        // a further attempt was not made
  virtual void key_out(std::string_view provider, std::size_t key) = 0;  // the how-manieth key is left alone
  virtual void journal_failed() = 0;
  // What became of asking the LLM classifier: "used", "cached", "late", "failed", "invalid" or "paused".
  virtual void classifier_call(std::string_view result) = 0;
  // What became of asking the upstream embedder about "request" or "examples": as above, or "loading".
  virtual void embedder_call(std::string_view about, std::string_view result) = 0;
  // An answer was held against a gate and a check of it found something: "refusal", "json", "judge" ...
  virtual void gate_finding(std::string_view gate, std::string_view check) = 0;
  // What became of asking the judge: "good", "poor", "late", "failed", "invalid" or "over_budget".
  virtual void judge_call(std::string_view result) = 0;
  // An answer of a route was held against a gate: "passed" or "escalated". `alarm`: escalations are too many of late.
  virtual void gated_answer(std::string_view route, std::string_view result, bool alarm) = 0;
  // What a request took beyond one attempt after another: "hedge", "hedge_won", "rescue", "rescued", "drain".
  virtual void measure(std::string_view what) = 0;
};

class Metrics {
 public:
  explicit Metrics(std::size_t workers);
  ~Metrics();
  Shard& shard(std::size_t worker);
  std::size_t connections(std::size_t worker) const;  // for the listener; any thread
  std::int64_t in_flight() const;                     // sum over workers; any thread
  // Extra gauges read at scrape time ("triaged_ready", build info ...).
  void add_gauge(std::string name, std::string help, std::function<double()> value);
  std::string render() const;  // any thread

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace triaged::observe
