// When a second attempt may be sent beside a slow first one. Pure: time is handed in.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/config/settings.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace triaged::dispatch {

// How long a target's last answers took to their first content.
class FirstContentTimes {
 public:
  static constexpr std::size_t kept = 128;
  static constexpr std::size_t needed = 20;  // before a percentile means anything

  void add(Duration time);
  std::size_t size() const { return size_; }
  // The 95th percentile, by nearest rank; none while fewer than `needed` are known.
  std::optional<Duration> p95() const;

 private:
  std::array<Duration, kept> times_{};
  std::size_t size_ = 0;
  std::size_t next_ = 0;
};

// Hedges are paid for out of what requests put in, so that a slow provider does not double the load.
class HedgeBudget {
 public:
  void on_request(double share);  // Hedge::budget
  bool try_take();

 private:
  static constexpr double most = 10;  // saved up at most: a burst of so many
  double left_ = 1;
};

// How long the first attempt is waited for alone. None: the request is not hedged.
std::optional<Duration> hedge_after(const config::Hedge& hedge, const FirstContentTimes& times);

}  // namespace triaged::dispatch
