#include "dispatch/minute_use.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace triaged::dispatch {
namespace {

using std::chrono::seconds;

TEST(MinuteUse, IsTheLargerShareOfRequestsAndTokens) {
  const TimePoint now{seconds(1000)};
  MinuteUse use;
  use.add(3, 0, now);
  use.add(1, 500, now);

  EXPECT_DOUBLE_EQ(use.share(10, 0, now), 0.4);
  EXPECT_DOUBLE_EQ(use.share(0, 1000, now), 0.5);
  EXPECT_DOUBLE_EQ(use.share(10, 1000, now), 0.5);
  EXPECT_DOUBLE_EQ(use.share(2, 1000, now), 2);
  EXPECT_DOUBLE_EQ(use.share(0, 0, now), 0);
}

TEST(MinuteUse, ForgetsWhatIsOlderThanAMinute) {
  MinuteUse use;
  for (int second = 0; second < 600; ++second) {
    const TimePoint now{seconds(second)};
    use.add(1, 10, now);
    const int within = std::min(second + 1, 60);
    ASSERT_DOUBLE_EQ(use.share(60, 0, now), within / 60.0) << second;
    ASSERT_DOUBLE_EQ(use.share(0, 600, now), within / 60.0) << second;
  }
  EXPECT_DOUBLE_EQ(use.share(60, 0, TimePoint(seconds(599 + 60))), 0);
}

}  // namespace
}  // namespace triaged::dispatch
