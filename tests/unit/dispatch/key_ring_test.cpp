#include "dispatch/key_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace triaged::dispatch {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

std::vector<std::size_t> taken(KeyRing& ring, TimePoint now, int times) {
  std::vector<std::size_t> keys;
  for (int i = 0; i < times; ++i) keys.push_back(ring.take(now));
  return keys;
}

const TimePoint now{seconds(1000)};

TEST(KeyRing, TakesKeysInTurn) {
  KeyRing ring(3);

  EXPECT_THAT(taken(ring, now, 7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

TEST(KeyRing, PassesOverKeysThatAreOut) {
  KeyRing ring(3);
  ring.put_out(1, now + seconds(10));

  EXPECT_THAT(taken(ring, now, 4), ElementsAre(0, 2, 0, 2));
  EXPECT_THAT(taken(ring, now + seconds(10), 3), ElementsAre(0, 1, 2));
}

TEST(KeyRing, TakesTheOneThatIsBackFirstWhenAllAreOut) {
  KeyRing ring(3);
  ring.put_out(0, now + seconds(30));
  ring.put_out(1, now + seconds(10));
  ring.put_out(2, now + seconds(20));

  EXPECT_EQ(ring.take(now), 1U);
  EXPECT_EQ(ring.soonest(), now + seconds(10));
}

TEST(KeyRing, KnowsWhetherAnotherIsLeft) {
  KeyRing ring(2);
  EXPECT_TRUE(ring.other_left(0, now));
  ring.put_out(1, now + seconds(1));
  EXPECT_FALSE(ring.other_left(0, now));
  EXPECT_TRUE(ring.other_left(1, now));
  EXPECT_TRUE(ring.other_left(0, now + seconds(1)));
  EXPECT_FALSE(KeyRing(1).other_left(0, now));
}

TEST(KeyRing, NeverShortensAPause) {
  KeyRing ring(1);
  ring.put_out(0, now + seconds(60));
  ring.put_out(0, now + seconds(5));

  EXPECT_EQ(ring.soonest(), now + seconds(60));
}

}  // namespace
}  // namespace triaged::dispatch
