// Citations of web pages as OpenAI's chat completions tell them.
#pragma once

#include "triaged/base/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::api {

// Where in an answer's text a part stands, in characters.
struct TextSpan {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Follows an answer's text, because a citation tells which of it rests on the page.
class CitedText {
 public:
  void add(std::uint32_t part, const JsonString& text) {
    if (part != part_) span_.begin = span_.end;
    part_ = part;
    span_.end += text.characters();
  }
  TextSpan span(std::uint32_t part) const { return part == part_ ? span_ : TextSpan{span_.end, span_.end}; }

 private:
  std::uint32_t part_ = 0;
  TextSpan span_;
};

// {"type":"url_citation","url_citation":{...}} for a citation of any maker that names a URL; "" for others. Positions
// that it does not tell are those of the part.
std::string url_citation(std::string_view citation, const TextSpan& part);

}  // namespace triaged::api
