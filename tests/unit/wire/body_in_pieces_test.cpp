// A body that is taken in pieces: the rule is asked for once the head is known, and nothing of the body is used before
// it is asked for.
#include "triaged/wire/request_parser.hpp"

#include "unit/wire/feed.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::wire {
namespace {

constexpr std::string_view chunked_head = "POST /big HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

BodyRule pieces_for_big(const RequestParser& head) {
  if (head.target() == "/big") return {100, true};
  return {10, false};
}

std::string post_of(std::string_view target, std::size_t size) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

TEST(BodyInPieces, PutStopsBehindTheHead) {
  RequestParser parser(RequestLimits{}, pieces_for_big);
  const std::string head = post_of("/big", 5);

  EXPECT_EQ(*parser.put(head + "hello"), head.size());

  EXPECT_TRUE(parser.head_done());
  EXPECT_TRUE(parser.in_pieces());
  EXPECT_FALSE(parser.chunked());
  EXPECT_FALSE(parser.done());
  EXPECT_EQ(parser.body(), "");
}

TEST(BodyInPieces, EachPieceIsGoneOnceItWasDropped) {
  RequestParser parser(RequestLimits{}, pieces_for_big);
  ASSERT_TRUE(parser.put(post_of("/big", 8)));

  EXPECT_EQ(*parser.put("abcde"), 5U);
  EXPECT_EQ(parser.body(), "abcde");
  parser.drop_body();
  EXPECT_FALSE(parser.done());
  EXPECT_EQ(*parser.put("fghGET /"), 3U);

  EXPECT_EQ(parser.body(), "fgh");
  EXPECT_TRUE(parser.done());
}

TEST(BodyInPieces, ChunksLoseTheirFraming) {
  RequestParser parser(RequestLimits{}, pieces_for_big);
  const RequestOutcome outcome =
      feed_request(parser, std::string(chunked_head) + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", 4);

  EXPECT_TRUE(parser.chunked());
  EXPECT_EQ(outcome.body, "abcde");
  EXPECT_TRUE(outcome.done);
}

TEST(BodyInPieces, ARequestWithoutBodyIsDoneWithItsHead) {
  RequestParser parser(RequestLimits{}, pieces_for_big);

  ASSERT_TRUE(parser.put("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));

  EXPECT_TRUE(parser.in_pieces());
  EXPECT_TRUE(parser.done());
}

TEST(BodyInPieces, TheRulesLimitHoldsInPlaceOfTheGeneralOne) {
  const RequestLimits limits{32U << 10U, 128, 50};
  for (const auto& [request, status] : {std::pair{post_of("/big", 100), 0}, std::pair{post_of("/big", 101), 413},
                                        std::pair{post_of("/small", 10), 0}, std::pair{post_of("/small", 11), 413}}) {
    RequestParser parser(limits, pieces_for_big);
    EXPECT_EQ(feed_request(parser, request, whole).refused, status) << request;
    EXPECT_TRUE(parser.head_done()) << request;
  }
}

TEST(BodyInPieces, ChunksBeyondTheRulesLimitAreRefusedWhereTheyCrossIt) {
  RequestParser parser(RequestLimits{}, pieces_for_big);
  ASSERT_TRUE(parser.put(chunked_head));

  ASSERT_TRUE(parser.put("40\r\n" + std::string(64, 'a')));
  const Result<std::size_t> beyond = parser.put("\r\n25\r\n");

  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().status, 413);
}

TEST(BodyInPieces, TheNextRequestIsJudgedAnew) {
  RequestParser parser(RequestLimits{}, pieces_for_big);
  ASSERT_TRUE(parser.put("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
  parser.reset();

  const RequestOutcome next = feed_request(parser, post_of("/small", 3) + "abc", whole);

  EXPECT_FALSE(parser.in_pieces());
  EXPECT_EQ(next.body, "abc");
  EXPECT_TRUE(next.done);
}

}  // namespace
}  // namespace triaged::wire
