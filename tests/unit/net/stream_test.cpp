#include "triaged/net/stream.hpp"

#include "unit/net/loop.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace triaged::net::test {
namespace {

using asio::error::operation_aborted;
using asio::error::timed_out;

TEST(Stream, WritesWholeAndReadsWhatCame) {
  Loop loop;
  Connection connection(loop);
  auto body = [&]() -> Task<void> {
    const IoResult sent = co_await connection.near->write(bytes("hello"));
    EXPECT_FALSE(sent.error);
    EXPECT_EQ(sent.bytes, 5U);
    EXPECT_EQ(co_await read_text(*connection.far), "hello");
  };
  loop.run(body());
}

TEST(Stream, WritesGatheredBuffersInOrderAndSkipsEmptyOnes) {
  Loop loop;
  Connection connection(loop);
  std::vector<std::string> parts;
  for (int i = 0; i < 40; ++i) parts.push_back(i % 5 == 0 ? "" : "part" + std::to_string(i) + ";");
  std::vector<asio::const_buffer> buffers;
  std::string whole;
  for (const std::string& part : parts) {
    buffers.push_back(bytes(part));
    whole += part;
  }
  auto body = [&]() -> Task<void> {
    const IoResult sent = co_await connection.near->write(buffers);
    EXPECT_EQ(sent.bytes, whole.size());
    EXPECT_EQ(co_await read_all(*connection.far, whole.size()), whole);
  };
  loop.run(body());
}

TEST(Stream, WritesMoreThanTheKernelTakesAtOnce) {
  Loop loop;
  Connection connection(loop);
  narrow(*connection.near, *connection.far);
  const std::string big = pattern(1 << 20);
  const std::array<asio::const_buffer, 3> buffers = {bytes("head"), bytes(big), bytes("tail")};
  auto writing = [&]() -> Task<void> {
    const IoResult sent = co_await connection.near->write(buffers);
    EXPECT_FALSE(sent.error) << sent.error.message();
    EXPECT_EQ(sent.bytes, big.size() + 8);
  };
  auto reading = [&]() -> Task<void> {
    const std::string got = co_await read_all(*connection.far, big.size() + 8);
    EXPECT_TRUE(got == "head" + big + "tail");
  };
  loop.spawn(writing());
  loop.spawn(reading());
  loop.drain();
}

TEST(Stream, SaysEofWhenTheOtherSideEnds) {
  Loop loop;
  Connection connection(loop);
  connection.far->close();
  auto body = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    const IoResult result = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(result.error, asio::error::eof);
  };
  loop.run(body());
}

TEST(StreamDeadline, EndsTheReadAndLeavesTheSocketUsable) {
  Loop loop;
  Connection connection(loop);
  auto body = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    connection.near->set_read_deadline(soon());
    const IoResult late = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(late.error, timed_out);

    const IoResult sent = co_await connection.near->write(bytes("408"));
    EXPECT_FALSE(sent.error);
    EXPECT_EQ(co_await read_text(*connection.far), "408");

    connection.near->set_read_deadline(soon(5s));
    co_await connection.far->write(bytes("again"));
    EXPECT_EQ(co_await read_text(*connection.near), "again");
  };
  loop.run(body());
}

TEST(StreamDeadline, ThatHasPassedEndsTheNextReadToo) {
  Loop loop;
  Connection connection(loop);
  auto body = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    connection.near->set_read_deadline(soon(1ms));
    for (int i = 0; i < 3; ++i) {
      const IoResult late = co_await connection.near->read_some(asio::buffer(buffer));
      EXPECT_EQ(late.error, timed_out);
    }
  };
  loop.run(body());
}

TEST(StreamDeadline, EndsAWriteThatNobodyReads) {
  Loop loop;
  Connection connection(loop);
  narrow(*connection.near, *connection.far);
  const std::string big = pattern(4 << 20);
  auto body = [&]() -> Task<void> {
    connection.near->set_write_deadline(soon());
    const IoResult sent = co_await connection.near->write(bytes(big));
    EXPECT_EQ(sent.error, timed_out);
    EXPECT_GT(sent.bytes, 0U);
    EXPECT_LT(sent.bytes, big.size());

    co_await connection.far->write(bytes("still here"));
    EXPECT_EQ(co_await read_text(*connection.near), "still here");
  };
  loop.run(body());
}

TEST(StreamDeadline, OfReadingLeavesAPendingWriteAlone) {
  Loop loop;
  Connection connection(loop);
  narrow(*connection.near, *connection.far);
  const std::string big = pattern(1 << 20);
  auto writing = [&]() -> Task<void> {
    const IoResult sent = co_await connection.near->write(bytes(big));
    EXPECT_FALSE(sent.error) << sent.error.message();
    EXPECT_EQ(sent.bytes, big.size());
  };
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    connection.near->set_read_deadline(soon());
    const IoResult late = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(late.error, timed_out);
    const std::string got = co_await read_all(*connection.far, big.size());
    EXPECT_TRUE(got == big);
  };
  loop.spawn(writing());
  loop.spawn(reading());
  loop.drain();
}

TEST(StreamDeadline, OfWritingLeavesAPendingReadAlone) {
  Loop loop;
  Connection connection(loop);
  narrow(*connection.near, *connection.far);
  const std::string big = pattern(4 << 20);
  auto reading = [&]() -> Task<void> { EXPECT_EQ(co_await read_text(*connection.near), "late but fine"); };
  auto writing = [&]() -> Task<void> {
    connection.near->set_write_deadline(soon());
    const IoResult sent = co_await connection.near->write(bytes(big));
    EXPECT_EQ(sent.error, timed_out);
    co_await connection.far->write(bytes("late but fine"));
  };
  loop.spawn(reading());
  loop.spawn(writing());
  loop.drain();
}

TEST(StreamDeadline, ActsWhenMovedCloserDuringTheRead) {
  Loop loop;
  Connection connection(loop);
  connection.near->set_read_deadline(soon(1h));
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    const IoResult late = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(late.error, timed_out);
  };
  loop.spawn(reading());
  loop.settle();
  connection.near->set_read_deadline(soon(1ms));
  loop.drain();
}

TEST(StreamDeadline, DoesNotActWhenMovedAwayInTime) {
  Loop loop;
  Connection connection(loop);
  connection.near->set_read_deadline(soon(500ms));
  auto reading = [&]() -> Task<void> { EXPECT_EQ(co_await read_text(*connection.near), "after the first deadline"); };
  auto writing = [&]() -> Task<void> {
    co_await pause(1ms);
    connection.near->set_read_deadline(soon(5s));
    co_await pause(600ms);
    co_await connection.far->write(bytes("after the first deadline"));
  };
  loop.spawn(reading());
  loop.spawn(writing());
  loop.drain();
}

TEST(StreamCancel, EndsPendingOperationsAndLeavesTheSocketUsable) {
  Loop loop;
  Connection connection(loop);
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    const IoResult result = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(result.error, operation_aborted);
    co_await connection.far->write(bytes("on"));
    EXPECT_EQ(co_await read_text(*connection.near), "on");
  };
  loop.spawn(reading());
  loop.settle();
  connection.near->cancel();
  loop.drain();
}

TEST(StreamCancel, OfTheCoroutineEndsItsRead) {
  Loop loop;
  Connection connection(loop);
  asio::cancellation_signal signal;
  bool ended = false;
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    const IoResult result = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(result.error, operation_aborted);
    ended = true;
  };
  auto on_end = [](const std::exception_ptr&) {};
  asio::co_spawn(loop.context, reading(), asio::bind_cancellation_slot(signal.slot(), on_end));
  loop.settle();
  signal.emit(asio::cancellation_type::terminal);
  loop.settle();
  EXPECT_TRUE(ended);
}

TEST(StreamClose, EndsPendingOperationsAndRefusesLaterOnes) {
  Loop loop;
  Connection connection(loop);
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    const IoResult result = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_EQ(result.error, operation_aborted);
    const IoResult read = co_await connection.near->read_some(asio::buffer(buffer));
    EXPECT_TRUE(read.error);
    const IoResult sent = co_await connection.near->write(bytes("x"));
    EXPECT_TRUE(sent.error);
  };
  loop.spawn(reading());
  loop.settle();
  connection.near->close();
  loop.drain();
  connection.near->close();
  EXPECT_EQ(connection.near->probe(), Stream::Probe::closed);
}

TEST(StreamClose, ByDestructionIsSafeWithAnArmedTimerAndWatch) {
  Loop loop;
  Connection connection(loop);
  int notices = 0;
  connection.near->watch_readable([&] { ++notices; });
  auto body = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    connection.near->set_read_deadline(soon(1h));
    co_await connection.far->write(bytes("x"));
    co_await connection.near->read_some(asio::buffer(buffer));
    connection.near->watch_readable([&] { ++notices; });
    connection.near.reset();
  };
  loop.run(body());
  loop.settle();
  EXPECT_EQ(notices, 1);
}

TEST(StreamClose, ByTheEndOfTheLoopIsSafe) {
  auto loop = std::make_unique<Loop>();
  auto owner = [](Connection connection) -> Task<void> {
    std::array<char, 8> buffer;
    connection.near->set_read_deadline(soon(1h));
    connection.near->watch_readable([] {});
    co_await connection.near->read_some(asio::buffer(buffer));
    ADD_FAILURE() << "nothing was sent";
  };
  Connection connection(*loop);
  loop->spawn(owner(std::move(connection)));
  loop->settle();
  loop.reset();
}

TEST(StreamShutdown, EndsTheConnectionAtOnceWhenNothingIsUnread) {
  Loop loop;
  Connection connection(loop);
  auto body = [&]() -> Task<void> {
    co_await connection.near->shutdown(soon(5s));
    EXPECT_FALSE(connection.near->socket().is_open());
    EXPECT_EQ(co_await read_text(*connection.far), "error: End of file");
  };
  loop.run(body());
}

TEST(StreamShutdown, DeliversTheLastAnswerAlthoughTheRequestWasNotRead) {
  Loop loop;
  Connection connection(loop);
  const std::string body = pattern(1 << 20);
  auto uploading = [&]() -> Task<void> {
    co_await connection.far->write(bytes(body));
    EXPECT_EQ(co_await read_text(*connection.far), "413");
    connection.far->close();
  };
  auto refusing = [&]() -> Task<void> {
    std::array<char, 16> buffer;
    co_await connection.near->read_some(asio::buffer(buffer));
    co_await connection.near->write(bytes("413"));
    co_await connection.near->shutdown(soon(5s));
  };
  loop.spawn(uploading());
  loop.spawn(refusing());
  loop.drain();
}

TEST(StreamShutdown, IsBoundedByItsDeadline) {
  Loop loop;
  Connection connection(loop);
  auto body = [&]() -> Task<void> {
    co_await connection.far->write(bytes("never read"));
    co_await pause(1ms);
    co_await connection.near->shutdown(soon());
    EXPECT_FALSE(connection.near->socket().is_open());
  };
  loop.run(body());
}

}  // namespace
}  // namespace triaged::net::test
