#include "dispatch/hedging.hpp"

#include <algorithm>

namespace triaged::dispatch {

void FirstContentTimes::add(Duration time) {
  times_[next_] = time;
  next_ = (next_ + 1) % kept;
  size_ = std::min(size_ + 1, kept);
}

std::optional<Duration> FirstContentTimes::p95() const {
  if (size_ < needed) return std::nullopt;
  std::array<Duration, kept> sorted = times_;
  const std::size_t rank = (size_ * 95 + 99) / 100 - 1;
  const auto begin = sorted.begin();
  std::nth_element(begin, begin + static_cast<std::ptrdiff_t>(rank), begin + static_cast<std::ptrdiff_t>(size_));
  return sorted[rank];
}

void HedgeBudget::on_request(double share) { left_ = std::min(left_ + share, most); }

bool HedgeBudget::try_take() {
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

std::optional<Duration> hedge_after(const config::Hedge& hedge, const FirstContentTimes& times) {
  if (!hedge.enabled) return std::nullopt;
  if (hedge.after > Duration::zero()) return std::max(hedge.after, hedge.least);
  const std::optional<Duration> measured = times.p95();
  if (!measured) return std::nullopt;
  return std::max(*measured, hedge.least);
}

}  // namespace triaged::dispatch
