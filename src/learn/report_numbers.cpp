#include "learn/report_numbers.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace triaged::learn {

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

std::string fixed(double value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string fixed(const std::optional<double>& value, int digits) { return value ? fixed(*value, digits) : "never"; }

std::string percent(double number) { return fixed(number, 1) + " %"; }

std::string percent(const std::optional<double>& number) { return number ? percent(*number) : "never"; }

}  // namespace triaged::learn
