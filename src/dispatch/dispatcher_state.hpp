// What the requests of one worker share.
#pragma once

#include "triaged/base/ids.hpp"
#include "triaged/dispatch/dispatcher.hpp"
#include "triaged/dispatch/retry_rules.hpp"
#include "triaged/ledger/output_lengths.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/provider/own_request.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/quality/checks.hpp"
#include "triaged/upstream/pool.hpp"

#include "dispatch/escalations.hpp"
#include "dispatch/heartbeats.hpp"
#include "dispatch/hedging.hpp"
#include "dispatch/judge_budget.hpp"
#include "dispatch/target_health.hpp"

#include <memory>
#include <vector>

namespace triaged::dispatch {

struct Dispatcher::State {
  // Passes a pool's numbers on to the metrics.
  struct PoolMetrics final : upstream::PoolObserver {
    explicit PoolMetrics(observe::Shard& to) : shard(to) {}
    void connections(const config::Provider& provider, std::size_t active, std::size_t idle) override;
    void acquired(const config::Provider& provider, bool reused) override;
    observe::Shard& shard;
  };

  explicit State(Environment given);

  // What a failed attempt says about its target.
  void mark_health(std::size_t target, const AttemptFailure& failure, const Verdict& verdict);

  Environment environment;
  const config::Settings& settings;
  Random random;
  PoolMetrics pool_metrics;
  std::vector<std::unique_ptr<provider::Provider>> providers;  // by index in Settings
  std::vector<std::unique_ptr<upstream::Pool>> pools;          // likewise
  std::vector<const ledger::Price*> prices;                    // by target; null: unknown
  std::vector<TargetHealth> health;                            // by target
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
};

}  // namespace triaged::dispatch
