#include "dispatch/attempt_clock.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

using std::chrono::seconds;

const TimePoint begin(seconds(1000));

config::Clocks clocks() {
  config::Clocks clocks;
  clocks.connect = seconds(1);
  clocks.head = seconds(20);
  clocks.first_content = seconds(10);
  clocks.idle = seconds(5);
  clocks.total = seconds(100);
  clocks.min_rate = 0;
  clocks.rate_window = seconds(4);
  return clocks;
}

void expect(const AttemptClock::Wait& wait, seconds after_begin, ErrorKind late) {
  EXPECT_EQ(wait.until.at(), begin + after_begin);
  EXPECT_EQ(name(wait.late), name(late));
}

TEST(AttemptClock, WaitsForAConnectionFromTheBeginning) {
  const config::Clocks set = clocks();
  expect(AttemptClock(set, true, begin).for_connection(), seconds(1), ErrorKind::connect_timeout);
}

TEST(AttemptClock, WaitsForAStreamsHeadNoLongerThanForItsFirstContent) {
  const config::Clocks set = clocks();
  AttemptClock stream(set, true, begin);
  AttemptClock whole(set, false, begin);
  stream.on_sent(begin + seconds(2));
  whole.on_sent(begin + seconds(2));

  expect(stream.for_head(), seconds(12), ErrorKind::head_timeout);
  expect(whole.for_head(), seconds(22), ErrorKind::head_timeout);
}

TEST(AttemptClock, CountsTheFirstContentFromTheRequestWhateverElseComes) {
  const config::Clocks set = clocks();
  AttemptClock clock(set, true, begin);
  clock.on_sent(begin + seconds(1));
  clock.on_bytes(0, false, begin + seconds(9));  // a role, a ping

  expect(clock.for_more(begin + seconds(9)), seconds(11), ErrorKind::first_content_timeout);
}

TEST(AttemptClock, CountsIdleTimeFromWhenItIsWaited) {
  const config::Clocks set = clocks();
  AttemptClock stream(set, true, begin);
  stream.on_bytes(1, true, begin + seconds(3));

  expect(stream.for_more(begin + seconds(8)), seconds(13), ErrorKind::idle_timeout);
  expect(AttemptClock(set, false, begin).for_more(begin + seconds(8)), seconds(13), ErrorKind::idle_timeout);
}

TEST(AttemptClock, LetsTheWholeAttemptEndEveryWait) {
  config::Clocks set = clocks();
  set.total = seconds(3);
  set.connect = seconds(4);
  AttemptClock clock(set, true, begin);
  clock.on_sent(begin + seconds(1));

  expect(clock.for_connection(), seconds(3), ErrorKind::total_timeout);
  expect(clock.for_sending(), seconds(3), ErrorKind::total_timeout);
  expect(clock.for_head(), seconds(3), ErrorKind::total_timeout);
  expect(clock.for_more(begin + seconds(2)), seconds(3), ErrorKind::total_timeout);
}

TEST(AttemptClock, HasNoLimitWhereNoneIsSet) {
  config::Clocks set;
  set.connect = set.head = set.first_content = set.idle = set.total = Duration(0);
  AttemptClock clock(set, true, begin);

  EXPECT_TRUE(clock.for_connection().until.never());
  EXPECT_TRUE(clock.for_head().until.never());
  EXPECT_TRUE(clock.for_more(begin).until.never());
}

// 2 tokens a second over 4 seconds are 8 tokens, 32 characters.
class AttemptClockRate : public testing::Test {
 protected:
  AttemptClockRate() {
    set.min_rate = 2;
    set.idle = seconds(60);
  }
  config::Clocks set = clocks();
  AttemptClock clock{set, true, begin};
};

TEST_F(AttemptClockRate, EndsAStreamThatDripsAtTheEndOfItsWindow) {
  clock.on_bytes(4, true, begin);
  clock.on_bytes(8, true, begin + seconds(1));
  clock.on_bytes(30, true, begin + seconds(3));

  expect(clock.for_more(begin + seconds(3)), seconds(4), ErrorKind::too_slow);
}

TEST_F(AttemptClockRate, NeverInterruptsAStreamThatKeepsItsRate) {
  for (int second = 0; second <= 40; ++second) {
    const TimePoint now = begin + seconds(second);
    clock.on_bytes(4 + 8 * static_cast<std::uint64_t>(second), true, now);
    ASSERT_GE(clock.for_more(now).until.at(), now + seconds(1)) << second;
  }
}

TEST_F(AttemptClockRate, JudgesTheNextWindowByWhatCameInIt) {
  clock.on_bytes(4, true, begin);
  clock.on_bytes(400, true, begin + seconds(1));  // a burst pays for its own window only

  expect(clock.for_more(begin + seconds(1)), seconds(8), ErrorKind::too_slow);
  clock.on_bytes(410, true, begin + seconds(5));
  expect(clock.for_more(begin + seconds(5)), seconds(9), ErrorKind::too_slow);
}

TEST_F(AttemptClockRate, DoesNotCountTheTimeThatTheClientIsWaitedFor) {
  clock.on_bytes(4, true, begin);
  clock.on_pause(begin, begin + seconds(30));

  expect(clock.for_more(begin + seconds(30)), seconds(34), ErrorKind::too_slow);
}

TEST_F(AttemptClockRate, BeginsWithTheFirstContent) {
  clock.on_bytes(0, false, begin);
  expect(clock.for_more(begin), seconds(10), ErrorKind::first_content_timeout);
}

}  // namespace
}  // namespace triaged::dispatch
