// Numbers as people write them before a unit: "500 words", "3,000-word", "3 000 mots", "200-300 words".
#pragma once

#include "routing/words.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace triaged::routing {

struct WrittenNumber {
  double value = 0;
  std::size_t first = 0;  // its first word
};

// The number whose last word is `last`. Groups of three digits belong together behind a comma, a point, an apostrophe
// or a narrow space; behind a plain space only round thousands do. Nothing where it is none that counts things:
// "12,34".
std::optional<WrittenNumber> number_at(std::string_view text, const Words& words, std::size_t last);

// The same directly before word `unit`.
std::optional<WrittenNumber> number_before(std::string_view text, const Words& words, std::size_t unit);

}  // namespace triaged::routing
