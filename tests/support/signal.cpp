#include "support/signal.hpp"

#include <poll.h>

namespace triaged::test {

bool eventually(const std::function<bool()>& is_true) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    constexpr int between_looks_ms = 2;
    ::poll(nullptr, 0, between_looks_ms);
  }
  return true;
}

}  // namespace triaged::test
