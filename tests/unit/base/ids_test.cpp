#include "triaged/base/ids.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

namespace triaged {
namespace {

WallTime at(std::int64_t milliseconds) { return WallTime(std::chrono::milliseconds(milliseconds)); }

TEST(RequestId, CarriesTimeVersionAndVariant) {
  constexpr auto ones = std::numeric_limits<std::uint64_t>::max();

  EXPECT_EQ(RequestId::make(at(0x017F'22E2'79B0), 0xCC3, 0x18C4'DC0C'0C07'398FULL << 2U).text(),
            "req_017f22e279b07cc398c4dc0c0c07398f");  // the example of RFC 9562, appendix A.6
  EXPECT_EQ(RequestId::make(at(0), 0, 0).text(), "req_00000000000070008000000000000000");
  EXPECT_EQ(RequestId::make(at(0xFFFF'FFFF'FFFF), ones, ones).text(), "req_ffffffffffff7fffbfffffffffffffff");
}

TEST(RequestId, OrdersByTime) {
  const auto early = RequestId::make(at(1'700'000'000'000), ~0ULL, ~0ULL);
  const auto late = RequestId::make(at(1'700'000'000'001), 0, 0);

  EXPECT_LT(early, late);
  EXPECT_LT(early.text(), late.text());
}

TEST(RequestId, IsReadBackAsWritten) {
  Random random(7);
  for (int i = 0; i < 100; ++i) {
    const auto id = RequestId::make(at(1'700'000'000'000 + i), random.next(), random.next());
    EXPECT_EQ(RequestId::parse(id.text()), id);
  }
}

TEST(RequestId, RefusesWhatItNeverWrites) {
  for (const std::string bad : {"", "req_", "017f22e279b07cc398c4dc0c0c07398f", "req_017f22e279b07cc398c4dc0c0c07398",
                                "req_017f22e279b07cc398c4dc0c0c07398ff", "req_017f22e279b07cc398c4dc0c0c07398g",
                                "req_017F22E279B07CC398C4DC0C0C07398F", "REQ_017f22e279b07cc398c4dc0c0c07398f"}) {
    EXPECT_EQ(RequestId::parse(bad), std::nullopt) << bad;
  }
}

TEST(Random, RepeatsItselfForTheSameSeedOnly) {
  Random one(1);
  Random same(1);
  Random other(2);
  const std::uint64_t first = one.next();

  EXPECT_EQ(first, same.next());
  EXPECT_NE(first, other.next());
}

TEST(Random, FollowsThePublishedSequence) {
  // splitmix64 from seed 0 fills the state with the known values e220a8397b1dcdaf 6e789e6aa1b965f4 06c45d188009454f
  // f88bb8a8724c81ec; xoshiro256** then starts with rotl(state[1] * 5, 7) * 9.
  Random random(0);
  EXPECT_EQ(random.next(), 0x99EC'5F36'CB75'F2B4ULL);
  EXPECT_EQ(random.next(), 0xBF6E'1F78'4956'452AULL);
}

TEST(Random, UnitStaysBelowOneAndCoversTheRange) {
  Random random(3);
  double smallest = 1;
  double largest = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.unit();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
  }
  EXPECT_LT(smallest, 0.01);
  EXPECT_GT(largest, 0.99);
}

TEST(Random, FromEntropyDiffersBetweenGenerators) {
  std::set<std::uint64_t> firsts;
  for (int i = 0; i < 16; ++i) firsts.insert(Random::from_entropy().next());
  EXPECT_EQ(firsts.size(), 16U);
}

}  // namespace
}  // namespace triaged
