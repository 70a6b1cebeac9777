#include "triaged/wire/request_parser.hpp"

#include "support/processor_time.hpp"
#include "unit/wire/feed.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::wire {
namespace {

std::string post_of(std::size_t size) {
  return "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

TEST(RequestParser, KnowsNothingBeforeTheFirstByte) {
  RequestParser parser{RequestLimits{}};

  EXPECT_FALSE(parser.started());
  EXPECT_FALSE(parser.head_done());
  EXPECT_FALSE(parser.done());
  ASSERT_TRUE(parser.put(""));
  EXPECT_FALSE(parser.started());
}

TEST(RequestParser, LineEndsInFrontOfARequestDoNotStartIt) {
  RequestParser parser{RequestLimits{}};

  EXPECT_EQ(*parser.put("\r\n\r"), 2U);
  EXPECT_FALSE(parser.started());
  EXPECT_EQ(*parser.put("\r\nG"), 2U);
  EXPECT_TRUE(parser.started());
}

TEST(RequestParser, UsesNothingOfAHeadThatIsNotWhole) {
  RequestParser parser{RequestLimits{}};

  EXPECT_EQ(*parser.put("GET / HTTP/1.1\r\nHost: a\r\n"), 0U);
  EXPECT_TRUE(parser.started());
  EXPECT_FALSE(parser.head_done());
}

TEST(RequestParser, TellsTheHeadBeforeTheBodyHasCome) {
  RequestParser parser{RequestLimits{}};
  const std::string head = "POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-A:  b \r\n\r\n";

  EXPECT_EQ(*parser.put(head + "he"), head.size() + 2);

  EXPECT_TRUE(parser.head_done());
  EXPECT_FALSE(parser.done());
  EXPECT_EQ(parser.method(), "POST");
  EXPECT_EQ(parser.target(), "/v1/x?y=1");
  EXPECT_EQ(parser.version(), 11);
  EXPECT_EQ(parser.declared_length(), 5U);
  EXPECT_EQ(parser.headers().find("x-a"), "b");
  EXPECT_EQ(parser.body(), "he");
  EXPECT_EQ(*parser.put("lloGET"), 3U);
  EXPECT_TRUE(parser.done());
  EXPECT_EQ(*parser.put("GET / HTTP/1.1\r\n"), 0U) << "a complete parser leaves everything";
}

TEST(RequestParser, ReadsPipelinedRequestsOneAfterTheOther) {
  RequestParser parser{RequestLimits{}};
  std::string bytes = post_of(2) + "hi" + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n" + post_of(3) + "bye";
  const std::string targets[] = {"/v1/x", "/2", "/v1/x"};
  const std::string bodies[] = {"hi", "", "bye"};

  for (int i = 0; i < 3; ++i) {
    const RequestOutcome outcome = feed_request(parser, bytes, whole);
    ASSERT_TRUE(outcome.done);
    EXPECT_EQ(outcome.target, targets[i]);
    EXPECT_EQ(outcome.body, bodies[i]);
    bytes.erase(0, outcome.used);
    parser.reset();
    EXPECT_FALSE(parser.started());
    EXPECT_TRUE(parser.body().empty());
    EXPECT_EQ(parser.headers().size(), 0U);
  }
  EXPECT_TRUE(bytes.empty());
}

TEST(RequestParser, NothingOfARefusedRequestReachesTheNext) {
  RequestParser parser{RequestLimits{}};
  ASSERT_EQ(feed_request(parser, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", whole).refused, 501);
  EXPECT_FALSE(parser.put("GET / HTTP/1.1\r\nHost: a\r\n\r\n")) << "a refusal stays";

  parser.reset();

  const RequestOutcome outcome = feed_request(parser, "GET / HTTP/1.1\r\nHost: b\r\n\r\n", 1);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.fields, "Host: b|");
}

TEST(RequestParser, TellsTheHeadWhenOnlyTheBodyIsRefused) {
  RequestLimits limits;
  limits.body = 10;
  RequestParser parser(limits);

  const Result<std::size_t> put = parser.put(post_of(11));

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().status, 413);
  EXPECT_EQ(put.error().kind, ErrorKind::too_large);
  EXPECT_EQ(put.error().blame, Blame::client);
  EXPECT_TRUE(parser.head_done());
  EXPECT_EQ(parser.target(), "/v1/x");
}

TEST(RequestParser, TellsTheHeadWhenAChunkIsRefused) {
  RequestParser parser{RequestLimits{}};

  ASSERT_FALSE(parser.put("POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz"));

  EXPECT_TRUE(parser.head_done());
  EXPECT_FALSE(parser.done());
}

struct Expectation {
  std::string head;
  bool waits;
};

TEST(RequestParser, SaysWhenTheClientWaitsForPermissionToSendItsBody) {
  const Expectation table[] = {
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n", true},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", true},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", false},
      {"POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", false},
  };
  for (const Expectation& row : table) {
    RequestParser parser{RequestLimits{}};
    ASSERT_TRUE(parser.put(row.head)) << row.head;
    EXPECT_TRUE(parser.head_done());
    EXPECT_EQ(parser.expects_continue(), row.waits) << row.head;
  }
}

TEST(RequestParser, AnUpgradeNeedsBothFields) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  RequestParser parser{RequestLimits{}};
  ASSERT_TRUE(parser.put(head + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
  EXPECT_TRUE(parser.upgrade());

  parser.reset();
  ASSERT_TRUE(parser.put(head + "Upgrade: websocket\r\n\r\n"));
  EXPECT_FALSE(parser.upgrade());

  parser.reset();
  ASSERT_TRUE(parser.put(head + "Connection: upgrade\r\n\r\n"));
  EXPECT_FALSE(parser.upgrade());
}

TEST(RequestParser, ReservesASmallBodyInOneStep) {
  RequestParser parser{RequestLimits{}};

  ASSERT_TRUE(parser.put(post_of(1U << 20U)));

  EXPECT_GE(parser.body().capacity(), (1U << 20U) + 64U);
}

TEST(RequestParser, ADeclaredBodyCostsNoMemoryBeforeItComes) {
  RequestParser parser{RequestLimits{}};

  ASSERT_TRUE(parser.put(post_of(32U << 20U)));

  EXPECT_LT(parser.body().capacity(), 1024U);
}

TEST(RequestParser, MemoryOfALargeBodyFollowsWhatCame) {
  constexpr std::size_t size = 3'000'000;
  RequestParser parser{RequestLimits{}};
  ASSERT_TRUE(parser.put(post_of(size)));
  const std::string piece(16U << 10U, 'x');

  for (std::size_t sent = 0; sent < size;) {
    const std::size_t now = std::min(piece.size(), size - sent);
    ASSERT_EQ(*parser.put(std::string_view(piece).substr(0, now)), now);
    sent += now;
    EXPECT_EQ(parser.body().size(), sent);
    EXPECT_GE(parser.body().capacity(), sent + 64);
    EXPECT_LE(parser.body().capacity(), 2 * sent + 128);
  }

  EXPECT_TRUE(parser.done());
  EXPECT_LE(parser.body().capacity(), size + 64);
}

TEST(RequestParser, TakingTheBodyLeavesAnEmptyOneAndTheNextRequestWorks) {
  RequestParser parser{RequestLimits{}};
  ASSERT_TRUE(feed_request(parser, post_of(5) + "hello", whole).done);

  const std::string taken = parser.take_body();

  EXPECT_EQ(taken, "hello");
  EXPECT_GE(taken.capacity(), taken.size() + 64);
  EXPECT_TRUE(parser.body().empty());
  parser.reset();
  ASSERT_TRUE(feed_request(parser, post_of(3) + "bye", 1).done);
  EXPECT_EQ(parser.body(), "bye");
  EXPECT_GE(parser.body().capacity(), 67U);
}

TEST(RequestParser, ResetKeepsSmallMemoryAndGivesBackLarge) {
  RequestParser parser{RequestLimits{}};
  ASSERT_TRUE(feed_request(parser, post_of(1000) + std::string(1000, 'x'), whole).done);
  const char* const memory = parser.body().data();
  parser.reset();
  EXPECT_EQ(parser.body().data(), memory);

  ASSERT_TRUE(feed_request(parser, post_of(4U << 20U) + std::string(4U << 20U, 'x'), whole).done);
  parser.reset();
  EXPECT_LT(parser.body().capacity(), 1024U);
}

// Quadratic work would take minutes here, linear work milliseconds.
TEST(RequestParser, WorkGrowsWithTheBytesAndNotWithTheirSquare) {
  const double begin = test::processor_seconds();
  RequestParser parser{RequestLimits{}};
  const std::string piece(16U << 10U, 'x');
  ASSERT_TRUE(parser.put(post_of(32U << 20U)));
  for (std::size_t sent = 0; sent < (32U << 20U); sent += piece.size()) ASSERT_TRUE(parser.put(piece));
  EXPECT_TRUE(parser.done());

  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(32'000, 'y') + "\r\n\r\n";
  parser.reset();
  for (std::size_t size = 1; size <= head.size(); ++size)
    ASSERT_TRUE(parser.put(std::string_view(head).substr(0, size)));
  EXPECT_TRUE(parser.done());

  EXPECT_LT(test::processor_seconds() - begin, 20);
}

}  // namespace
}  // namespace triaged::wire
