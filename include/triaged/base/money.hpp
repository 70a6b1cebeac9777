// Money is an integer count of nano-dollars (1e-9 USD); 64 bits hold nine billion dollars. Prices are kept as
// nano-dollars per million tokens, so that every published price ("0.0375 per million") is an exact integer too.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace triaged {

struct NanoDollars {
  std::int64_t value = 0;

  constexpr NanoDollars() = default;
  constexpr explicit NanoDollars(std::int64_t nano) : value(nano) {}
  friend constexpr auto operator<=>(NanoDollars, NanoDollars) = default;
  friend constexpr NanoDollars operator+(NanoDollars a, NanoDollars b) { return NanoDollars(a.value + b.value); }
  friend constexpr NanoDollars operator-(NanoDollars a, NanoDollars b) { return NanoDollars(a.value - b.value); }
  constexpr NanoDollars& operator+=(NanoDollars other) {
    value += other.value;
    return *this;
  }
  constexpr double dollars() const { return static_cast<double>(value) * 1e-9; }
};

std::string format_dollars(NanoDollars amount);  // "0.000123450", always nine decimals, signed, no exponent

}  // namespace triaged
