#include "dispatch/attempt_clock.hpp"

#include <algorithm>

namespace triaged::dispatch {
namespace {

// A stream tells characters, its limit is in tokens. Four to a token is what English has; scripts with fewer are only
// judged more leniently.
constexpr double characters_per_token = 4;

std::uint64_t owed_characters(const config::Clocks& clocks) {
  const double seconds = std::chrono::duration<double>(clocks.rate_window).count();
  return static_cast<std::uint64_t>(std::min(clocks.min_rate * characters_per_token * seconds, 1e15));
}

}  // namespace

AttemptClock::AttemptClock(const config::Clocks& clocks, bool streamed, TimePoint started)
    : clocks_(clocks), streamed_(streamed), started_(started), sent_(started) {}

void AttemptClock::on_bytes(std::uint64_t characters, bool has_content, TimePoint now) {
  characters_ = characters;
  if (!has_content) return;
  if (!has_content_) {
    has_content_ = true;
    window_begin_ = now;
    characters_before_ = characters;
    return;
  }
  // A window that is over brought what it owed, or for_more() would have ended the attempt.
  const auto window = std::chrono::duration_cast<TimePoint::duration>(clocks_.rate_window);
  if (now - window_begin_ < window) return;
  window_begin_ = now;
  characters_before_ = characters;
}

AttemptClock::Wait AttemptClock::for_connection() const {
  return sooner(total(), {Deadline::in(clocks_.connect, started_), ErrorKind::connect_timeout});
}

AttemptClock::Wait AttemptClock::for_head() const {
  const Wait head = sooner(total(), {Deadline::in(clocks_.head, sent_), ErrorKind::head_timeout});
  if (!streamed_) return head;
  return sooner(head, {Deadline::in(clocks_.first_content, sent_), ErrorKind::head_timeout});
}

AttemptClock::Wait AttemptClock::for_more(TimePoint now) const {
  const Wait idle = sooner(total(), {Deadline::in(clocks_.idle, now), ErrorKind::idle_timeout});
  if (!streamed_) return idle;
  if (!has_content_) {
    return sooner(total(), {Deadline::in(clocks_.first_content, sent_), ErrorKind::first_content_timeout});
  }
  return sooner(idle, for_rate());
}

// Until the end of the window if that still owes something, else until the end of the next one: no stream that keeps
// its rate is ever interrupted.
AttemptClock::Wait AttemptClock::for_rate() const {
  const std::uint64_t owed = owed_characters(clocks_);
  if (owed == 0) return {Deadline(), ErrorKind::too_slow};
  const bool met = characters_ - characters_before_ >= owed;
  const auto window = std::chrono::duration_cast<TimePoint::duration>(clocks_.rate_window);
  return {Deadline(window_begin_ + (met ? 2 * window : window)), ErrorKind::too_slow};
}

}  // namespace triaged::dispatch
