#include "ledger/report_rates.hpp"

#include <cstddef>
#include <limits>

namespace triaged::ledger {
namespace {

__extension__ using Wide = __int128;

std::int64_t rounded(Wide value, std::int64_t divisor) {
  const Wide half = divisor / 2;
  const Wide quotient = (value < 0 ? value - half : value + half) / divisor;
  if (quotient > std::numeric_limits<std::int64_t>::max()) return std::numeric_limits<std::int64_t>::max();
  if (quotient < std::numeric_limits<std::int64_t>::min()) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(quotient);
}

}  // namespace

std::int64_t divided(std::int64_t value, std::int64_t divisor) { return rounded(value, divisor); }

std::optional<std::int64_t> share(std::int64_t part, std::int64_t whole, std::int64_t scale) {
  if (whole <= 0) return std::nullopt;
  return rounded(static_cast<Wide>(part) * scale, whole);
}

std::string decimal(std::int64_t value, int decimals) {
  const bool negative = value < 0;
  const auto bits = static_cast<std::uint64_t>(value);
  std::string digits = std::to_string(negative ? 0 - bits : bits);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  if (negative) digits.insert(0, 1, '-');
  return digits;
}

}  // namespace triaged::ledger
