// Lenient UTF-8 reading and the coarse script classes that routing needs. Invalid bytes read as one separator each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace triaged::routing {

constexpr char32_t not_a_character = 0xFFFD;

struct Character {
  char32_t code = not_a_character;
  std::size_t bytes = 1;
};

Character read_wide_character(std::string_view text, std::size_t at);

// `at` must be inside `text`.
inline Character read_character(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead < 0x80U ? Character{lead, 1} : read_wide_character(text, at);
}

enum class Script : std::uint8_t {
  none,   // punctuation, spaces, symbols
  latin,  // letters with or without accents
  digit,
  han,   // written without spaces: each character is a word
  kana,  // the same
  hangul,
  devanagari,
  other,  // Cyrillic, Arabic, Thai ...
};
Script script_of_wide(char32_t code);

// By byte, `none` for what is not ASCII: most text is nothing else, and it is looked at several times.
constexpr std::array<Script, 256> ascii_scripts = [] {
  std::array<Script, 256> scripts{};
  for (unsigned c = '0'; c <= '9'; ++c) scripts[c] = Script::digit;
  for (unsigned c = 'a'; c <= 'z'; ++c) scripts[c] = Script::latin;
  for (unsigned c = 'A'; c <= 'Z'; ++c) scripts[c] = Script::latin;
  return scripts;
}();

inline Script ascii_script(char c) { return ascii_scripts[static_cast<unsigned char>(c)]; }
inline Script script_of(char32_t code) { return code < 0x80 ? ascii_scripts[code] : script_of_wide(code); }

// ASCII letter of a Latin letter without case and accents ('a' for U+00C1); 0 if it has none.
char base_letter(char32_t code);

bool is_ascii(std::string_view text);

// Moves `at` forward to the next byte that starts a character, by three bytes at most.
std::size_t next_character_start(std::string_view text, std::size_t at);

}  // namespace triaged::routing
