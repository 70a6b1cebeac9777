#include "dispatch/key_ring.hpp"

#include <algorithm>

namespace triaged::dispatch {

std::size_t KeyRing::take(TimePoint now) {
  for (std::size_t i = 0; i < out_until_.size(); ++i) {
    const std::size_t key = (next_ + i) % out_until_.size();
    if (out_until_[key] > now) continue;
    next_ = key + 1;
    return key;
  }
  return static_cast<std::size_t>(std::min_element(out_until_.begin(), out_until_.end()) - out_until_.begin());
}

bool KeyRing::other_left(std::size_t key, TimePoint now) const {
  for (std::size_t i = 0; i < out_until_.size(); ++i) {
    if (i != key && out_until_[i] <= now) return true;
  }
  return false;
}

void KeyRing::put_out(std::size_t key, TimePoint until) { out_until_[key] = std::max(out_until_[key], until); }

TimePoint KeyRing::soonest() const { return *std::min_element(out_until_.begin(), out_until_.end()); }

}  // namespace triaged::dispatch
