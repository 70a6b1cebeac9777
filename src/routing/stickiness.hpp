// Whether a conversation stays where its prompt cache is warm, although a cheaper tier would do.
#pragma once

#include "triaged/routing/brain.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace triaged::routing {

struct Move {
  std::size_t from = 0;  // target that has `cached` tokens of the input in its cache
  std::size_t to = 0;    // target that has none
  std::int64_t cached = 0;
  std::int64_t input = 0;        // tokens of this request
  std::int64_t output_from = 0;  // tokens expected
  std::int64_t output_to = 0;
  double further_turns = 0;  // after this one
};

struct MoveCost {
  NanoDollars stay;
  NanoDollars move;
  bool pays() const { return move < stay; }
};

// This turn and the further ones, each of which finds in the cache what the turn before it read:
//   stay = cost(from, cached) + further * cost(from, all cached)
//   move = cost(to, nothing cached) + further * cost(to, all cached)
// None where a price is missing.
std::optional<MoveCost> cost_of_moving(const Move& move, const Pricing& pricing);

}  // namespace triaged::routing
