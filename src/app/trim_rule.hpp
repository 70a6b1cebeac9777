// When to give freed memory back to the system. The allocator keeps what thousands of streams used, in pieces between
// what is still in use, and would not return it by itself. Trimming costs some milliseconds, so there has to be
// something to gain: at least half of many connections gone. Then several times with growing pauses, because what went
// with them (idle upstream connections) is closed later.
#pragma once

#include <cstddef>
#include <cstdint>

namespace triaged::app {

class TrimRule {
 public:
  bool trim(std::size_t open);  // asked every few seconds

 private:
  std::size_t most_ = 0;     // open since the last time
  std::uint32_t round_ = 0;  // of trimming, 0: none is due
  std::uint32_t pause_ = 0;  // turns until the next one
};

}  // namespace triaged::app
