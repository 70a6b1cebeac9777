#include "triaged/base/ids.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <random>

namespace triaged {
namespace {

constexpr std::string_view prefix = "req_";
constexpr std::string_view digits = "0123456789abcdef";

std::optional<std::uint8_t> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

// splitmix64 (Steele, Lea, Flood): spreads one seed over the state, so that near seeds give unlike sequences.
std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E37'79B9'7F4A'7C15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
  return z ^ (z >> 31U);
}

}  // namespace

RequestId RequestId::make(WallTime now, std::uint64_t random_high, std::uint64_t random_low) {
  const auto since_epoch = now.time_since_epoch().count();
  const auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(since_epoch, 0));
  // RFC 9562, section 5.7: 48 bits of time, version 7, 12 random bits; variant 10, 62 random bits.
  const std::uint64_t high = (milliseconds << 16U) | 0x7000U | (random_high & 0x0FFFU);
  const std::uint64_t low = 0x8000'0000'0000'0000U | (random_low >> 2U);
  RequestId id;
  for (std::size_t i = 0; i < 8; ++i) {
    const auto shift = static_cast<unsigned>(56 - 8 * i);
    id.bytes_[i] = static_cast<std::uint8_t>(high >> shift);
    id.bytes_[i + 8] = static_cast<std::uint8_t>(low >> shift);
  }
  return id;
}

std::optional<RequestId> RequestId::parse(std::string_view text) {
  RequestId id;
  if (text.size() != prefix.size() + 2 * id.bytes_.size() || !text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  for (std::size_t i = 0; i < id.bytes_.size(); ++i) {
    const std::optional<std::uint8_t> high = hex_value(text[2 * i]);
    const std::optional<std::uint8_t> low = hex_value(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>((*high << 4U) | *low);
  }
  return id;
}

std::string RequestId::text() const {
  std::array<char, prefix.size() + 2 * sizeof bytes_> text;
  char* to = std::copy(prefix.begin(), prefix.end(), text.begin());
  for (const std::uint8_t byte : bytes_) {
    *to++ = digits[byte >> 4U];
    *to++ = digits[byte & 0x0FU];
  }
  return std::string(text.data(), text.size());
}

Random::Random(std::uint64_t seed) : state_{} {
  for (std::uint64_t& word : state_) word = split_mix(seed);
}

Random Random::from_entropy() {
  std::random_device source;
  const std::uint64_t high = source();
  return Random((high << 32U) | source());
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::unit() {
  // 53 bits are what a double holds exactly.
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

}  // namespace triaged
