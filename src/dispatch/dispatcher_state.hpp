// What the requests of one worker share.
#pragma once

#include "triaged/base/ids.hpp"
#include "triaged/base/tokens.hpp"
#include "triaged/dispatch/dispatcher.hpp"
#include "triaged/dispatch/retry_rules.hpp"
#include "triaged/ledger/output_lengths.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/provider/own_request.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/quality/checks.hpp"
#include "triaged/upstream/pool.hpp"

#include "dispatch/balancer.hpp"
#include "dispatch/escalations.hpp"
#include "dispatch/heartbeats.hpp"
#include "dispatch/hedging.hpp"
#include "dispatch/judge_budget.hpp"
#include "dispatch/key_ring.hpp"
#include "dispatch/target_health.hpp"
#include "dispatch/target_load.hpp"

#include <memory>
#include <vector>

namespace triaged::dispatch {

class HealthChecks;

// What is asked of a target, as far as balancing minds.
struct Demand {
  bool stream = false;
  const TextCounts& texts;         // that go in
  std::int64_t beside_texts = 0;   // tokens of what else does
  std::int64_t output_tokens = 0;  // expected
};

struct Dispatcher::State {
  // Passes a pool's numbers on to the metrics.
  struct PoolMetrics final : upstream::PoolObserver {
    explicit PoolMetrics(observe::Shard& to) : shard(to) {}
    void connections(const config::Provider& provider, std::int64_t more_active, std::int64_t more_idle) override;
    void acquired(const config::Provider& provider, bool reused) override;
    observe::Shard& shard;
  };

  explicit State(Environment given);

  ~State();

  // Where a request goes next, and what is left for it after a failed attempt. target_upkeep.cpp
  std::optional<Choice> choose(const Job& job, const std::vector<bool>& spent, bool first_attempt);
  // The targets of a tier as its policy arranges them; valid until the next call.
  const std::vector<Contender>& arranged(std::size_t tier, const Demand& demand);
  void look_around(const Job& job, const std::vector<bool>& spent, const Asked& failed, AttemptState& found);

  // What an attempt says about its target. Every attempt that was asked ends with one of the three.
  void on_asked(const Asked& asked);
  void on_answered(const Asked& asked, Duration first_content);
  void on_failed(const Asked& asked, const AttemptFailure& failure, const Verdict& verdict);
  void on_unjudged(const Asked& asked);  // another one was faster
  void on_checked(std::size_t target, bool well, const config::HealthCheck& check);
  void count_in_flight(std::size_t target, int more);  // 1 or -1

  Environment environment;
  const config::Settings& settings;
  Random random;
  PoolMetrics pool_metrics;
  std::vector<std::unique_ptr<provider::Provider>> providers;  // by index in Settings
  std::vector<std::unique_ptr<upstream::Pool>> pools;          // likewise
  std::vector<const ledger::Price*> prices;                    // by target; null: unknown
  std::vector<TargetHealth> health;                            // by target
  std::vector<bool> told_open;                                 // by target: what the metrics know of its breaker
  std::vector<TargetLoad> loads;                               // by target
  std::vector<KeyRing> key_rings;                              // by target
  std::vector<provider::OwnStyle> own_styles;                  // by target: what side calls found out
  std::vector<bool> refuses_probabilities;                     // by target
  std::vector<quality::Checker> checkers;                      // by gate
  JudgeBudget judge_budget;
  Escalations escalations;
  std::vector<bool> refuses_prefill;                   // by target, although configured to take it
  std::vector<FirstContentTimes> first_content_times;  // by target
  HedgeBudget hedge_budget;
  Heartbeats heartbeats;
  ledger::OutputLengths lengths;  // by target
  std::unique_ptr<HealthChecks> health_checks;

 private:
  Field field(const Job& job, const std::vector<bool>& spent, bool first_attempt);
  config::Policy policy_of(std::size_t tier) const;
  void arrange_tier(const Job& job, std::size_t begin, std::size_t end);
  void put_key_out(const Asked& asked, const AttemptFailure& failure, TimePoint until);
  void observe_latency(const Asked& asked, Duration took, TimePoint at);
  void report_breaker(std::size_t target, TimePoint at);
  Contender contender(std::size_t target, config::Policy policy, const Demand& demand, TimePoint now) const;
  std::vector<std::size_t> order_;  // of one choice: kept for its memory
  std::vector<Contender> contenders_;
};

// Counts an attempt as in flight at its target.
class InFlight {
 public:
  InFlight(Dispatcher::State& state, std::size_t target);
  ~InFlight();
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  Dispatcher::State& state_;
  std::size_t target_;
};

}  // namespace triaged::dispatch
