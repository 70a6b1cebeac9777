// How likely a word is part of the instruction rather than of the text it is about.
#pragma once

#include "routing/words.hpp"

#include <cstddef>
#include <cstdint>

namespace triaged::routing {

class Salience {
 public:
  explicit Salience(const Words& words);

  // Of the first word behind a colon or a blank line; the number of words when there is neither.
  std::size_t document_begin() const { return document_begin_; }

  float operator()(std::size_t i) const {  // [0, 1]
    const std::size_t size = words_.size();
    if ((words_[i].flags & (word_flag::quoted | word_flag::code)) != 0) return 0.15F;
    if (asked_last_ && i < closing_begin_) return i < head_words ? 0.3F : 0.15F;
    if (i < document_begin_) return i < head_words ? 1.0F : 0.3F;
    if (size > head_words && i + tail_words >= size) return is_closing(i) ? 0.8F : 0.5F;
    if (i >= head_words) return 0.15F;
    if (size <= head_words) return 0.6F;
    return document_apart_ ? 0.25F : 0.4F;
  }

  // Whether word `i` counts as instruction at all. Text added in the middle of a document never changes the answer for
  // the words before it, nor for a closing paragraph.
  bool in_instruction(std::size_t i) const {
    if ((words_[i].flags & word_flag::code) != 0) return false;
    return i < document_begin_ || i < head_words || is_closing(i);
  }

 private:
  // Before the document begins, an instruction rarely takes more words than this; behind it, fewer.
  static constexpr std::size_t head_words = 60;
  static constexpr std::size_t tail_words = 30;

  bool is_closing(std::size_t i) const { return i >= closing_begin_; }

  const Words& words_;
  std::size_t document_begin_ = 0;
  std::size_t closing_begin_ = 0;  // of the last paragraph, if that is short and not the only one
  bool asked_last_ = false;        // what stands before it is no instruction but a document
  bool document_apart_ = false;    // an instruction stands above the document, on lines of its own
};

}  // namespace triaged::routing
