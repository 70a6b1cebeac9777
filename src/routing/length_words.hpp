// Small words around a length that tell whose it is: the answer's, or that of what is handed in.
#pragma once

#include "routing/words.hpp"

#include <cstddef>
#include <cstdint>

namespace triaged::routing {

enum class LengthWord : std::uint8_t {
  other,
  number,
  owned,  // "my", "this": of what is there already
  the,
  being,  // "is", "has": so long it is
  taker,  // "summarize", "wrote": takes what is there
  maker,  // "write", "give": asks for something new
  reply,  // "answer", "say": a maker, and what one word may be said with
  modal,  // "must", "should be"
  negation,
  limit,  // "exactly", "at most", "about"
  into,   // "in", "to", "under"
  with,
  of,
  article,
  for_thing,  // "ideas for a 500-word essay"
  each,
  per,      // behind a length: "each"
  either,   // between the numbers of a range
  closing,  // behind a length: "or less", "में"
};

// The role of word `i`; what is a number is not looked at.
LengthWord length_word_at(const Words& words, std::size_t i);

}  // namespace triaged::routing
