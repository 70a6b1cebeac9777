#include "routing/salience.hpp"

namespace triaged::routing {

namespace {

constexpr std::size_t longest_closing = 60;
constexpr std::size_t longest_request = 30;  // of a closing that asks for something
constexpr std::size_t shortest_opening = 3;  // that asks for something; less is a greeting
constexpr std::size_t longest_opening = 40;  // more is a document
constexpr std::size_t shortest_document = 25;

}  // namespace

Salience::Salience(const Words& words) : words_(words), document_begin_(words.size()), closing_begin_(words.size()) {
  const std::size_t size = words.size();
  for (std::size_t i = 0; i < size; ++i) {
    if (words[i].paragraph > 0 || (words[i].flags & word_flag::after_colon) != 0) {
      document_begin_ = i;
      document_apart_ =
          i >= shortest_opening && (words[i].paragraph > 0 || (words[i].flags & word_flag::line_start) != 0);
      break;
    }
  }
  if (size == 0 || words[size - 1].paragraph == 0) return;
  std::size_t begin = size - 1;
  while (begin > 0 && begin != words.tail_begin() && words[begin - 1].paragraph == words[size - 1].paragraph) --begin;
  if (size - begin <= longest_closing) closing_begin_ = begin;
  const bool opens_with_request = document_apart_ && document_begin_ <= longest_opening;
  asked_last_ = size - begin <= longest_request && begin >= shortest_document && !opens_with_request;
}

}  // namespace triaged::routing
