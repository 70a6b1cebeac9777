#include "triaged/base/money.hpp"

namespace triaged {

std::string format_dollars(NanoDollars amount) {
  constexpr std::uint64_t per_dollar = 1'000'000'000;
  const bool negative = amount.value < 0;
  // Negated as unsigned: the most negative value has no positive twin.
  const auto bits = static_cast<std::uint64_t>(amount.value);
  const std::uint64_t nano = negative ? 0 - bits : bits;
  const std::string fraction = std::to_string(nano % per_dollar);
  std::string out = negative ? "-" : "";
  out += std::to_string(nano / per_dollar);
  out += '.';
  out.append(9 - fraction.size(), '0');
  out += fraction;
  return out;
}

}  // namespace triaged
