// What follows when a request that is handed on unread fails, and what one costs: pure functions.
#pragma once

#include "triaged/base/money.hpp"
#include "triaged/dispatch/retry_rules.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::dispatch {

// A body up to this size is held while it is sent, so that it can be sent again.
constexpr std::uint64_t held_body = 64U << 10U;

struct PassState {
  std::string_view method;
  bool at_hand = true;  // all that was sent can be sent again: nothing of a body that streams was taken
  std::uint32_t attempts = 1;
  double random = 0;  // [0, 1): jitter
};

// fresh_connection, same_target or stop. There is no other target, and the key stays the same: what one account stores
// another does not see.
Verdict after_pass_failure(const AttemptFailure& failure, const PassState& state, const config::Retry& retry);

// Empty: unknown. Nothing is paid for what was not sent or was refused, nor for looking up and removing what is there;
// what it costs to make something only the provider knows.
std::optional<NanoDollars> pass_cost(std::string_view method, Progress progress, int upstream_status);

}  // namespace triaged::dispatch
