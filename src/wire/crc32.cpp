#include "wire/crc32.hpp"

#include <array>
#include <cstddef>

namespace triaged::wire {
namespace {

constexpr std::uint32_t polynomial = 0xEDB88320U;  // reflected
constexpr std::size_t slices = 8;
using Table = std::array<std::array<std::uint32_t, 256>, slices>;

// The first row is that of a byte; each further one that of a byte with one more byte of zeros behind it.
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? polynomial : 0U);
    table[0][byte] = rest;
  }
  for (std::size_t slice = 1; slice < slices; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = table[slice - 1][byte];
      table[slice][byte] = (before >> 8U) ^ table[0][before & 0xFFU];
    }
  }
  return table;
}

constexpr Table table = make_table();

std::uint32_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t rest = 0xFFFFFFFFU;
  std::size_t at = 0;
  for (; at + slices <= bytes.size(); at += slices) {
    const std::uint32_t low = rest ^ (byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U |
                                      byte_at(bytes, at + 2) << 16U | byte_at(bytes, at + 3) << 24U);
    rest = table[7][low & 0xFFU] ^ table[6][low >> 8U & 0xFFU] ^ table[5][low >> 16U & 0xFFU] ^ table[4][low >> 24U] ^
           table[3][byte_at(bytes, at + 4)] ^ table[2][byte_at(bytes, at + 5)] ^ table[1][byte_at(bytes, at + 6)] ^
           table[0][byte_at(bytes, at + 7)];
  }
  for (; at < bytes.size(); ++at) rest = (rest >> 8U) ^ table[0][(rest ^ byte_at(bytes, at)) & 0xFFU];
  return ~rest;
}

}  // namespace triaged::wire
