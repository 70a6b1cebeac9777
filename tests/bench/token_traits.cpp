// Prints how often each text on its input, ended by a NUL, passes each trait of the token estimate: one line per text,
// for tests/bench/tokens/fit.py.
#include "triaged/base/tokens.hpp"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

int main() {
  const std::string all((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  std::string_view left = all;
  for (std::size_t end = left.find('\0'); end != std::string_view::npos; end = left.find('\0')) {
    for (const float count : triaged::count_text(left.substr(0, end)).of)
      std::printf("%g ", static_cast<double>(count));
    std::printf("\n");
    left.remove_prefix(end + 1);
  }
  return 0;
}
