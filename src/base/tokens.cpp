#include "triaged/base/tokens.hpp"

#include "base/text_traits.hpp"
#include "base/token_weights.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <cmath>

namespace triaged {

namespace {

enum class Kind : std::uint8_t {
  lower,
  upper,
  accented,
  digit,
  space,
  tab,
  newline,
  stop,
  quote,
  bracket,
  sign,
  cyrillic,
  alphabet,
  arabic,
  devanagari,
  indic,
  han,
  kana,
  hangul,
  wide_mark,
  symbol,
  pictograph,
  count
};
constexpr std::size_t kinds = static_cast<std::size_t>(Kind::count);

constexpr std::array<Kind, 128> ascii_kinds = [] {
  std::array<Kind, 128> all{};
  all.fill(Kind::sign);
  for (unsigned c = 'a'; c <= 'z'; ++c) all[c] = Kind::lower;
  for (unsigned c = 'A'; c <= 'Z'; ++c) all[c] = Kind::upper;
  for (unsigned c = '0'; c <= '9'; ++c) all[c] = Kind::digit;
  const auto set = [&all](std::string_view characters, Kind kind) {
    for (const char c : characters) all[static_cast<unsigned char>(c)] = kind;
  };
  set(" ", Kind::space);
  set("\t", Kind::tab);
  set("\n\r", Kind::newline);
  set(".,;:!?", Kind::stop);
  set("'\"`", Kind::quote);
  set("([{<)]}>", Kind::bracket);
  return all;
}();

struct Block {
  char32_t end;  // one behind its last
  Kind kind;
};
// Ascending; the scripts that many prompts are written in have their own, all others share.
constexpr std::array blocks{
    Block{0x00C0, Kind::symbol},      // Latin-1 signs
    Block{0x0250, Kind::accented},    // Latin with accents
    Block{0x0370, Kind::alphabet},    // phonetic letters, combining accents
    Block{0x0400, Kind::alphabet},    // Greek
    Block{0x0530, Kind::cyrillic},    //
    Block{0x0600, Kind::alphabet},    // Armenian, Hebrew
    Block{0x0780, Kind::arabic},      // and Syriac
    Block{0x0900, Kind::alphabet},    //
    Block{0x0980, Kind::devanagari},  //
    Block{0x10A0, Kind::indic},       // Bengali to Tibetan and Burmese, Thai among them
    Block{0x1100, Kind::alphabet},    // Georgian
    Block{0x1200, Kind::hangul},      // its single letters
    Block{0x1780, Kind::indic},       // Ethiopic, Cherokee ...
    Block{0x1E00, Kind::indic},       // Khmer, Mongolian ...
    Block{0x1F00, Kind::accented},    // Vietnamese
    Block{0x2000, Kind::alphabet},    // old Greek
    Block{0x2070, Kind::wide_mark},   // dashes and quotation marks
    Block{0x3000, Kind::symbol},      // arrows, mathematics, boxes
    Block{0x3040, Kind::wide_mark},   // punctuation of Chinese and Japanese
    Block{0x3100, Kind::kana},        //
    Block{0x3130, Kind::kana},        // Bopomofo
    Block{0x3190, Kind::hangul},      //
    Block{0x3400, Kind::symbol},      //
    Block{0xA000, Kind::han},         //
    Block{0xAC00, Kind::indic},       // Yi ...
    Block{0xD7B0, Kind::hangul},      //
    Block{0xF900, Kind::symbol},      //
    Block{0xFB00, Kind::han},         //
    Block{0xFE00, Kind::arabic},      // its presentation forms
    Block{0xFF00, Kind::symbol},      //
    Block{0xFFF0, Kind::wide_mark},   // full-width forms
    Block{0x10000, Kind::symbol},     //
};

struct Character {
  Kind kind = Kind::symbol;
  std::size_t bytes = 1;
};

// A byte that is no text is a symbol by itself.
Character read_wide(std::string_view text, std::size_t at) {
  const std::size_t bytes = utf8_length(text, at);
  if (bytes == 4) return {Kind::pictograph, 4};
  if (bytes < 2) return {};
  const auto byte = [text, at](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t code = bytes == 2 ? (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU)
                                   : (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  const auto* const block =
      std::upper_bound(blocks.begin(), blocks.end(), code, [](char32_t c, const Block& b) { return c < b.end; });
  return {block == blocks.end() ? Kind::symbol : block->kind, bytes};
}

// Where the automaton stands: what the last character was, and the how manieth of its run.
enum State : std::uint8_t {
  at_start,
  in_space,
  in_spaces,
  in_newline,
  in_indent,
  in_tabs,
  in_word,                   // and eight more: so many letters
  in_capital = in_word + 9,  // one, with nothing or small letters before it
  in_capitals,
  in_digits,                    // and two more
  behind_mark = in_digits + 3,  // each of four kinds: behind one, behind several
  in_cyrillic = behind_mark + 8,
  in_alphabet = in_cyrillic + 5,
  in_arabic = in_alphabet + 2,
  in_devanagari = in_arabic + 2,
  in_other = in_devanagari + 2,
  state_count
};

struct Step {
  State state;
  Trait trait;
};

template <class Named>
constexpr Named nth(Named first, std::size_t i) {
  return static_cast<Named>(static_cast<std::size_t>(first) + i);
}
constexpr std::size_t of(State state, State first) { return static_cast<std::size_t>(state) - first; }
constexpr bool within(State state, State first, std::size_t count) { return state >= first && state < first + count; }

constexpr bool is_white(State from) { return from <= in_tabs; }
constexpr bool is_mark(State from) { return within(from, behind_mark, 8); }

// Of the letters of a word the second to the fourth, the fifth and sixth ...: the first is 0.
constexpr Trait letter(std::size_t position) {
  if (position < 4) return Trait::letter_2;
  if (position < 6) return Trait::letter_5;
  return position < 8 ? Trait::letter_7 : Trait::letter_9;
}

constexpr Step step_letter(State from, bool upper) {
  if (from == in_capitals) return upper ? Step{in_capitals, Trait::capitals} : Step{nth(in_word, 2), Trait::letter_2};
  if (from == in_capital) return upper ? Step{in_capitals, Trait::capitals} : Step{nth(in_word, 1), Trait::letter_2};
  if (within(from, in_word, 9)) {
    if (upper) return {in_capital, Trait::capital_inside};
    const std::size_t position = std::min<std::size_t>(of(from, in_word) + 1, 8);
    return {nth(in_word, position), letter(position)};
  }
  if (upper) return {in_capital, is_white(from) ? Trait::capital : Trait::capital_glued};
  return {in_word, is_white(from) ? Trait::word : Trait::word_glued};
}

constexpr Step step_digit(State from) {
  if (is_white(from)) return {in_digits, Trait::digit_free};
  const std::size_t position = within(from, in_digits, 3) ? (of(from, in_digits) + 1) % 3 : 0;
  return {nth(in_digits, position), nth(Trait::digit_1, position)};
}

constexpr Step step_white(State from, Kind kind) {
  if (kind == Kind::newline) {
    if (from == in_newline || from == in_indent) return {in_newline, Trait::newline_more};
    return {in_newline, is_mark(from) ? Trait::newline_behind_mark : Trait::newline};
  }
  if (kind == Kind::tab) return {in_tabs, from == in_tabs ? Trait::tab_more : Trait::tab};
  switch (from) {
    case in_newline: return {in_indent, Trait::indent};
    case in_indent: return {in_indent, Trait::indent_more};
    case in_space: return {in_spaces, Trait::gap};
    case in_spaces: return {in_spaces, Trait::gap_more};
    default: return {in_space, Trait::space};
  }
}

constexpr Step step_mark(State from, Kind kind) {
  const std::size_t which = static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::stop);
  const State self = nth(behind_mark, 2 * which);
  if (from == self) return {nth(self, 1), Trait::mark_same};
  if (from == nth(self, 1)) return {from, Trait::mark_more};
  const std::size_t place = is_white(from) ? 0 : is_mark(from) ? 2 : 1;
  return {self, nth(Trait::stop_free, 3 * which + place)};
}

// Letters of a script, told apart up to the `most`-th of a word; its further ones begin at the second.
constexpr Step step_script(State from, State first, std::size_t most, Trait trait) {
  const std::size_t position = within(from, first, most) ? std::min(of(from, first) + 1, most - 1) : 0;
  const std::size_t further = position == 0 ? 0 : position < 4 ? 1 : 2;
  return {nth(first, position), nth(trait, further)};
}

constexpr Step step(State from, Kind kind) {
  switch (kind) {
    case Kind::lower: return step_letter(from, false);
    case Kind::upper: return step_letter(from, true);
    case Kind::accented: return {nth(in_word, 4), Trait::accented};
    case Kind::digit: return step_digit(from);
    case Kind::space:
    case Kind::tab:
    case Kind::newline: return step_white(from, kind);
    case Kind::stop:
    case Kind::quote:
    case Kind::bracket:
    case Kind::sign: return step_mark(from, kind);
    case Kind::cyrillic: return step_script(from, in_cyrillic, 5, Trait::cyrillic);
    case Kind::alphabet: return step_script(from, in_alphabet, 2, Trait::alphabet);
    case Kind::arabic: return step_script(from, in_arabic, 2, Trait::arabic);
    case Kind::devanagari: return step_script(from, in_devanagari, 2, Trait::devanagari);
    default:
      return {in_other, nth(Trait::indic, static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::indic))};
  }
}

// A row per state, an entry per kind. Each step waits for the one before it, so an entry says where the next row
// begins.
struct Entry {
  std::uint16_t row;
  Trait trait;
};
constexpr auto entries = [] {
  std::array<Entry, state_count * kinds> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Step taken = step(static_cast<State>(i / kinds), static_cast<Kind>(i % kinds));
    table[i] = {static_cast<std::uint16_t>(taken.state * kinds), taken.trait};
  }
  return table;
}();

using Visits = std::array<std::uint32_t, text_traits>;

void visit(std::string_view text, Visits& visits) {
  std::size_t row = at_start;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    Character c;
    if (byte < 0x80) {
      c.kind = ascii_kinds[byte];
    } else {
      c = read_wide(text, at);
    }
    const Entry& entry = entries[row + static_cast<std::size_t>(c.kind)];
    ++visits[static_cast<std::size_t>(entry.trait)];
    row = entry.row;
    at += c.bytes;
  }
}

// Moves `at` to where a character starts, and to the next space if one is near: a word that is cut is two.
std::size_t good_cut(std::string_view text, std::size_t at) {
  constexpr std::size_t near = 24;
  const std::size_t end = std::min(text.size(), at + near);
  for (std::size_t i = at; i < end; ++i) {
    if (text[i] == ' ' || text[i] == '\n') return i;
  }
  while (at < end && utf8_continues(text, at)) ++at;
  return at;
}

}  // namespace

TextCounts& TextCounts::operator+=(const TextCounts& other) {
  for (std::size_t i = 0; i < text_traits; ++i) of[i] += other.of[i];
  return *this;
}

TextCounts& TextCounts::operator*=(float factor) {
  for (float& count : of) count *= factor;
  return *this;
}

TextCounts count_text(std::string_view text) {
  constexpr std::size_t windows = 64;  // many small ones: texts change their kind
  constexpr std::size_t window_bytes = counted_whole / windows;
  Visits visits{};
  float share = 1;
  if (text.size() <= counted_whole) {
    visit(text, visits);
  } else {
    const std::size_t slot = text.size() / windows;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < windows; ++i) {
      // Somewhere else in each slot, because rows and repetitions of a text may be as long as these are.
      const std::size_t shift = ((i * 40503U) & 0xFFFFU) * (slot - window_bytes) >> 16U;
      const std::size_t begin = i == 0 ? 0 : good_cut(text, i * slot + shift);
      const std::string_view window = text.substr(begin, good_cut(text, begin + window_bytes) - begin);
      visit(window, visits);
      seen += window.size();
    }
    share = static_cast<float>(text.size()) / static_cast<float>(seen);
  }
  TextCounts counts;
  for (std::size_t i = 0; i < text_traits; ++i) counts.of[i] = share * static_cast<float>(visits[i]);
  return counts;
}

std::int64_t estimate_tokens(const TextCounts& counts, Tokenizer tokenizer) {
  const auto column = static_cast<std::size_t>(tokenizer);
  double thousandths = 0;
  bool any = false;
  for (std::size_t i = 0; i < counts.of.size(); ++i) {
    thousandths += static_cast<double>(counts.of[i]) * token_weights[i][column];
    any = any || counts.of[i] > 0;
  }
  return any ? std::max<std::int64_t>(1, std::llround(thousandths / 1000)) : 0;
}

std::int64_t estimate_tokens(std::string_view text, Tokenizer tokenizer) {
  return estimate_tokens(count_text(text), tokenizer);
}

}  // namespace triaged
