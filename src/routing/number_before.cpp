#include "routing/number_before.hpp"

#include <algorithm>

namespace triaged::routing {

namespace {

constexpr double most = 1e6;
constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr std::string_view narrow_space = "\xE2\x80\xAF";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

bool is_number(const Words& words, std::size_t i) { return (words[i].flags & word_flag::number) != 0; }

// What stands between the digits of word `i` and the next word.
std::string_view gap_behind(std::string_view text, const Words& words, std::size_t i) {
  const std::size_t end = words[i].begin + digits_from(text, words[i].begin);
  const std::size_t next = words[i + 1].begin;
  return next < end ? std::string_view{} : text.substr(end, next - end);
}

bool is_separator(std::string_view gap) {
  return gap == "," || gap == "." || gap == "'" || gap == "\xE2\x80\x99" || gap == no_break_space ||
         gap == narrow_space;
}

bool ties(std::string_view gap) {
  return gap.empty() || gap == " " || gap == "-" || gap == "  " || gap == no_break_space || gap == narrow_space ||
         gap == "\xE2\x80\x90" || gap == "\xE2\x80\x91";
}

}  // namespace

std::optional<WrittenNumber> number_at(std::string_view text, const Words& words, std::size_t last) {
  if (!is_number(words, last)) return std::nullopt;
  std::size_t first = last;
  std::string_view separator;
  while (first > 0 && first != words.tail_begin() && is_number(words, first - 1)) {
    const std::string_view gap = gap_behind(text, words, first - 1);
    const std::size_t digits = digits_from(text, words[first].begin);
    const bool spaced = gap == " " && digits == 3 && text.compare(words[first].begin, 3, "000") == 0;
    if (!spaced && !is_separator(gap)) break;
    if (digits != 3 || (!separator.empty() && gap != separator)) return std::nullopt;
    separator = gap;
    --first;
  }
  const std::size_t leading = digits_from(text, words[first].begin);
  if (leading == 0 || text[words[first].begin] == '0' || (!separator.empty() && leading > 3)) return std::nullopt;
  WrittenNumber number{0, first};
  for (std::size_t i = first; i <= last; ++i) {
    const std::size_t digits = digits_from(text, words[i].begin);
    for (const char c : text.substr(words[i].begin, digits))
      number.value = std::min(most, number.value * 10 + (c - '0'));
  }
  return number;
}

std::optional<WrittenNumber> number_before(std::string_view text, const Words& words, std::size_t unit) {
  if (unit == 0 || unit == words.tail_begin() || !is_number(words, unit - 1)) return std::nullopt;
  if (!ties(gap_behind(text, words, unit - 1))) return std::nullopt;
  return number_at(text, words, unit - 1);
}

}  // namespace triaged::routing
