#include "triaged/dispatch/breaker.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace triaged::dispatch {
namespace {

// cooldown * 2^(opened-1), at most cooldown_max; doubled step by step so that it cannot overflow.
Duration cooldown_after(std::uint32_t opened, const config::Breaker& settings) {
  Duration cooldown = settings.cooldown;
  const std::uint32_t doublings = std::min(opened, 64U);
  for (std::uint32_t i = 1; i < doublings; ++i) {
    if (cooldown > settings.cooldown_max / 2) return settings.cooldown_max;
    cooldown *= 2;
  }
  return std::min(cooldown, settings.cooldown_max);
}

}  // namespace

Breaker::State Breaker::state(TimePoint now) const {
  if (!open_) return State::closed;
  return now < open_until_ ? State::open : State::half_open;
}

bool Breaker::try_pass(TimePoint now) {
  switch (state(now)) {
    case State::closed: return true;
    case State::open: return false;
    case State::half_open: break;
  }
  if (probing_) return false;
  probing_ = true;
  return true;
}

void Breaker::on_success(TimePoint now) {
  // A request sent before the breaker opened may still succeed; that neither ends a pause the provider asked for nor
  // proves that new requests would pass.
  if (state(now) == State::open) return;
  consecutive_ = 0;
  opened_ = 0;
  probing_ = false;
  open_ = false;
  open_until_ = TimePoint{};
}

void Breaker::on_failure(TimePoint now) {
  // Late failures of requests sent before it opened are what it opened for: they do not lengthen the cooldown.
  if (open_ && !probing_) return;
  if (!open_ && ++consecutive_ < settings_.failures) return;
  consecutive_ = 0;
  probing_ = false;
  open_ = true;
  ++opened_;
  open_until_ = now + std::chrono::duration_cast<TimePoint::duration>(cooldown_after(opened_, settings_));
}

void Breaker::on_neutral() { probing_ = false; }

void Breaker::hold_off(TimePoint until) {
  open_until_ = open_ ? std::max(open_until_, until) : until;
  open_ = true;
  // If this was the probe's answer, the probe has ended.
  probing_ = false;
}

}  // namespace triaged::dispatch
