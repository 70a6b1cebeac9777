#include "triaged/provider/standing_faults.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using std::chrono::seconds;

TEST(StandingFaults, HoldUntilTheyAreEnded) {
  StandingFaults faults;
  EXPECT_EQ(faults.meet("m", seconds(0)), "");
  ASSERT_TRUE(faults.hold("m", "status=503;retry_after=1", seconds(1)));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(faults.meet("m", seconds(2)), "status=503;retry_after=1");
  EXPECT_EQ(faults.meet("other", seconds(2)), "");
  EXPECT_TRUE(faults.end("m"));
  EXPECT_FALSE(faults.end("m"));
  EXPECT_EQ(faults.meet("m", seconds(2)), "");
}

TEST(StandingFaults, MeetExactlyTheNumberOfRequestsThatWasSaid) {
  StandingFaults faults;
  ASSERT_TRUE(faults.hold("m", "status=500;times=2", seconds(0)));
  EXPECT_EQ(faults.meet("m", seconds(0)), "status=500");
  EXPECT_EQ(faults.all()[0].left, 1U);
  EXPECT_EQ(faults.all()[0].met, 1U);
  EXPECT_EQ(faults.meet("m", seconds(0)), "status=500");
  EXPECT_EQ(faults.meet("m", seconds(0)), "");
  EXPECT_TRUE(faults.all().empty());
}

TEST(StandingFaults, FlapFromTheMomentTheyWereSet) {
  StandingFaults faults;
  ASSERT_TRUE(faults.hold("m", "flap=2s/1s;times=2", seconds(100)));
  EXPECT_EQ(faults.meet("m", seconds(101)), "");
  EXPECT_EQ(faults.meet("m", seconds(102)), "status=503");
  EXPECT_EQ(faults.meet("m", seconds(103)), "");
  EXPECT_EQ(faults.meet("m", seconds(105)), "status=503");
  EXPECT_TRUE(faults.all().empty()) << "while up no request uses one up";
}

TEST(StandingFaults, OfEveryModelGiveWayToThoseOfOne) {
  StandingFaults faults;
  ASSERT_TRUE(faults.hold("*", "status=500", seconds(0)));
  ASSERT_TRUE(faults.hold("m", "status=429", seconds(0)));
  EXPECT_EQ(faults.meet("m", seconds(0)), "status=429");
  EXPECT_EQ(faults.meet("n", seconds(0)), "status=500");
  faults.end_all();
  EXPECT_EQ(faults.meet("n", seconds(0)), "");
}

TEST(StandingFaults, RefuseWhatIsNoFault) {
  StandingFaults faults;
  for (const char* const text : {"", "none", "stauts=500", "times=0", "times", "flap=1s"}) {
    EXPECT_FALSE(faults.hold("m", text, seconds(0))) << text;
  }
  EXPECT_TRUE(faults.all().empty());
}

}  // namespace
}  // namespace triaged::provider
