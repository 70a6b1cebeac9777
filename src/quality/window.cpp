#include "triaged/quality/window.hpp"

#include <algorithm>
#include <limits>

namespace triaged::quality {

namespace {

constexpr std::int64_t characters_per_token = 4;
constexpr std::int64_t first_look = 32;  // "I'm sorry, but I can't help with"

}  // namespace

Window::Window(const config::Gate& gate)
    : limit_(gate.buffered ? std::numeric_limits<std::int64_t>::max() : gate.hold_tokens * characters_per_token),
      wait_(gate.buffered ? Duration::max() : gate.hold_time),
      next_look_(first_look) {}

WindowStep Window::next(const Held& held) {
  if (decided_) return WindowStep::release;
  if (held.finished || held.characters >= limit_ || held.since_first_content >= wait_) {
    decided_ = true;
    return WindowStep::decide;
  }
  if (held.characters < next_look_) return WindowStep::hold;
  next_look_ = std::max(next_look_, held.characters) * 2;
  return WindowStep::look;
}

}  // namespace triaged::quality
