#include "triaged/quality/escalation_rate.hpp"

#include <algorithm>

namespace triaged::quality {

EscalationRate::EscalationRate(const config::Escalation& settings)
    : target_(settings.target), step_up_(settings.step_up), escalated_(std::max<std::size_t>(settings.window, 1)) {}

void EscalationRate::add(bool escalated) {
  escalated_[next_] = escalated;
  next_ = (next_ + 1) % escalated_.size();
  filled_ = std::min(filled_ + 1, escalated_.size());
  if (!step_up_) return;
  const std::size_t needed = std::min(least_answers, escalated_.size());
  if (stepped_up_) {
    stepped_up_ = filled_ < needed || share_of_last(std::min(filled_, looked_back_at)) > target_;
  } else if (filled_ >= needed && rate() > target_) {
    // What led here is not held against the route any longer: the low starts to come shall tell.
    stepped_up_ = true;
    filled_ = 0;
  }
}

bool EscalationRate::alarm() const {
  return stepped_up_ || (filled_ >= std::min(least_answers, escalated_.size()) && rate() > target_);
}

double EscalationRate::share_of_last(std::size_t count) const {
  if (count == 0) return 0;
  std::size_t escalated = 0;
  for (std::size_t back = 1; back <= count; ++back) {
    if (escalated_[(next_ + escalated_.size() - back) % escalated_.size()]) ++escalated;
  }
  return static_cast<double>(escalated) / static_cast<double>(count);
}

}  // namespace triaged::quality
