// Request ids: 128 bits, time-ordered (RFC 9562 UUID version 7), written as "req_" and 32 hexadecimal digits.
#pragma once

#include "triaged/base/clock.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged {

class RequestId {
 public:
  RequestId() = default;
  static RequestId make(WallTime now, std::uint64_t random_high, std::uint64_t random_low);
  static std::optional<RequestId> parse(std::string_view text);
  static RequestId from_bytes(const std::array<std::uint8_t, 16>& bytes) {
    RequestId id;
    id.bytes_ = bytes;
    return id;
  }

  std::string text() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  friend auto operator<=>(const RequestId&, const RequestId&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// A small fast generator (xoshiro256**, Blackman & Vigna, public domain). One per worker; not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed);
  static Random from_entropy();
  std::uint64_t next();
  double unit();  // [0, 1)

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace triaged
