#include "unit/net/loop.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace triaged::net::test {
namespace {

using Probe = Stream::Probe;

struct Watch : testing::Test {
  Loop loop;
  Connection connection{loop};
  Stream& near = *connection.near;
  Stream& far = *connection.far;
  int notices = 0;

  void watch() {
    near.watch_readable([this] { ++notices; });
  }
  void far_sends(std::string_view text) {
    error_code error;
    far.socket().write_some(bytes(text), error);
    ASSERT_FALSE(error);
  }
  // A close that the other side sees as a reset.
  void far_resets() {
    far.socket().set_option(asio::socket_base::linger(true, 0));
    far.close();
  }
};

TEST_F(Watch, SaysNothingWhileNothingComes) {
  watch();

  loop.settle();

  EXPECT_EQ(notices, 0);
  EXPECT_TRUE(near.watching());
  EXPECT_EQ(near.probe(), Probe::nothing);
}

TEST_F(Watch, NoticesBytesOnce) {
  watch();
  far_sends("x");

  loop.settle();
  far_sends("y");
  loop.settle();

  EXPECT_EQ(notices, 1);
  EXPECT_FALSE(near.watching());
  EXPECT_EQ(near.probe(), Probe::data);
}

TEST_F(Watch, NoticesTheEnd) {
  watch();
  far.close();

  loop.settle();

  EXPECT_EQ(notices, 1);
  EXPECT_EQ(near.probe(), Probe::closed);
}

TEST_F(Watch, NoticesAReset) {
  watch();
  far_resets();

  loop.settle();

  EXPECT_EQ(notices, 1);
  EXPECT_EQ(near.probe(), Probe::closed);
}

TEST_F(Watch, SeesWhatCameBeforeItWasArmed) {
  far_sends("pipelined");
  loop.settle();

  watch();
  loop.settle();

  EXPECT_EQ(notices, 1);
}

TEST_F(Watch, SeesAnEndBehindUnreadBytes) {
  far_sends("pipelined");
  loop.settle();
  EXPECT_EQ(near.probe(), Probe::data);

  far.close();
  loop.settle();

  EXPECT_EQ(near.probe(), Probe::closed);
}

TEST_F(Watch, StaysArmedOverAReadWhichIsServedAfterIt) {
  std::vector<std::string> order;
  near.watch_readable([&] { order.push_back("notice"); });
  auto reading = [&]() -> Task<void> { order.push_back(co_await read_text(near)); };
  loop.spawn(reading());
  loop.settle();

  far_sends("next");
  loop.drain();

  EXPECT_EQ(order, (std::vector<std::string>{"notice", "next"}));
}

TEST_F(Watch, SurvivesATimedOutRead) {
  watch();
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    near.set_read_deadline(soon(2ms));
    const IoResult late = co_await near.read_some(asio::buffer(buffer));
    EXPECT_EQ(late.error, asio::error::timed_out);
  };
  loop.run(reading());
  loop.settle();
  EXPECT_EQ(notices, 0);
  EXPECT_TRUE(near.watching());

  far.close();
  loop.settle();

  EXPECT_EQ(notices, 1);
}

TEST_F(Watch, SurvivesCancelHoweverItIsDone) {
  watch();

  near.cancel();
  loop.settle();
  near.socket().cancel();
  loop.settle();
  EXPECT_EQ(notices, 0);
  EXPECT_TRUE(near.watching());

  far_sends("x");
  loop.settle();
  EXPECT_EQ(notices, 1);
}

TEST_F(Watch, KeepsItsPlaceBeforeAReadThatFollowsACancel) {
  std::vector<std::string> order;
  near.watch_readable([&] { order.push_back("notice"); });
  near.cancel();
  auto reading = [&]() -> Task<void> { order.push_back(co_await read_text(near)); };
  loop.spawn(reading());
  far_sends("x");

  loop.drain();

  EXPECT_EQ(order, (std::vector<std::string>{"notice", "x"}));
}

TEST_F(Watch, IsSilentAfterClose) {
  watch();
  far_sends("x");

  near.close();
  loop.settle();
  watch();
  loop.settle();

  EXPECT_EQ(notices, 0);
  EXPECT_FALSE(near.watching());
}

TEST_F(Watch, ArmedTwiceCallsTheLaterNoticeOnly) {
  std::string called;
  near.watch_readable([&] { called += "first"; });
  near.watch_readable([&] { called += "second"; });
  far_sends("x");

  loop.settle();

  EXPECT_EQ(called, "second");
}

TEST_F(Watch, CanBeArmedAgainInsideTheNotice) {
  near.watch_readable([this] {
    ++notices;
    std::array<char, 8> buffer;
    error_code error;
    near.socket().read_some(asio::buffer(buffer), error);
    watch();
  });
  far_sends("x");
  loop.settle();
  EXPECT_EQ(notices, 1);

  far_sends("y");
  loop.settle();

  EXPECT_EQ(notices, 2);
}

TEST_F(Watch, MayEndItsStreamInTheNotice) {
  near.watch_readable([this] {
    ++notices;
    connection.near.reset();
  });
  far_sends("x");

  loop.settle();

  EXPECT_EQ(notices, 1);
}

}  // namespace
}  // namespace triaged::net::test
