// What Google's answers have besides their words, as the other dialects know it.
#pragma once

#include "triaged/base/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

// logprobsResult as OpenAI's array of tokens; "" where there are none.
std::string gemini_logprobs(std::string_view json);

// How much of a choice's text has come; Google counts it in bytes.
struct TextSoFar {
  std::size_t characters = 0;
  bool single_bytes = true;  // so far every character is one byte

  void add(const JsonString& text);
};

// groundingMetadata or citationMetadata as OpenAI's annotations, one for each source of each passage. Where bytes are
// not characters an annotation is about all of the text.
std::vector<std::string> gemini_grounding(std::string_view json, const TextSoFar& text);
std::vector<std::string> gemini_citations(std::string_view json, const TextSoFar& text);

}  // namespace triaged::provider
