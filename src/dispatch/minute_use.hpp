// What a target was sent within the last minute, counted in steps of a second. Time is handed in.
#pragma once

#include "triaged/base/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace triaged::dispatch {

class MinuteUse {
 public:
  void add(std::int64_t requests, std::int64_t tokens, TimePoint now);
  // The larger of the shares of both limits that are used up; a limit of 0 is none.
  double share(std::int64_t rpm, std::int64_t tpm, TimePoint now) const;

 private:
  static constexpr std::size_t seconds = 60;
  struct Second {
    std::int64_t number = -1;  // of the clock; what is older than a minute does not count
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
  };
  std::array<Second, seconds> ring_{};
};

}  // namespace triaged::dispatch
