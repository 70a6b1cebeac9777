#include "routing/words.hpp"

#include "routing/unicode.hpp"

#include <algorithm>
#include <array>

namespace triaged::routing {

namespace {

constexpr std::uint32_t hash_start = 2166136261U;  // FNV-1a

std::uint32_t mix(std::uint32_t hash, std::uint32_t value) { return (hash ^ value) * 16777619U; }

bool is_wide(Script script) { return script == Script::han || script == Script::kana || script == Script::hangul; }

constexpr char32_t nukta = 0x093C;  // written or left out at will in Hindi

std::uint32_t fold(std::uint32_t hash, char32_t code) {
  if (const char letter = base_letter(code); letter != '\0') return mix(hash, static_cast<unsigned char>(letter));
  if (code == nukta) return hash;
  if (code >= 0x0410 && code <= 0x042F) code += 0x20;  // Cyrillic capitals
  return mix(hash, static_cast<std::uint32_t>(code));
}

// What ASCII inside a word is hashed as: letters in lower case, digits, the underscore; 0 for anything else.
constexpr std::array<char, 256> word_characters = [] {
  std::array<char, 256> characters{};
  for (unsigned c = 'a'; c <= 'z'; ++c) characters[c] = characters[c - 'a' + 'A'] = static_cast<char>(c);
  for (unsigned c = '0'; c <= '9'; ++c) characters[c] = static_cast<char>(c);
  characters['_'] = '_';
  return characters;
}();

// Marks that tell nothing about the words around them, the space first of all.
constexpr std::array<bool, 256> silent_marks = [] {
  std::array<bool, 256> silent{};
  for (std::size_t c = 0; c < 0x80; ++c) silent[c] = word_characters[c] == '\0' || c == '_';
  for (const char c : std::string_view("\n.?!,;:\"`")) silent[static_cast<unsigned char>(c)] = false;
  return silent;
}();

bool is_plain(char c) { return static_cast<unsigned char>(c) < 0x80U; }

bool is_apostrophe(char32_t code) { return code == '\'' || code == 0x2019; }

// Reads one word of letters and digits from `at`; moves `at` behind it.
struct WordReader {
  std::string_view text;
  std::size_t end;

  // The same for the words that most texts consist of: plain letters and digits, and nothing behind them that could
  // belong to them. False when it is another word; then nothing was read.
  bool read_plain(std::size_t& at, Word& word) const {
    std::uint32_t hash = hash_start;
    const std::size_t run = read_ascii(at, hash);
    const std::size_t behind = at + run;
    if (behind < end) {
      const char c = text[behind];
      if (!is_plain(c) || c == '\'' || (run == 1 && (c == '+' || c == '#'))) return false;
    }
    const bool number = text[at] <= '9' && all_digits(text.substr(at, run));
    word.hash = hash;
    word.begin = static_cast<std::uint32_t>(at);
    word.flags = number ? word_flag::number : std::uint8_t{0};
    word.ideograph = false;
    at = behind;
    return true;
  }

  Word read(std::size_t& at) const {
    Word word{};
    word.begin = static_cast<std::uint32_t>(at);
    std::uint32_t hash = hash_start;
    std::size_t letters = 0;
    bool only_digits = true;
    while (at < end) {
      const std::size_t run = read_ascii(at, hash);
      if (run > 0) {
        only_digits = only_digits && all_digits(text.substr(at, run));
        letters += run;
        at += run;
        continue;
      }
      if (is_plain(text[at]) && text[at] != '\'') break;
      const Character c = read_character(text, at);
      const Script script = script_of(c.code);
      if (script == Script::none) {
        if (letters > 2 && joins(c, at)) {
          at += c.bytes;
          continue;
        }
        break;
      }
      if (is_wide(script)) {
        if (letters > 0) break;
        at += c.bytes;
        word.hash = fold(hash, c.code);
        word.ideograph = script != Script::hangul;
        return word;
      }
      only_digits = only_digits && script == Script::digit;
      hash = fold(hash, c.code);
      ++letters;
      at += c.bytes;
    }
    // "c++" and "c#" are words of their own.
    if (letters == 1 && at < end && (text[at] == '+' || text[at] == '#')) {
      while (at < end && (text[at] == '+' || text[at] == '#')) hash = mix(hash, static_cast<unsigned char>(text[at++]));
    }
    if (only_digits) word.flags |= word_flag::number;
    word.hash = hash;
    return word;
  }

  // Hashes the run of plain word characters at `at`; returns its length.
  std::size_t read_ascii(std::size_t at, std::uint32_t& hash) const {
    const char* const begin = text.data() + at;
    const char* const stop = text.data() + end;
    const char* here = begin;
    std::uint32_t mixed = hash;
    for (; here != stop; ++here) {
      const char plain = word_characters[static_cast<unsigned char>(*here)];
      if (plain == '\0') break;
      mixed = mix(mixed, static_cast<unsigned char>(plain));
    }
    hash = mixed;
    return static_cast<std::size_t>(here - begin);
  }

  static bool all_digits(std::string_view run) {
    return std::all_of(run.begin(), run.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  // "what's" and "don't" are one word; "l'article" is two, because so little stands before the apostrophe.
  bool joins(const Character& c, std::size_t at) const {
    if (!is_apostrophe(c.code) || at + c.bytes >= end) return false;
    return script_of(read_character(text, at + c.bytes).code) == Script::latin;
  }
};

// What a mark that opens a quotation is closed by; "" for other characters. Apostrophes do not count.
std::string_view closing_quote(char32_t code) {
  switch (code) {
    case '"': return "\"";
    case 0x201C: return "\xE2\x80\x9D";
    case 0x201E: return "\xE2\x80\x9C";
    case 0x00AB: return "\xC2\xBB";
    case 0x300C: return "\xE3\x80\x8D";
    default: return {};
  }
}

bool is_sentence_end(std::string_view text, std::size_t at, const Character& c) {
  switch (c.code) {
    case '?':
    case '!':
    case 0x3002:  // ideographic full stop
    case 0xFF1F:
    case 0xFF01:
    case 0x0964:  // danda
    case 0x061F:
    case 0x00BF:  // the inverted marks open a sentence
    case 0x00A1: return true;
    case '.': return at + 1 >= text.size() || text[at + 1] == ' ' || text[at + 1] == '\n' || text[at + 1] == '\r';
    default: return false;
  }
}

// Where each character leaves the reader: which flags the next word gets.
class Position {
 public:
  Position(std::string_view text, std::size_t end) : text_(text), end_(end) {}

  std::uint8_t take_flags() {
    const std::uint8_t flags = pending_;
    pending_ = 0;
    newlines_ = 0;
    return static_cast<std::uint8_t>(flags | context_ | (quote_end_ != 0 ? word_flag::quoted : 0));
  }

  std::uint8_t paragraph() const { return paragraph_; }

  // A silent mark: all it may do is to be behind the end of a quotation.
  void pass(std::size_t at) {
    if (at >= quote_end_) quote_end_ = 0;
  }

  // Takes one character that is no part of a word; moves `at` behind it.
  void step(const Character& c, std::size_t& at) {
    if (c.code == '`' && text_.compare(at, 3, "```") == 0) {
      context_ ^= word_flag::code;
      at += 3;
      return;
    }
    if (c.code == '\n') line_break();
    if (quote_end_ == 0) {
      open_quote(at, c);
    } else if (at >= quote_end_) {
      quote_end_ = 0;
    }
    if (is_sentence_end(text_, at, c)) pending_ |= word_flag::sentence_start;
    if (c.code == ',' || c.code == ';' || c.code == 0xFF0C || c.code == 0x3001) pending_ |= word_flag::clause_start;
    if (c.code == ':' || c.code == 0xFF1A) {
      pending_ |= word_flag::sentence_start;
      context_ |= word_flag::after_colon;
    }
    at += c.bytes;
  }

 private:
  void line_break() {
    pending_ |= word_flag::sentence_start | word_flag::line_start;
    if (++newlines_ != 2) return;
    context_ &= static_cast<std::uint8_t>(~word_flag::after_colon);
    if (paragraph_ < 255) ++paragraph_;
  }

  void open_quote(std::size_t at, const Character& c) {
    const std::string_view closing = closing_quote(c.code);
    if (closing.empty()) return;
    // A mark without its partner nearby is an inch sign or a slip, and hides nothing.
    constexpr std::size_t reach = 2000;
    const std::size_t begin = at + c.bytes;
    const std::size_t stop = std::min(end_, begin + reach);
    const std::size_t found = text_.substr(0, stop + closing.size() - 1).find(closing, begin);
    if (found < stop) quote_end_ = found;
  }

  std::string_view text_;
  std::size_t end_;
  std::uint8_t pending_ = word_flag::sentence_start | word_flag::line_start;
  std::uint8_t paragraph_ = 0;
  std::size_t newlines_ = 0;
  std::size_t quote_end_ = 0;
  std::uint8_t context_ = 0;  // code, after_colon
};

}  // namespace

void Words::scan(std::string_view text, std::size_t most) {
  size_ = 0;
  scanned_bytes_ = text.size();
  if (text.size() <= head_bytes + tail_bytes) {
    scan_part(text, 0, text.size(), most);
    tail_begin_ = size_;
    return;
  }
  scanned_bytes_ = head_bytes + tail_bytes;
  scan_part(text, 0, next_character_start(text, head_bytes), std::min(most, head_capacity));
  tail_begin_ = size_;
  scan_part(text, next_character_start(text, text.size() - tail_bytes), text.size(), most);
}

void Words::scan_part(std::string_view text, std::size_t begin, std::size_t end, std::size_t limit) {
  const WordReader reader{text, end};
  Position position(text, end);
  std::size_t sentence = size_;  // its first word
  std::size_t at = begin;
  while (at < end && size_ < limit) {
    const char first = text[at];
    if (silent_marks[static_cast<unsigned char>(first)]) {
      position.pass(at++);
      continue;
    }
    const Character c = read_character(text, at);
    if (script_of(c.code) != Script::none) {
      Word& word = words_[size_];
      if (!is_plain(first) || !reader.read_plain(at, word)) word = reader.read(at);
      word.flags = static_cast<std::uint8_t>(word.flags | position.take_flags());
      word.paragraph = position.paragraph();
      if ((word.flags & word_flag::sentence_start) != 0) sentence = size_;
      ++size_;
      continue;
    }
    if (c.code == '?' || c.code == 0xFF1F) {
      for (std::size_t i = sentence; i < size_; ++i) words_[i].flags |= word_flag::question;
    }
    position.step(c, at);
  }
}

std::size_t hash_words(std::string_view phrase, std::array<std::uint32_t, 12>& out) {
  const WordReader reader{phrase, phrase.size()};
  std::size_t count = 0;
  for (std::size_t at = 0; at < phrase.size() && count < out.size();) {
    const Character c = read_character(phrase, at);
    if (script_of(c.code) == Script::none) {
      at += c.bytes;
      continue;
    }
    out[count++] = reader.read(at).hash;
  }
  return count;
}

}  // namespace triaged::routing
