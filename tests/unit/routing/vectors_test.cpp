#include "routing/vectors.hpp"

#include "triaged/base/ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace triaged::routing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Eq;

std::vector<std::int8_t> random_steps(Random& random, std::size_t size) {
  std::vector<std::int8_t> steps(size);
  for (std::int8_t& step : steps) step = static_cast<std::int8_t>(std::lround(random.unit() * 254 - 127));
  return steps;
}

TEST(Vectors, TheProcessorsInstructionsGiveWhatPlainLoopsGive) {
  Random random(3);
  for (const std::size_t size : {std::size_t{32}, std::size_t{64}, std::size_t{256}, std::size_t{1536}}) {
    const auto a = random_steps(random, size);
    const auto b = random_steps(random, size);
    EXPECT_EQ(dot(a.data(), b.data(), size), dot_plainly(a.data(), b.data(), size)) << size;

    std::vector<float> fast(size, 0.25F);
    std::vector<float> plain(size, 0.25F);
    add_scaled(fast.data(), a.data(), 0.01F, size);
    add_scaled_plainly(plain.data(), a.data(), 0.01F, size);
    for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(fast[i], plain[i], 1e-6) << i;
  }
}

TEST(Vectors, ManyRowsAtOnceGiveWhatEachGives) {
  Random random(7);
  constexpr std::size_t size = 96;
  const auto a = random_steps(random, size);
  const auto rows = random_steps(random, 11 * size);
  for (std::size_t count = 0; count <= 11; ++count) {
    std::vector<std::int32_t> found(count + 1, -1);
    dots(a.data(), rows.data(), size, std::span(found).first(count));
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(found[i], dot_plainly(a.data(), rows.data() + i * size, size));
    EXPECT_EQ(found.back(), -1) << count;
  }
}

TEST(Vectors, TheLargestProductsFit) {
  for (const int sign : {-1, 1}) {
    const std::vector<std::int8_t> low(4096, -127);
    const std::vector<std::int8_t> other(4096, static_cast<std::int8_t>(sign * 127));
    EXPECT_EQ(dot(low.data(), other.data(), low.size()), -sign * 4096 * 127 * 127);
    std::vector<std::int32_t> four(4);
    dots(low.data(), std::vector<std::int8_t>(4 * 4096, static_cast<std::int8_t>(sign * 127)).data(), 4096, four);
    EXPECT_THAT(four, Each(Eq(-sign * 4096 * 127 * 127)));
  }
}

TEST(Vectors, NormaliseMakesTheLengthOneOrLeavesAlone) {
  std::vector<float> vector{3, 4};
  EXPECT_TRUE(normalise(vector));
  EXPECT_THAT(vector, ElementsAre(::testing::FloatEq(0.6F), ::testing::FloatEq(0.8F)));

  for (const float bad : {0.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> none(4, bad);
    EXPECT_FALSE(normalise(none)) << bad;
  }
  std::vector<float> huge{1e30F, 0};
  EXPECT_TRUE(normalise(huge));
  EXPECT_FLOAT_EQ(huge[0], 1);
}

TEST(Vectors, QuantisedVectorsKeepTheirDirection) {
  Random random(5);
  std::vector<float> a(100);
  std::vector<float> b(100);
  for (float& value : a) value = static_cast<float>(random.unit() - 0.5);
  for (float& value : b) value = static_cast<float>(random.unit() - 0.3);
  ASSERT_TRUE(normalise(a));
  ASSERT_TRUE(normalise(b));
  double exact = 0;
  for (std::size_t i = 0; i < a.size(); ++i) exact += double{a[i]} * double{b[i]};

  const QuantisedVector left(a);
  const QuantisedVector right(b);
  ASSERT_EQ(left.steps.size(), 128U) << "padded to whole steps of the loops";
  const double found = dot(left.steps.data(), right.steps.data(), 128) * double{left.step} * double{right.step};
  EXPECT_NEAR(found, exact, 0.005);
}

TEST(Vectors, AVectorOfNothingQuantisesToNothing) {
  const QuantisedVector quantised(std::vector<float>(32));
  EXPECT_EQ(quantised.step, 0);
  EXPECT_THAT(quantised.steps, Each(Eq(0)));
}

}  // namespace
}  // namespace triaged::routing
