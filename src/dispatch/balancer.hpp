// In which order the targets of one tier are asked: a pure decision over what is known of each of them.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/ids.hpp"
#include "triaged/base/money.hpp"
#include "triaged/config/settings.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace triaged::dispatch {

struct Contender {
  std::size_t candidate = 0;  // whatever the caller calls it by
  double weight = 1;
  std::size_t in_flight = 0;
  std::optional<Duration> latency;  // none: nothing is known
  double used = 0;                  // share of its limits used up
  std::optional<NanoDollars> cost;  // expected, of this request; none: its price is not known
  double warmth = 1;                // of a target that came back: how much of its share it gets so far (0 to 1)
};

// Best first. The rest matters too: it is the order of failover.
void arrange(config::Policy policy, std::vector<Contender>& contenders, Random& random);

}  // namespace triaged::dispatch
