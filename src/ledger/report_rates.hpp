// Exact shares and decimals for the two forms of a report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace triaged::ledger {

// part / whole in units of 1 / `scale`, rounded to the nearest, halves away from zero; empty when `whole` is zero or
// below.
std::optional<std::int64_t> share(std::int64_t part, std::int64_t whole, std::int64_t scale);

// value / 10^decimals: decimal(-1234, 2) is "-12.34".
std::string decimal(std::int64_t value, int decimals);

// value / divisor, rounded to the nearest, halves away from zero.
std::int64_t divided(std::int64_t value, std::int64_t divisor);

}  // namespace triaged::ledger
