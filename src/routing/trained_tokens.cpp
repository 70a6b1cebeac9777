#include "triaged/routing/features.hpp"

#include "routing/unicode.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace triaged::routing {

namespace {

// Tokens per unit, between what today's large vocabularies need (o200k, cl100k); measured on prose and code in each
// script.
constexpr double per_han = 0.8;
constexpr double per_kana = 0.75;
constexpr double per_hangul = 0.7;
constexpr double per_devanagari = 0.42;
constexpr double per_other_letter = 0.3;
constexpr double per_accented = 0.35;  // on top of the word it stands in
constexpr double per_symbol = 0.75;    // runs of punctuation share tokens
constexpr double per_other_symbol = 1.2;
constexpr std::size_t digits_per_token = 3;

// Short words are one token; longer ones split about every five letters behind the seventh.
double latin_word(std::size_t letters) { return letters <= 7 ? 1.0 : 1.0 + static_cast<double>(letters - 7) / 5.5; }

// Sees a text run by run. Everything is called from one place, so that it is one loop over registers.
class Counter {
 public:
  void add_ascii_run(Script script, std::size_t length) {
    if (script != run_) end_run();
    run_ = script;
    length_ += length;
  }

  void add_letter(char32_t code, Script script) {
    if (script != run_) end_run();
    switch (script) {
      case Script::latin: tokens_ += per_accented; [[fallthrough]];
      case Script::digit:
        run_ = script;
        ++length_;
        return;
      case Script::han: tokens_ += per_han; break;
      case Script::kana: tokens_ += per_kana; break;
      case Script::hangul: tokens_ += per_hangul; break;
      case Script::devanagari: tokens_ += per_devanagari; break;
      case Script::other: tokens_ += per_other_letter; break;
      case Script::none: break;
    }
    previous_ = code;
  }

  void add_mark(char32_t code) {
    end_run();
    const bool space = code == ' ' || code == '\t' || code == '\r';
    if (space) {
      // One space belongs to the next word; an indentation is one token more.
      if (previous_ == ' ' && !in_spaces_) {
        tokens_ += 0.5;
        in_spaces_ = true;
      }
      previous_ = ' ';
      return;
    }
    in_spaces_ = false;
    if (code == '\n') {
      if (previous_ != '\n') tokens_ += 0.7;
    } else if (code < 0x80) {
      if (previous_ != code) tokens_ += per_symbol + (after_word_ ? 0.25 : 0.0);
    } else {
      tokens_ += per_other_symbol * (code == not_a_character ? 0.5 : 1.0);
    }
    after_word_ = false;
    previous_ = code;
  }

  double finish() {
    end_run();
    return tokens_;
  }

 private:
  void end_run() {
    if (length_ == 0) return;
    const auto whole_tokens = (length_ + digits_per_token - 1) / digits_per_token;
    tokens_ += run_ == Script::digit ? static_cast<double>(whole_tokens) : latin_word(length_);
    after_word_ = true;
    in_spaces_ = false;
    previous_ = 'a';
    length_ = 0;
    run_ = Script::none;
  }

  double tokens_ = 0;
  Script run_ = Script::none;
  std::size_t length_ = 0;
  char32_t previous_ = 0;
  bool in_spaces_ = false;
  bool after_word_ = false;
};

double count_tokens(std::string_view text) {
  Counter counter;
  for (std::size_t at = 0; at < text.size();) {
    const Script ascii = ascii_script(text[at]);
    if (ascii != Script::none) {
      const std::size_t begin = at++;
      while (at < text.size() && ascii_script(text[at]) == ascii) ++at;
      counter.add_ascii_run(ascii, at - begin);
      continue;
    }
    const Character c = read_character(text, at);
    at += c.bytes;
    const Script script = script_of(c.code);
    if (script == Script::none) {
      counter.add_mark(c.code);
    } else {
      counter.add_letter(c.code, script);
    }
  }
  return counter.finish();
}

std::string_view window(std::string_view text, std::size_t begin, std::size_t bytes) {
  const std::size_t from = next_character_start(text, begin);
  const std::size_t to = next_character_start(text, std::min(text.size(), begin + bytes));
  return text.substr(from, to - from);
}

}  // namespace

std::int64_t trained_tokens(std::string_view text) {
  if (text.empty()) return 0;
  constexpr std::size_t exact_bytes = 4096;
  constexpr std::size_t window_bytes = 1024;
  double tokens = 0;
  if (text.size() <= exact_bytes) {
    tokens = count_tokens(text);
  } else {
    // Four windows, evenly spread, stand for the whole.
    constexpr std::size_t windows = exact_bytes / window_bytes;
    const std::size_t step = (text.size() - window_bytes) / (windows - 1);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < windows; ++i) {
      const std::string_view part = window(text, i * step, window_bytes);
      tokens += count_tokens(part);
      seen += part.size();
    }
    tokens *= static_cast<double>(text.size()) / static_cast<double>(std::max<std::size_t>(seen, 1));
  }
  return std::max<std::int64_t>(1, std::llround(tokens));
}

}  // namespace triaged::routing
