#include "routing/salience.hpp"

namespace triaged::routing {

namespace {

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

}  // namespace triaged::routing
