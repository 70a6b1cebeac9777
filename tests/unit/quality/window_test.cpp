#include "triaged/quality/window.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace triaged::quality {
namespace {

using std::chrono::milliseconds;
using enum WindowStep;

config::Gate gate(std::int64_t tokens, Duration time, bool buffered = false) {
  config::Gate result;
  result.hold_tokens = tokens;
  result.hold_time = time;
  result.buffered = buffered;
  return result;
}

struct Moment {
  std::int64_t characters;
  int milliseconds;
  bool finished;
  WindowStep step;
};

void expect_steps(const config::Gate& settings, const std::vector<Moment>& moments) {
  Window window(settings);
  for (const Moment& moment : moments) {
    EXPECT_EQ(window.next({moment.characters, milliseconds(moment.milliseconds), moment.finished}), moment.step)
        << moment.characters << " characters after " << moment.milliseconds << " ms";
  }
}

TEST(Window, HoldsUntilSoManyTokensHaveCome) {
  expect_steps(gate(32, std::chrono::seconds(2)), {{4, 0, false, hold},
                                                   {31, 10, false, hold},
                                                   {32, 20, false, look},
                                                   {60, 30, false, hold},
                                                   {127, 40, false, look},
                                                   {128, 50, false, decide},
                                                   {132, 60, false, release},
                                                   {400, 9000, true, release}});
}

TEST(Window, HoldsNoLongerThanItsTime) {
  expect_steps(gate(32, milliseconds(200)),
               {{4, 0, false, hold}, {8, 199, false, hold}, {8, 200, false, decide}, {12, 201, false, release}});
}

TEST(Window, DecidesAtTheEndOfAShortAnswer) {
  expect_steps(gate(32, std::chrono::seconds(2)), {{2, 0, false, hold}, {2, 5, true, decide}, {2, 6, true, release}});
}

TEST(Window, DecidesAtOnceWhereNothingIsHeld) {
  expect_steps(gate(0, std::chrono::seconds(2)), {{1, 0, false, decide}, {5, 1, false, release}});
  expect_steps(gate(32, milliseconds(0)), {{1, 0, false, decide}});
}

TEST(Window, HoldsToTheEndWhereTheGateIsBuffered) {
  expect_steps(gate(1, milliseconds(1), true), {{4, 0, false, hold},
                                                {100'000, 600'000, false, look},
                                                {199'999, 600'001, false, hold},
                                                {200'000, 600'002, false, look},
                                                {200'001, 600'003, true, decide}});
  EXPECT_EQ(Window(gate(1, milliseconds(1), true)).wait(), Duration::max());
  EXPECT_EQ(Window(gate(1, milliseconds(7))).wait(), milliseconds(7));
}

TEST(Window, LooksSeldomEnoughToCostInProportionToTheText) {
  Window window(gate(0, milliseconds(0), true));
  std::int64_t looked_at = 0;
  constexpr std::int64_t length = 100'000;
  for (std::int64_t characters = 1; characters <= length; ++characters) {
    if (window.next({characters, {}, false}) == look) looked_at += characters;
  }
  EXPECT_LT(looked_at, 2 * length);
  EXPECT_FALSE(window.decided());
}

}  // namespace
}  // namespace triaged::quality
