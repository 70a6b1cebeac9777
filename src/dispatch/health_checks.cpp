#include "dispatch/health_checks.hpp"

#include "triaged/upstream/exchange.hpp"

#include <string>
#include <utility>

namespace triaged::dispatch {
namespace {

// A list of models is some hundred kilobytes at most; the status alone is what counts.
constexpr std::size_t largest_answer = 1U << 20U;

}  // namespace

HealthChecks::HealthChecks(Dispatcher::State& state) : state_(state), tasks_(state.environment.executor) {}

void HealthChecks::start() {
  if (std::exchange(started_, true)) return;
  for (std::size_t i = 0; i < state_.settings.providers.size(); ++i) {
    if (state_.settings.providers[i].health.path.empty()) continue;
    Watch& added = *watches_.emplace_back(std::make_unique<Watch>(i, state_.environment.executor));
    tasks_.spawn("health check", watch(added));
  }
}

net::Task<void> HealthChecks::stopped() {
  stopping_ = true;
  for (const auto& each : watches_) {
    each->timer.cancel();
    if (each->wake) each->wake();
  }
  return tasks_.wait();
}

net::Task<void> HealthChecks::watch(Watch& watch) {
  const config::HealthCheck& settings = state_.settings.providers[watch.provider].health;
  while (!stopping_) {
    const bool well = co_await check(watch);
    if (stopping_) co_return;
    tell(watch.provider, well);
    watch.timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(settings.interval));
    co_await watch.timer.async_wait(net::as_result);
  }
}

// Any status below 500 will do: a provider that asks for a key is there.
net::Task<bool> HealthChecks::check(Watch& watch) {
  const config::HealthCheck& settings = state_.settings.providers[watch.provider].health;
  const Deadline deadline = Deadline::in(settings.timeout, state_.environment.clock->now());
  Result<upstream::Lease> lease =
      co_await state_.pools[watch.provider]->acquire(deadline, upstream::Pool::Use::fresh, watch.wake);
  watch.wake = nullptr;
  // Full of our own requests: that is no sign of a provider that is away.
  if (!lease) co_return lease.error().kind == ErrorKind::overloaded;
  upstream::Exchange exchange(std::move(*lease));
  watch.wake = [&exchange] { exchange.cancel(); };
  const std::string head = state_.providers[watch.provider]->build_get(settings.path);
  const net::asio::const_buffer buffer = net::asio::buffer(head);
  Result<void> step = co_await exchange.send(net::Buffers(&buffer, 1), deadline);
  if (step) step = co_await exchange.read_head(deadline, ErrorKind::head_timeout);
  const bool well = step && exchange.status() < 500;
  std::string body;
  bool over = false;
  while (well && !over && body.size() < largest_answer) {
    const Result<bool> got = co_await exchange.read_body(body, deadline, ErrorKind::idle_timeout);
    if (!got) break;
    over = *got;
  }
  watch.wake = nullptr;
  if (over) exchange.release();
  co_return well;
}

void HealthChecks::tell(std::size_t provider, bool well) {
  const config::HealthCheck& settings = state_.settings.providers[provider].health;
  for (std::size_t target = 0; target < state_.settings.targets.size(); ++target) {
    if (state_.settings.targets[target].provider == provider) state_.on_checked(target, well, settings);
  }
}

}  // namespace triaged::dispatch
