#include "triaged/base/decimals.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace triaged {

void append_two_decimals(std::string& out, double value) {
  std::array<char, 400> text;  // the greatest double has 309 digits
  char* const end = text.data() + text.size();
  // A hundredfold is exact in so many digits, and rounds as the value itself: far cheaper than what suits every double.
  constexpr double most = 1e15;
  if (std::numeric_limits<long double>::digits >= std::numeric_limits<double>::digits + 7 && !std::signbit(value) &&
      value < most) {
    const long long hundredths = std::llrint(static_cast<long double>(value) * 100);
    char* at = std::to_chars(text.data(), end, hundredths / 100).ptr;
    *at++ = '.';
    *at++ = static_cast<char>('0' + hundredths / 10 % 10);
    *at++ = static_cast<char>('0' + hundredths % 10);
    out.append(text.data(), at);
    return;
  }
  out.append(text.data(), std::to_chars(text.data(), end, value, std::chars_format::fixed, 2).ptr);
}

}  // namespace triaged
