// Runs plans: chooses a target, sends, judges, and on failure does what retry_rules say; books every attempt. One per
// worker and configuration; all its coroutines run on that worker's thread.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/ids.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/dispatch/pass.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/ledger/journal.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/net/resolver.hpp"
#include "triaged/net/task.hpp"
#include "triaged/observe/metrics.hpp"
#include "triaged/routing/plan.hpp"
#include "triaged/wire/headers.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::dispatch {

// What the side calls made for a request came to, before it is dispatched and while it is.
struct SideCosts {
  std::uint32_t rows = 0;  // of the request in the ledger so far, side calls and attempts: the next one's number
  NanoDollars known_cost;
  bool cost_known = true;
  Duration waited{0};
};

// One request to be answered. References outlive run().
struct Job {
  Job(const chat::Request& what, std::string_view client_body, const wire::Headers& headers,
      const routing::Plan& decision)
      : request(what), body(client_body), client_headers(headers), plan(decision) {}
  const chat::Request& request;
  std::string_view body;
  const wire::Headers& client_headers;
  const routing::Plan& plan;
  RequestId id;
  std::string key;      // fingerprint of the client's key, "" if none
  TimePoint started{};  // when the request had arrived
  SideCosts side;
};

// How a request went, for the access log and the metrics.
struct Finished {
  int status = 0;
  bool client_gone = false;
  bool complete = false;  // the client was given a whole answer
  std::size_t tier = 0;   // that answered
  std::size_t target = 0;
  bool escalated = false;  // answered by a stronger tier than the plan's
  std::size_t attempts = 0;
  std::string error;  // "" when answered
  chat::Usage usage;
  std::optional<NanoDollars> cost;
  std::optional<NanoDollars> saved;
  Duration total{0};
  Duration overhead{0};
  Duration first_content{0};
};

struct Environment {
  explicit Environment(net::Executor worker) : executor(worker) {}
  net::Executor executor;
  std::shared_ptr<const config::Settings> settings;
  const ledger::PriceBook* prices = nullptr;
  net::Resolver* resolver = nullptr;
  const Clock* clock = nullptr;
  observe::Shard* metrics = nullptr;
  ledger::JournalWriter* journal = nullptr;  // null: no ledger
  std::size_t workers = 1;                   // that share the requests: a target's limits go for all of them
};

class Dispatcher {
 public:
  explicit Dispatcher(Environment environment);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Must Request::conversation be there, because a candidate of the plan does not speak the request's dialect?
  bool translates(const chat::Request& request, const routing::Plan& plan) const;
  net::Task<Finished> run(const Job& job, Reply& reply);
  net::Task<Passed> pass(const PassJob& job, PassClient& client);
  void close_idle();          // idle upstream connections
  net::Task<void> stopped();  // after close_idle(): until background work has ended

  struct State;  // private to src/dispatch
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace triaged::dispatch
