#include "quality/words.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace triaged::quality {

namespace {

constexpr std::size_t most_characters = 40;
constexpr std::size_t most_bytes = 96;  // of what is written: escapes are six times as long

// How many bytes the character at `at` takes as its first byte says, within the text.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U && end - at < 4) ++end;
  return end - at;
}

std::uint32_t code_point(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  std::uint32_t code = first & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

void append_escape(std::string& out, std::uint32_t code) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += code > 0xFFFF ? "\\U" : "\\u";
  for (int shift = code > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
    out += digits[code >> static_cast<unsigned>(shift) & 15U];
}

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < most_characters && out.size() < most_bytes; ++count) {
    const std::size_t bytes = character_bytes(text, at);
    const char c = text[at];
    if (c == '\n' || c == '\t' || c == '\r') {
      out += ' ';
    } else if (c == '"') {
      out += '\'';
    } else if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      append_escape(out, code_point(text.substr(at, bytes)));
    }
    at += c >= 0 ? 1 : bytes;
  }
  if (at < text.size()) out += "...";
  out += '"';
  return out;
}

std::string two_decimals(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 2);
  return {digits.data(), end.ptr};
}

}  // namespace triaged::quality
