#include "dispatch/minute_use.hpp"

#include <algorithm>
#include <chrono>

namespace triaged::dispatch {
namespace {

std::int64_t second_of(TimePoint now) {
  return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

double share_of(std::int64_t used, std::int64_t limit) {
  return limit > 0 ? static_cast<double>(used) / static_cast<double>(limit) : 0;
}

}  // namespace

void MinuteUse::add(std::int64_t requests, std::int64_t tokens, TimePoint now) {
  const std::int64_t number = second_of(now);
  Second& second = ring_[static_cast<std::size_t>(number) % seconds];
  if (second.number != number) second = Second{number, 0, 0};
  second.requests += requests;
  second.tokens += tokens;
}

double MinuteUse::share(std::int64_t rpm, std::int64_t tpm, TimePoint now) const {
  if (rpm <= 0 && tpm <= 0) return 0;
  const std::int64_t oldest = second_of(now) - static_cast<std::int64_t>(seconds) + 1;
  std::int64_t requests = 0;
  std::int64_t tokens = 0;
  for (const Second& second : ring_) {
    if (second.number < oldest) continue;
    requests += second.requests;
    tokens += second.tokens;
  }
  return std::max(share_of(requests, rpm), share_of(tokens, tpm));
}

}  // namespace triaged::dispatch
