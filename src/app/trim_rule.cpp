#include "app/trim_rule.hpp"

#include <algorithm>

namespace triaged::app {
namespace {

constexpr std::size_t many = 512;
constexpr std::uint32_t rounds = 6;

}  // namespace

bool TrimRule::trim(std::size_t open) {
  most_ = std::max(most_, open);
  if (most_ >= many && open <= most_ / 2) {
    most_ = open;
    round_ = 1;
    pause_ = 0;
  }
  if (round_ == 0) return false;
  if (pause_ > 0) {
    --pause_;
    return false;
  }
  pause_ = (1U << round_) - 1;
  round_ = round_ < rounds ? round_ + 1 : 0;
  return true;
}

}  // namespace triaged::app
