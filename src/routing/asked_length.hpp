// The length that a text asks its answer to have: "in 200 words", "a 500-word essay". A length may as well be that of
// what is handed in ("this 5000-word article"), and a wrong one does more harm than none: what is not clear counts not.
#pragma once

#include "triaged/routing/features.hpp"

#include "routing/words.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace triaged::routing {

class AskedLength {
 public:
  AskedLength(std::string_view text, const Words& words, Language language)
      : text_(text), words_(words), language_(language) {}

  // Takes a phrase of feature_phrases() that names a length: `length` words from word `i`.
  void add(std::uint16_t id, std::size_t i, std::size_t length);

  // Of the answer, as tokens of OpenAI's models are; 0 where no length is asked for, or lengths that disagree.
  std::int64_t tokens() const;

 private:
  struct Length {
    std::int64_t tokens = 0;  // 0: none
    void add(std::int64_t more, bool& unclear);
  };

  std::string_view text_;
  const Words& words_;
  Language language_;
  Length made_;    // of a thing to be made: "a 500-word essay"
  Length within_;  // that the answer has to fit: "in 500 words"
  Length plain_;   // "write 500 words"
  bool unclear_ = false;
};

}  // namespace triaged::routing
