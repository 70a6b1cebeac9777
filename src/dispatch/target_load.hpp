// What a worker knows of a target's load and speed, for the balancer.
#pragma once

#include "triaged/base/clock.hpp"

#include "dispatch/minute_use.hpp"
#include "dispatch/peak_ewma.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace triaged::dispatch {

struct TargetLoad {
  std::size_t in_flight = 0;
  // Time to first content, of whole answers and of streams: a whole answer has its first content at its end.
  std::array<PeakEwma, 2> latency;
  MinuteUse use;

  // What the next one would take. It fades only while nobody is under way who will tell: one at a time asks a slow
  // target how it is now, not everybody until the first is back.
  std::optional<Duration> expected(bool stream, TimePoint now) const {
    const PeakEwma& known = latency[stream ? 1 : 0];
    return in_flight == 0 ? known.value(now) : known.latest();
  }
};

// Whose turn an attempt is: what pays for it.
enum class Turn : std::uint8_t {
  first,    // of its request
  again,    // of the request's that did not count: an idle connection had been closed
  further,  // after another one failed: the target's retry budget
  beside,   // while another one runs: the hedge budget
};

// An attempt, as what its target's health and load are told by.
struct Asked {
  std::size_t target = 0;
  Turn turn = Turn::first;
  bool stream = false;
  std::size_t key = 0;  // of its provider's
  TimePoint since{};
};

}  // namespace triaged::dispatch
