#include "dispatch/peak_ewma.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::dispatch {

double PeakEwma::kept(TimePoint now) const {
  const double passed = static_cast<double>(std::max(now - at_, TimePoint::duration::zero()).count());
  return std::exp(-passed / static_cast<double>(decay.count()));
}

void PeakEwma::observe(Duration took, TimePoint now) {
  const double fresh = static_cast<double>(std::max(took, Duration::zero()).count());
  const double share = kept(now);
  value_ = std::max(fresh, value_ * share + fresh * (1 - share));
  known_ = true;
  at_ = now;
}

std::optional<Duration> PeakEwma::value(TimePoint now) const {
  if (!known_) return std::nullopt;
  return Duration(static_cast<Duration::rep>(value_ * kept(now)));
}

std::optional<Duration> PeakEwma::latest() const { return value(at_); }

}  // namespace triaged::dispatch
