#include "triaged/dispatch/dispatcher.hpp"

#include "triaged/dispatch/pricing.hpp"

#include "dispatch/dispatcher_state.hpp"
#include "dispatch/health_checks.hpp"
#include "dispatch/pass_run.hpp"
#include "dispatch/request_run.hpp"

#include <algorithm>
#include <utility>

namespace triaged::dispatch {

void Dispatcher::State::PoolMetrics::connections(const config::Provider& provider, std::int64_t more_active,
                                                 std::int64_t more_idle) {
  shard.upstream_connections(provider.name, more_active, more_idle);
}

void Dispatcher::State::PoolMetrics::acquired(const config::Provider& provider, bool reused) {
  shard.upstream_reused(provider.name, reused);
}

Dispatcher::State::State(Environment given)
    : environment(std::move(given)),
      settings(*environment.settings),
      random(Random::from_entropy()),
      pool_metrics(*environment.metrics),
      prices(prices_of(settings, *environment.prices)),
      told_open(settings.targets.size()),
      loads(settings.targets.size()),
      refuses_probabilities(settings.targets.size()),
      escalations(settings),
      refuses_prefill(settings.targets.size()),
      first_content_times(settings.targets.size()),
      heartbeats(environment.executor, *environment.clock, settings.streams.heartbeat),
      lengths(settings.targets.size(), routing::task_type_count) {
  for (const config::Provider& each : settings.providers) {
    providers.push_back(provider::make_provider(each));
    pools.push_back(std::make_unique<upstream::Pool>(environment.executor, each, *environment.resolver,
                                                     *environment.clock, pool_metrics));
  }
  for (const config::Gate& gate : settings.quality.gates) checkers.emplace_back(gate);
  own_styles.assign(settings.targets.size(), provider::OwnStyle::classic);
  for (std::size_t i = 0; i < settings.targets.size(); ++i)
    health.emplace_back(settings.breaker, settings.retry.budget);
  for (const config::Target& each : settings.targets) key_rings.emplace_back(providers[each.provider]->keys());
  health_checks = std::make_unique<HealthChecks>(*this);
}

Dispatcher::State::~State() {
  for (std::size_t target = 0; target < told_open.size(); ++target) {
    if (told_open[target]) environment.metrics->breaker(settings.targets[target].name, false);
  }
}

Dispatcher::Dispatcher(Environment environment) : state_(std::make_unique<State>(std::move(environment))) {}
Dispatcher::~Dispatcher() = default;

bool Dispatcher::translates(const chat::Request& request, const routing::Plan& plan) const {
  return std::any_of(plan.candidates.begin(), plan.candidates.end(), [&](const routing::Candidate& candidate) {
    const std::size_t provider = state_->settings.targets[candidate.target].provider;
    return state_->providers[provider]->codec(request.dialect).dialect() != request.dialect;
  });
}

net::Task<Finished> Dispatcher::run(const Job& job, Reply& reply) {
  state_->health_checks->start();
  RequestRun run(*state_, job, reply);
  co_await run.run();
  co_return run.finished();
}

net::Task<Passed> Dispatcher::pass(const PassJob& job, PassClient& client) {
  PassRun run(*state_, job, client);
  Passed passed = co_await run.run();
  co_return passed;
}

void Dispatcher::close_idle() {
  for (const auto& pool : state_->pools) pool->close_idle();
}

net::Task<void> Dispatcher::stopped() {
  co_await state_->heartbeats.stopped();
  co_await state_->health_checks->stopped();
  for (const auto& pool : state_->pools) co_await pool->stopped();
}

}  // namespace triaged::dispatch
