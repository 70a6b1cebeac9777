// The numbers behind the metrics. One thread writes a number, any thread reads it: relaxed atomics without locked
// instructions, so that counting costs a load and a store.
#pragma once

#include "triaged/base/clock.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace triaged::observe {

class Cell {
 public:
  void add(std::int64_t amount) { value_.store(read() + amount, std::memory_order_relaxed); }
  void set(std::int64_t amount) { value_.store(amount, std::memory_order_relaxed); }
  std::int64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

// Bounds of histograms, ascending. Ours are short lists of constants.
inline constexpr std::size_t max_bounds = 15;
using Bounds = std::span<const Duration>;
Bounds overhead_bounds();  // 50 us to 100 ms: what the gateway itself adds
Bounds latency_bounds();   // 10 ms to 10 min: what models take

// What a scrape reads, and what shards are summed up in.
struct HistogramSum {
  std::vector<std::int64_t> counts;  // per bucket, not cumulative; the last has no bound
  std::int64_t nanoseconds = 0;
};

class Histogram {
 public:
  explicit Histogram(Bounds bounds) : bounds_(bounds) {}
  void observe(Duration value);
  void add_to(HistogramSum& sum) const;
  Bounds bounds() const { return bounds_; }

 private:
  Bounds bounds_;
  std::array<Cell, max_bounds + 1> counts_;
  Cell nanoseconds_;
};

}  // namespace triaged::observe
