#include "triaged/base/decimals.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace triaged {
namespace {

TEST(TwoDecimals, AreThoseOfPrintf) {
  std::vector<double> values = {0.0,   0.005, 0.015, 0.025, 0.125, 0.375, 0.994999, 0.995, 1.0,      1.005,
                                2.675, 9.995, 1e14,  1e15,  1e22,  1e300, -0.0,     -1.5,  -0.00125, 123456.785};
  for (int i = 0; i < 10'000; ++i) values.push_back(static_cast<double>(i) / 8000.0);
  for (double x = 1.0; x < 1e18; x *= 1.37) values.push_back(x + 0.115);
  for (const double value : values) {
    std::array<char, 400> expected{};
    std::snprintf(expected.data(), expected.size(), "%.2f", value);
    std::string text = ">";
    append_two_decimals(text, value);
    EXPECT_EQ(text, std::string(">") + expected.data());
  }
}

}  // namespace
}  // namespace triaged
