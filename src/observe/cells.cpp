#include "observe/cells.hpp"

#include <algorithm>

namespace triaged::observe {
namespace {

using namespace std::chrono_literals;

constexpr std::array<Duration, 11> overhead = {50us, 100us, 250us, 500us, 1ms, 2500us, 5ms, 10ms, 25ms, 50ms, 100ms};
constexpr std::array<Duration, 15> latency = {10ms, 25ms, 50ms, 100ms, 250ms, 500ms, 1s,   2500ms,
                                              5s,   10s,  30s,  1min,  2min,  5min,  10min};
static_assert(overhead.size() <= max_bounds && latency.size() <= max_bounds);

}  // namespace

Bounds overhead_bounds() { return overhead; }
Bounds latency_bounds() { return latency; }

void Histogram::observe(Duration value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].add(1);
  nanoseconds_.add(std::max<std::int64_t>(value.count(), 0));
}

void Histogram::add_to(HistogramSum& sum) const {
  sum.counts.resize(bounds_.size() + 1);
  for (std::size_t bucket = 0; bucket <= bounds_.size(); ++bucket) sum.counts[bucket] += counts_[bucket].read();
  sum.nanoseconds += nanoseconds_.read();
}

}  // namespace triaged::observe
