#include "triaged/base/money.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>
#include <vector>

namespace triaged {
namespace {

struct Case {
  std::int64_t nano;
  std::string_view text;
};

TEST(FormatDollars, WritesNineDecimalsSigned) {
  for (const auto& [nano, text] :
       std::vector<Case>{{0, "0.000000000"},
                         {1, "0.000000001"},
                         {-1, "-0.000000001"},
                         {123'450, "0.000123450"},
                         {999'999'999, "0.999999999"},
                         {1'000'000'000, "1.000000000"},
                         {-12'340'000'000, "-12.340000000"},
                         {std::numeric_limits<std::int64_t>::max(), "9223372036.854775807"},
                         {std::numeric_limits<std::int64_t>::min(), "-9223372036.854775808"}}) {
    EXPECT_EQ(format_dollars(NanoDollars(nano)), text);
  }
}

TEST(NanoDollars, AddsAndComparesExactly) {
  NanoDollars sum(1);
  sum += NanoDollars(2);

  EXPECT_EQ(sum, NanoDollars(3));
  EXPECT_EQ(sum - NanoDollars(5), NanoDollars(-2));
  EXPECT_LT(NanoDollars(-2), NanoDollars());
  EXPECT_DOUBLE_EQ(NanoDollars(1'500'000'000).dollars(), 1.5);
}

}  // namespace
}  // namespace triaged
