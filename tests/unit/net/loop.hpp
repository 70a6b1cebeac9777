// An event loop and connected sockets for the tests of this layer.
#pragma once

#include "triaged/net/stream.hpp"
#include "triaged/net/task.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::net::test {

using namespace std::chrono_literals;
using SteadyTimer = asio::basic_waitable_timer<TimePoint::clock, asio::wait_traits<TimePoint::clock>, Executor>;

inline Deadline soon(Duration limit = 5ms) { return Deadline::in(limit, TimePoint::clock::now()); }

struct Loop {
  asio::io_context context{1};

  Executor executor() { return context.get_executor(); }

  // Starts a coroutine whose end drain() reports.
  void spawn(Task<void> task) {
    ++running;
    asio::co_spawn(context, std::move(task), [this](const std::exception_ptr& exception) {
      --running;
      if (exception) failure = exception;
    });
  }

  // Runs until every spawned coroutine has ended.
  void drain() {
    context.restart();
    const TimePoint limit = TimePoint::clock::now() + 10s;
    while (running > 0 && TimePoint::clock::now() < limit) {
      if (context.run_one_for(100ms) == 0 && context.stopped()) context.restart();
    }
    ASSERT_EQ(running, 0) << "a coroutine hangs";
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }

  void run(Task<void> task) {
    spawn(std::move(task));
    drain();
  }

  // Lets everything happen that is ready to.
  void settle() {
    std::size_t done = 0;
    do {
      context.restart();
      done = context.poll();  // also when this thread was away for all of the 2 ms
      context.restart();
      done += context.run_for(2ms);
    } while (done > 0);
  }

  int running = 0;
  std::exception_ptr failure;
};

struct Sockets {
  explicit Sockets(Loop& loop) : near(loop.executor()), far(loop.executor()) {
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor(
        loop.executor(), asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    near.connect(acceptor.local_endpoint());
    acceptor.accept(far);
  }
  Socket near;
  Socket far;
};

// Two ends of one connection: `near` is tested, `far` is the other side.
struct Connection {
  explicit Connection(Loop& loop) : Connection(Sockets(loop)) {}
  explicit Connection(Sockets sockets)
      : near(std::make_unique<Stream>(std::move(sockets.near))),
        far(std::make_unique<Stream>(std::move(sockets.far))) {}
  std::unique_ptr<Stream> near;
  std::unique_ptr<Stream> far;
};

inline asio::const_buffer bytes(std::string_view text) { return asio::buffer(text.data(), text.size()); }

inline Task<void> pause(Duration duration) {
  const Executor executor = co_await asio::this_coro::executor;
  SteadyTimer timer(executor, duration);
  co_await timer.async_wait(as_result);
}

// What one read brings, "error: ..." if none.
inline Task<std::string> read_text(Stream& stream) {
  std::string buffer(65536, '\0');
  const IoResult result = co_await stream.read_some(asio::buffer(buffer));
  if (result.error) co_return "error: " + result.error.message();
  buffer.resize(result.bytes);
  co_return buffer;
}

// Everything until `size` bytes have come or an error.
inline Task<std::string> read_all(Stream& stream, std::size_t size) {
  std::string all;
  std::string buffer(65536, '\0');
  while (all.size() < size) {
    const IoResult result = co_await stream.read_some(asio::buffer(buffer));
    if (result.error) break;
    all.append(buffer, 0, result.bytes);
  }
  co_return all;
}

// Bytes that tell when a part of them is lost or out of place.
inline std::string pattern(std::size_t size) {
  std::string text;
  text.reserve(size + 16);
  for (std::size_t line = 0; text.size() < size; ++line) text += std::to_string(line) += " bytes;";
  text.resize(size);
  return text;
}

// Makes the kernel take little of what is written from `from` to `to`, so that writes have to wait.
inline void narrow(Stream& from, Stream& to) {
  from.socket().set_option(asio::socket_base::send_buffer_size(65536));
  to.socket().set_option(asio::socket_base::receive_buffer_size(65536));
}

}  // namespace triaged::net::test
