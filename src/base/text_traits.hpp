// What an estimate of tokens tells apart in a text. The weights of token_weights.cpp are in this order.
#pragma once

#include "triaged/base/tokens.hpp"

#include <cstddef>
#include <cstdint>

namespace triaged {

enum class Trait : std::uint8_t {
  // Latin letters: the first of a word, behind white space or right behind something else; the second to the fourth, to
  // the sixth, to the eighth, and all further ones.
  word,
  capital,
  word_glued,
  capital_glued,
  letter_2,
  letter_5,
  letter_7,
  letter_9,
  capital_inside,  // "camelCase"
  capitals,        // behind another one
  accented,
  // The first of a group of three digits, behind white space or else; the second, the third.
  digit_free,
  digit_1,
  digit_2,
  digit_3,
  // A space costs nothing by itself: the word behind it has it. A second one makes a gap.
  space,
  gap,
  gap_more,
  indent,
  indent_more,
  tab,
  tab_more,
  newline,
  newline_behind_mark,
  newline_more,
  // Marks: behind white space, behind a word or number, behind a mark of another kind; behind one of the same kind, and
  // all further ones.
  stop_free,
  stop_glued,
  stop_joined,
  quote_free,
  quote_glued,
  quote_joined,
  bracket_free,
  bracket_glued,
  bracket_joined,
  sign_free,
  sign_glued,
  sign_joined,
  mark_same,
  mark_more,
  // Other scripts: the first letter of a word and further ones, or each character.
  cyrillic,
  cyrillic_2,
  cyrillic_5,
  alphabet,  // Greek, Armenian, Georgian, Hebrew ...
  alphabet_2,
  arabic,
  arabic_2,
  devanagari,
  devanagari_2,
  indic,  // other scripts of India, Thai, Khmer, Ethiopic ...
  han,
  kana,
  hangul,
  wide_mark,
  symbol,
  pictograph,
};
static_assert(static_cast<std::size_t>(Trait::pictograph) + 1 == text_traits);

}  // namespace triaged
