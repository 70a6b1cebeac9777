#include "routing/salience.hpp"

namespace triaged::routing {

namespace {

// Before the document begins, an instruction rarely takes more words than this; behind it, fewer.
constexpr std::size_t head_words = 60;
constexpr std::size_t tail_words = 30;
constexpr std::size_t longest_closing = 60;

}  // namespace

Salience::Salience(const Words& words) : words_(words), document_begin_(words.size()), closing_begin_(words.size()) {
  const std::size_t size = words.size();
  for (std::size_t i = 0; i < size; ++i) {
    if (words[i].paragraph > 0 || (words[i].flags & word_flag::after_colon) != 0) {
      document_begin_ = i;
      break;
    }
  }
  if (size == 0 || words[size - 1].paragraph == 0) return;
  std::size_t begin = size - 1;
  while (begin > 0 && begin != words.tail_begin() && words[begin - 1].paragraph == words[size - 1].paragraph) --begin;
  if (size - begin <= longest_closing) closing_begin_ = begin;
}

bool Salience::is_closing(std::size_t i) const { return i >= closing_begin_; }

float Salience::operator()(std::size_t i) const {
  const std::size_t size = words_.size();
  if ((words_[i].flags & (word_flag::quoted | word_flag::code)) != 0) return 0.15F;
  if (i < document_begin_) return i < head_words ? 1.0F : 0.3F;
  if (size > head_words && i + tail_words >= size) return is_closing(i) ? 0.8F : 0.5F;
  if (i < head_words) return size <= head_words ? 0.6F : 0.4F;
  return 0.15F;
}

bool Salience::in_instruction(std::size_t i) const {
  if ((words_[i].flags & word_flag::code) != 0) return false;
  return i < document_begin_ || i < head_words || is_closing(i);
}

}  // namespace triaged::routing
