#include "triaged/server/session.hpp"

#include "unit/net/loop.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace triaged::server {
namespace {

class ThrowingHandler final : public Handler {
 public:
  net::Task<void> handle(Turn&) override { co_return; }
  void refused(const Error&) override {}
  std::optional<std::size_t> body_in_pieces(const wire::RequestParser&) override {
    throw std::runtime_error("out of something");
  }
  void opened() override { ++open; }
  void closed() override { --open; }
  int open = 0;
};

TEST(Session, ThatEndsWithAnExceptionIsForgotten) {
  net::test::Loop loop;
  ThrowingHandler handler;
  SessionOptions options;
  Sessions sessions(loop.executor(), options, handler, system_clock());
  net::test::Sockets sockets(loop);
  sockets.far.send(net::test::bytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na"));

  sessions.accept(std::move(sockets.near));
  EXPECT_NO_THROW(loop.run(sessions.wait()));

  EXPECT_EQ(handler.open, 0);
  sessions.drain();
  sessions.terminate();
}

}  // namespace
}  // namespace triaged::server
