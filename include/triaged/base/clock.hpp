// Time. Decisions never read a clock themselves: they are handed time points, so that tests inject them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace triaged {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::steady_clock::time_point;            // deadlines, latencies
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  // only for records and logs

// The two clocks a running process needs. A reference to one is handed to whoever needs it; any thread may read.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual WallTime wall() const = 0;
};

const Clock& system_clock();

// For tests: stands still until moved. Any thread may read while one moves it.
class ManualClock final : public Clock {
 public:
  TimePoint now() const override { return TimePoint(std::chrono::seconds(1'000)) + passed_.load(); }
  WallTime wall() const override {
    return WallTime(std::chrono::seconds(1'700'000'000)) +
           std::chrono::duration_cast<WallTime::duration>(passed_.load());
  }
  void advance(Duration by) { passed_.store(passed_.load() + std::chrono::duration_cast<TimePoint::duration>(by)); }

 private:
  std::atomic<TimePoint::duration> passed_{TimePoint::duration::zero()};
};

}  // namespace triaged
