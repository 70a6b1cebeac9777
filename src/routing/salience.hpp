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

  float operator()(std::size_t i) const;  // [0, 1]

  // Whether word `i` counts as instruction at all. Text added in the middle of a document never changes the answer for
  // the words before it, nor for a closing paragraph.
  bool in_instruction(std::size_t i) const;

 private:
  bool is_closing(std::size_t i) const;

  const Words& words_;
  std::size_t document_begin_ = 0;
  std::size_t closing_begin_ = 0;  // of the last paragraph, if that is short and not the only one
};

}  // namespace triaged::routing
