#include "routing/unicode.hpp"

#include <cstring>

namespace triaged::routing {

namespace {

// The base letters of U+00C0 to U+017F; '.' where there is none.
constexpr char32_t first_accented = 0xC0;
constexpr std::string_view base_letters =
    "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiii"
    "dnooooo.ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooo"
    "oooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(base_letters.size() == 0x180 - first_accented);

struct Range {
  char32_t first;
  char32_t last;
  Script script;
};

// In the order of how often they are asked for; whatever is in none of them is a letter of some other script.
constexpr Range ranges[] = {
    {0x4E00, 0x9FFF, Script::han},        {0x3400, 0x4DBF, Script::han},   {0x3040, 0x30FF, Script::kana},
    {0xAC00, 0xD7AF, Script::hangul},     {0x0964, 0x0965, Script::none},  {0x0966, 0x096F, Script::digit},
    {0x0900, 0x097F, Script::devanagari}, {0x2000, 0x2BFF, Script::none},  {0x3000, 0x303F, Script::none},
    {0xFF10, 0xFF19, Script::digit},      {0xFF00, 0xFF20, Script::none},  {0xFF5B, 0xFF65, Script::none},
    {0xFE00, 0xFE6F, Script::none},       {0xFEFF, 0xFEFF, Script::none},  {0xFFF0, 0xFFFF, Script::none},
    {0xE000, 0xF8FF, Script::none},       {0xF900, 0xFAFF, Script::han},   {0x20000, 0x3FFFF, Script::han},
    {0x1F000, 0x1FAFF, Script::none},     {0x1E00, 0x1EFF, Script::latin}, {0xE0000, 0x10FFFF, Script::none},
};

constexpr bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

}  // namespace

Character read_wide_character(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  std::size_t length = 0;
  char32_t code = 0;
  if (lead >= 0xC2U && lead <= 0xDFU) {
    length = 2;
    code = lead & 0x1FU;
  } else if ((lead & 0xF0U) == 0xE0U) {
    length = 3;
    code = lead & 0x0FU;
  } else if (lead >= 0xF0U && lead <= 0xF4U) {
    length = 4;
    code = lead & 0x07U;
  } else {
    return {};
  }
  if (at + length > text.size()) return {};
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte_at(text, at + i);
    if (!is_continuation(next)) return {};
    code = (code << 6U) | (next & 0x3FU);
  }
  return {code, length};
}

Script script_of_wide(char32_t code) {
  if (code < 0xC0 || code == 0xD7 || code == 0xF7) return Script::none;
  if (code < 0x250) return Script::latin;
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return range.script;
  }
  return Script::other;
}

char base_letter(char32_t code) {
  if (code < 0x80) {
    const char32_t small = code | 0x20U;
    return small >= 'a' && small <= 'z' ? static_cast<char>(small) : '\0';
  }
  if (code < first_accented || code >= first_accented + base_letters.size()) return '\0';
  const char letter = base_letters[code - first_accented];
  return letter == '.' ? '\0' : letter;
}

bool is_ascii(std::string_view text) {
  std::uint64_t high_bits = 0;
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    high_bits |= eight;
  }
  for (; at < text.size(); ++at) high_bits |= byte_at(text, at);
  return (high_bits & 0x8080'8080'8080'8080U) == 0;
}

std::size_t next_character_start(std::string_view text, std::size_t at) {
  // A character has at most three continuation bytes; more of them are no text, and any cut is as good as another.
  for (int i = 0; i < 3 && at < text.size() && is_continuation(byte_at(text, at)); ++i) ++at;
  return at;
}

}  // namespace triaged::routing
