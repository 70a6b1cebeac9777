#include "triaged/base/text.hpp"

#include "quality/check.hpp"
#include "quality/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <re2/re2.h>

namespace triaged::quality {

namespace {

// Only the end of an answer is looked at: a model that loops does not come out of it.
constexpr std::size_t looked_at = 2048;
constexpr std::size_t least_times = 8;
constexpr std::size_t least_period = 8;   // shorter ones are rulers, padding, rows of zeros ...
constexpr std::size_t least_bytes = 400;  // ... and must go on over all that is looked at

constexpr std::size_t most_words = 400;
constexpr std::size_t least_words = 150;
constexpr std::size_t least_different_words = 6;  // fewer are rows of cells and bytes
constexpr std::size_t words_in_a_row = 6;
constexpr double most_seen_before = 0.9;

struct Loop {
  std::size_t period = 0;
  std::size_t length = 0;  // 0: none
};

// The longest end of `text` that is one piece over and over, at least `least_times` times: the prefix function (Knuth,
// Morris, Pratt) of the text read backwards.
Loop loop_at_end(std::string_view text) {
  std::array<std::uint16_t, looked_at> prefix{};
  const std::size_t size = std::min(text.size(), looked_at);
  const auto at = [&text](std::size_t i) { return text[text.size() - 1 - i]; };
  Loop longest;
  if (size > 0) prefix[0] = 0;
  for (std::size_t i = 1; i < size; ++i) {
    std::size_t matched = prefix[i - 1];
    while (matched > 0 && at(i) != at(matched)) matched = prefix[matched - 1];
    if (at(i) == at(matched)) ++matched;
    prefix[i] = static_cast<std::uint16_t>(matched);
    const std::size_t period = i + 1 - matched;
    if ((i + 1) / period >= least_times) longest = {period, i + 1};
  }
  return longest;
}

bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (lower(c) >= 'a' && lower(c) <= 'z');
  });
}

bool is_word_byte(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Hashes of the last words, last first: runs of ASCII letters and digits; of other scripts each character is one.
struct LastWords {
  std::array<std::uint32_t, most_words> hashes{};
  std::size_t count = 0;
  std::size_t with_letters = 0;
};

void read_last_words(std::string_view text, LastWords& words) {
  std::size_t end = text.size();
  while (end > 0 && words.count < most_words) {
    const char c = text[end - 1];
    const bool wide = static_cast<unsigned char>(c) >= 0x80U;
    if (!wide && !is_word_byte(c)) {
      --end;
      continue;
    }
    std::size_t begin = end - 1;
    if (wide) {
      while (begin > 0 && continues(text[begin]) && end - begin < 4) --begin;
    } else {
      while (begin > 0 && is_word_byte(text[begin - 1]) && end - begin < 64) --begin;
    }
    const std::string_view word = text.substr(begin, end - begin);
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char letter : word) hash = (hash ^ static_cast<unsigned char>(lower(letter))) * 16777619U;
    words.hashes[words.count++] = hash;
    if (has_letter(word)) ++words.with_letters;
    end = begin;
  }
}

std::size_t different(const LastWords& words) {
  std::array<std::uint32_t, most_words> hashes = words.hashes;
  const auto end = hashes.begin() + static_cast<std::ptrdiff_t>(words.count);
  std::sort(hashes.begin(), end);
  return static_cast<std::size_t>(std::unique(hashes.begin(), end) - hashes.begin());
}

// The share of the runs of six words that had been there before.
double seen_before(const LastWords& words) {
  const std::size_t runs = words.count - words_in_a_row + 1;
  std::array<std::uint64_t, most_words> hashes{};
  for (std::size_t i = 0; i < runs; ++i) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (std::size_t k = i; k < i + words_in_a_row; ++k) hash = (hash ^ words.hashes[k]) * 1099511628211ULL;
    hashes[i] = hash;
  }
  const auto end = hashes.begin() + static_cast<std::ptrdiff_t>(runs);
  std::sort(hashes.begin(), end);
  const auto distinct = static_cast<double>(std::unique(hashes.begin(), end) - hashes.begin());
  return 1 - distinct / static_cast<double>(runs);
}

bool ends_in_code(std::string_view text) {
  bool inside = false;
  for (std::size_t at = text.find("```"); at != std::string_view::npos; at = text.find("```", at + 3)) inside = !inside;
  return inside || text.ends_with("```");
}

bool asks_for_it(const chat::Request& request) {
  static const RE2 words(
      "(?i)repeat|\\btimes\\b|again and again|over and "
      "over|loop|wiederhol|\\bmal\\b|répét|\\bfois\\b|repit|repet|\\bveces\\b|重复|遍|次|दोहरा|बार");
  const TaskWords task = task_words(request);
  const auto in = [](std::string_view part) {
    return RE2::PartialMatch(re2::StringPiece(part.data(), part.size()), words);
  };
  return in(task.head) || in(task.tail);
}

std::string repetition_in(std::string_view text, bool strict) {
  const Loop loop = loop_at_end(text);
  const std::string_view piece = text.substr(text.size() - loop.period);
  const bool words = loop.period >= least_period && has_letter(piece) && !strict;
  if (loop.length >= (words ? least_bytes : looked_at)) {
    return "ends in " + std::to_string(loop.length / loop.period) + " times " + in_quotes(piece);
  }
  if (strict) return {};
  LastWords last;  // filled as far as count
  read_last_words(text, last);
  if (last.with_letters < least_words || different(last) < least_different_words ||
      seen_before(last) < most_seen_before)
    return {};
  return "ends in the same words again and again";
}

}  // namespace

std::string check_repetition(const Asked& asked, const Given& given) {
  const std::string_view text = trim(given.text);
  if (text.size() < least_bytes) return {};
  // Code and data may have a hundred equal lines.
  const bool strict = asked.request().format != chat::OutputFormat::text || ends_in_code(text);
  std::string problem = repetition_in(text, strict);
  return problem.empty() || asks_for_it(asked.request()) ? std::string() : problem;
}

}  // namespace triaged::quality
