#include "triaged/upstream/pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace triaged::upstream {
namespace {

struct Fixture {
  net::asio::io_context context{1};
  Connection connection{net::Socket(context.get_executor())};
  std::string body;

  Result<void> receive(std::string_view bytes) {
    Result<void> taken;
    while (taken && !bytes.empty()) {
      const net::asio::mutable_buffer space = connection.space();
      const std::size_t size = std::min(space.size(), bytes.size());
      std::memcpy(space.data(), bytes.data(), size);
      bytes.remove_prefix(size);
      taken = connection.take(size, body);
    }
    return taken;
  }
};

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

TEST(Connection, GivesTheSameBodyWhereverTheBytesAreCut) {
  for (std::size_t cut = 1; cut < answer.size(); ++cut) {
    Fixture f;
    ASSERT_TRUE(f.receive(answer.substr(0, cut))) << cut;
    ASSERT_TRUE(f.receive(answer.substr(cut))) << cut;
    ASSERT_TRUE(f.connection.parser.done()) << cut;
    ASSERT_EQ(f.body, "hello") << cut;
  }
}

TEST(Connection, TakesAHeadThatComesByteByByteAndChunks) {
  Fixture f;
  const std::string_view chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  for (const char byte : chunked) ASSERT_TRUE(f.receive(std::string_view(&byte, 1)));

  EXPECT_TRUE(f.connection.parser.done());
  EXPECT_EQ(f.body, "hello");
}

TEST(Connection, SkipsInterimResponses) {
  Fixture f;
  ASSERT_TRUE(f.receive("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"));
  ASSERT_TRUE(f.receive(answer));

  EXPECT_EQ(f.connection.parser.status(), 200);
  EXPECT_EQ(f.body, "hello");
}

TEST(Connection, IsReusableAfterAResponseButNotWithBytesBehindIt) {
  Fixture clean;
  Fixture surplus;
  EXPECT_FALSE(clean.connection.reusable());

  ASSERT_TRUE(clean.receive(answer));
  ASSERT_TRUE(surplus.receive(std::string(answer) + "HTTP/1.1 200 OK\r\n"));

  EXPECT_TRUE(clean.connection.reusable());
  EXPECT_EQ(surplus.body, "hello");
  EXPECT_TRUE(surplus.connection.parser.done());
  EXPECT_FALSE(surplus.connection.reusable());
}

TEST(Connection, ReadsSmallPiecesUntilOneWasFull) {
  Fixture f;
  ASSERT_TRUE(f.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(f.receive("5\r\nhello\r\n"));
  EXPECT_EQ(f.connection.buffer.size(), Connection::usual_buffer) << "the line end behind a chunk is held";

  ASSERT_TRUE(f.receive("4000\r\n" + std::string(Connection::usual_buffer, 'x')));
  EXPECT_GE(f.connection.space().size(), 16U << 10U) << "a full TLS record";
}

TEST(Connection, ReadsSmallPiecesAgainOnceTheyAreSmallForAWhile) {
  Fixture f;
  ASSERT_TRUE(f.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  ASSERT_TRUE(f.receive("800\r\n" + std::string(Connection::usual_buffer, 'x') + "\r\n"));
  ASSERT_GT(f.connection.space().size(), Connection::usual_buffer);

  for (int i = 0; i < 3; ++i) ASSERT_TRUE(f.receive("5\r\nhello\r\n"));
  ASSERT_TRUE(f.receive("2\r\n!!\r\n"));

  EXPECT_EQ(f.connection.buffer.size(), Connection::usual_buffer);
  EXPECT_EQ(f.body.substr(Connection::usual_buffer), "hellohellohello!!");
}

TEST(Connection, RefusesWhatIsNotHttp) {
  Fixture f;

  EXPECT_FALSE(f.receive("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
}

TEST(Connection, BoundsAHeadThatNeverEnds) {
  Fixture f;
  ASSERT_TRUE(f.receive("HTTP/1.1 200 OK\r\nX: "));
  bool refused = false;
  for (int i = 0; i < 100 && !refused; ++i) refused = !f.receive(std::string(4096, 'a'));

  EXPECT_TRUE(refused);
  EXPECT_LT(f.connection.buffer.size(), 256U << 10U);
}

}  // namespace
}  // namespace triaged::upstream
