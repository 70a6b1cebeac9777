// The character classes of RFC 9110 that several files of this layer need.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace triaged::wire {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}

inline bool is_token_character(char c) {
  static constexpr std::array<bool, 256> table = make_token_table();
  return table[static_cast<unsigned char>(c)];
}

inline bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_token_character(c); });
}

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Control characters but not a tab: what no field value may hold.
inline bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

// Whether one may stand in `text`; a tab counts too. Looks at eight bytes at a time: every value of every head that is
// written goes through here.
inline bool may_hold_control(std::string_view text) {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101U;
  constexpr std::uint64_t high = 0x80U * each;
  std::uint64_t found = 0;
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    const std::uint64_t deleted = eight ^ (0x7FU * each);
    found |= ((eight - 0x20U * each) & ~eight) | ((deleted - each) & ~deleted);
  }
  if ((found & high) != 0) return true;
  return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                     [](char c) { return is_control(c) || c == '\t'; });
}

}  // namespace triaged::wire
