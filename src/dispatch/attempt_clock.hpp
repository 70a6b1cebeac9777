// The clocks of one attempt as a machine without timers: it is told what happened, and says how long to wait for what
// comes next and what it means if that does not come.
#pragma once

#include "triaged/base/deadline.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"

#include <cstdint>

namespace triaged::dispatch {

class AttemptClock {
 public:
  struct Wait {
    Deadline until;
    ErrorKind late = ErrorKind::total_timeout;
  };

  // `clocks` outlives it. `streamed`: a stream was asked for, which owes its head no later than its first content; a
  // whole answer may be thought out before its head.
  AttemptClock(const config::Clocks& clocks, bool streamed, TimePoint started);

  void on_sent(TimePoint now) { sent_ = now; }
  // Something came. `characters` is all that the answer's content has so far: 0 before the first.
  void on_bytes(std::uint64_t characters, bool has_content, TimePoint now);

  // Nothing was read in between, because the client had to be waited for.
  void on_pause(TimePoint from, TimePoint to) { window_begin_ += to - from; }

  Wait for_connection() const;
  Wait for_sending() const { return total(); }
  Wait for_head() const;
  Wait for_more(TimePoint now) const;  // of the body, when the wait begins now

  TimePoint started() const { return started_; }
  TimePoint sent() const { return sent_; }

 private:
  Wait total() const { return {Deadline::in(clocks_.total, started_), ErrorKind::total_timeout}; }
  static Wait sooner(Wait one, Wait other) { return other.until.at() < one.until.at() ? other : one; }
  Wait for_rate() const;

  const config::Clocks& clocks_;
  bool streamed_;
  TimePoint started_;
  TimePoint sent_;
  bool has_content_ = false;
  // The stretch of time that the rate is being measured over.
  TimePoint window_begin_{};
  std::uint64_t characters_before_ = 0;  // when it began
  std::uint64_t characters_ = 0;
};

}  // namespace triaged::dispatch
