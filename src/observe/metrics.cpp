#include "triaged/observe/metrics.hpp"

#include "triaged/base/log.hpp"

#include "observe/exposition.hpp"
#include "observe/families.hpp"
#include "observe/worker_shard.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace triaged::observe {
namespace {

constexpr std::size_t max_series_of_a_shard = 10'000;

struct Gauge {
  std::string name;
  std::string help;
  std::function<double()> value;
};

}  // namespace

struct Metrics::State {
  std::vector<std::unique_ptr<WorkerShard>> shards;
  mutable std::mutex mutex;  // of `gauges`
  std::vector<Gauge> gauges;
};

Metrics::Metrics(std::size_t workers) : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < workers; ++i) {
    state_->shards.push_back(std::make_unique<WorkerShard>(max_series_of_a_shard));
  }
}

Metrics::~Metrics() = default;

Shard& Metrics::shard(std::size_t worker) { return *state_->shards.at(worker); }

std::size_t Metrics::connections(std::size_t worker) const {
  return static_cast<std::size_t>(std::max<std::int64_t>(state_->shards.at(worker)->connections(), 0));
}

std::int64_t Metrics::in_flight() const {
  std::int64_t sum = 0;
  for (const auto& shard : state_->shards) sum += shard->in_flight();
  return sum;
}

void Metrics::add_gauge(std::string name, std::string help, std::function<double()> value) {
  const std::lock_guard lock(state_->mutex);
  state_->gauges.push_back({std::move(name), std::move(help), std::move(value)});
}

std::string Metrics::render() const {
  Exposition out;
  for (const Family& family : families()) out.declare(family);
  for (const auto& shard : state_->shards) shard->collect(out);
  out.add(names::log_dropped, {}, static_cast<std::int64_t>(dropped_log_lines()));
  std::vector<Gauge> gauges;  // called without the lock: they may ask us something
  {
    const std::lock_guard lock(state_->mutex);
    gauges = state_->gauges;
  }
  for (const Gauge& gauge : gauges) out.add_ready(gauge.name, gauge.help, gauge.value());
  return out.text();
}

}  // namespace triaged::observe
