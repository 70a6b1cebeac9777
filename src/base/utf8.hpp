// One step of UTF-8 decoding, shared by the validity check and by what makes bytes safe to print.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace triaged {

inline bool utf8_continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80U;
}

// How many bytes the character that starts at `at` has (1 to 4); 0 if no valid character starts there. Overlong forms,
// surrogates and values over U+10FFFF are invalid (RFC 3629, section 4).
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<std::uint8_t>(text[at]);
  if (first < 0x80) return 1;
  if (first < 0xC2 || !utf8_continues(text, at + 1)) return 0;
  if (first < 0xE0) return 2;
  const auto second = static_cast<std::uint8_t>(text[at + 1]);
  if (!utf8_continues(text, at + 2)) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first > 0xF4 || !utf8_continues(text, at + 3)) return 0;
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool too_large = first == 0xF4 && second >= 0x90;
  return overlong || too_large ? 0 : 4;
}

}  // namespace triaged
