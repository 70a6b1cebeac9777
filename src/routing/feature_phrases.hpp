// Phrases whose number tells how demanding a text is, in the languages that routing knows.
#pragma once

#include "routing/phrases.hpp"

#include <cstdint>

namespace triaged::routing {

enum FeaturePhrase : std::uint16_t {
  constraint,         // a condition that the answer has to keep
  reasoning,          // asks for thought, not for recall
  domain,             // law, medicine, science, mathematics, finance, systems
  large_document,     // "the entire codebase": big, without a number
  attached_document,  // "the attached report"
  unit_page,          // what a number before it counts
  unit_slide,
  unit_chapter,
  unit_document,
  unit_word,
  unit_line,
  length_word,  // what a number before it asks for, of the answer
  length_sentence,
  length_paragraph,
  one_word,  // lengths without a number
  one_sentence,
  one_paragraph,
};

const Phrases& feature_phrases();

}  // namespace triaged::routing
