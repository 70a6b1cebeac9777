// Tokens for each passage of a trait, by tokenizer, in thousandths: a row per Trait, a column per Tokenizer.
#pragma once

#include "triaged/base/tokens.hpp"

#include <array>
#include <cstdint>

namespace triaged {

extern const std::array<std::array<std::uint16_t, tokenizer_count>, text_traits> token_weights;

}  // namespace triaged
