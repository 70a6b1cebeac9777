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

bool Breaker::may_pass(TimePoint now) const {
  const State at = state(now);
  return at == State::closed || (at == State::half_open && !probing_);
}

bool Breaker::try_pass(TimePoint now) {
  if (!may_pass(now)) return false;
  probing_ = open_;
  return true;
}

void Breaker::on_success(TimePoint now) {
  // A request sent before the breaker opened may still succeed; that neither ends a pause the provider asked for nor
  // proves that new requests would pass.
  if (state(now) == State::open) return;
  consecutive_ = 0;
  count(false, now);
  if (open_) close(now);
}

void Breaker::on_failure(TimePoint now) {
  // Late failures of requests sent before it opened are what it opened for: they do not lengthen the cooldown.
  if (open_ && !probing_) return;
  if (!open_) {
    count(true, now);
    if (++consecutive_ < settings_.failures && !fails_too_often(now)) return;
  }
  consecutive_ = 0;
  probing_ = false;
  open_ = true;
  cause_ = Cause::failures;
  ++opened_;
  open_until_ = now + std::chrono::duration_cast<TimePoint::duration>(cooldown_after(opened_, settings_));
}

void Breaker::on_neutral() { probing_ = false; }

void Breaker::hold_off(TimePoint until) {
  open_until_ = open_ ? std::max(open_until_, until) : until;
  open_ = true;
  cause_ = Cause::hold;
  // If this was the probe's answer, the probe has ended.
  probing_ = false;
}

void Breaker::on_check_failed(TimePoint until) {
  if (!open_) cause_ = Cause::check;
  open_until_ = open_ ? std::max(open_until_, until) : until;
  open_ = true;
  probing_ = false;  // what a probe under way will say is late
}

void Breaker::on_check_passed(TimePoint now) {
  if (!open_ || cause_ == Cause::hold) return;
  if (cause_ == Cause::check)
    close(now);
  else
    open_until_ = std::min(open_until_, now);
}

// What failed before it closed says nothing about how it goes from now on.
void Breaker::close(TimePoint now) {
  consecutive_ = 0;
  opened_ = 0;
  probing_ = false;
  open_ = false;
  open_until_ = TimePoint{};
  recent_.fill(Slot());
  back_since_ = now;
}

std::int64_t Breaker::slot_number(TimePoint now) const {
  const auto step = std::max<Duration::rep>(settings_.window.count() / static_cast<Duration::rep>(recent_.size()), 1);
  return std::chrono::duration_cast<Duration>(now.time_since_epoch()).count() / step;
}

void Breaker::count(bool failed, TimePoint now) {
  const std::int64_t number = slot_number(now);
  Slot& slot = recent_[static_cast<std::size_t>(number) % recent_.size()];
  if (slot.number != number) slot = Slot{number, 0, 0};
  ++slot.attempts;
  slot.failures += failed ? 1 : 0;
}

// With a share of 1 only failures in a row count: that is what the other rule is for.
bool Breaker::fails_too_often(TimePoint now) const {
  if (settings_.failure_rate >= 1) return false;
  const std::int64_t oldest = slot_number(now) - static_cast<std::int64_t>(recent_.size()) + 1;
  std::uint32_t attempts = 0;
  std::uint32_t failures = 0;
  for (const Slot& slot : recent_) {
    if (slot.number < oldest) continue;
    attempts += slot.attempts;
    failures += slot.failures;
  }
  return attempts >= settings_.least_attempts &&
         static_cast<double>(failures) >= settings_.failure_rate * static_cast<double>(attempts);
}

}  // namespace triaged::dispatch
