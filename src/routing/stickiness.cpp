#include "routing/stickiness.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::routing {

std::optional<MoveCost> cost_of_moving(const Move& move, const Pricing& pricing) {
  const std::int64_t cached = std::clamp<std::int64_t>(move.cached, 0, move.input);
  const auto stay_now = pricing.cost(move.from, {move.input, cached, move.output_from});
  const auto stay_later = pricing.cost(move.from, {move.input, move.input, move.output_from});
  const auto move_now = pricing.cost(move.to, {move.input, 0, move.output_to});
  const auto move_later = pricing.cost(move.to, {move.input, move.input, move.output_to});
  if (!stay_now || !stay_later || !move_now || !move_later) return std::nullopt;
  const auto over_all = [&move](NanoDollars now, NanoDollars later) {
    const double further = std::max(0.0, move.further_turns) * static_cast<double>(later.value);
    return NanoDollars(now.value + std::llround(further));
  };
  return MoveCost{over_all(*stay_now, *stay_later), over_all(*move_now, *move_later)};
}

}  // namespace triaged::routing
