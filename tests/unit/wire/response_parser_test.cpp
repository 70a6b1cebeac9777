#include "triaged/wire/response_parser.hpp"

#include "unit/wire/feed.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace triaged::wire {
namespace {

std::string ok(std::string_view fields, std::string_view body = {}) {
  return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

struct Row {
  std::string name;
  std::string input;
  int status;
  std::string body;
  bool keep_alive = true;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class AcceptedResponse : public testing::TestWithParam<Row> {};

TEST_P(AcceptedResponse, EndsWhereItsFramingSaysHoweverItsBytesCome) {
  const Row& row = GetParam();
  ResponseParser parser;

  const ResponseOutcome at_once = feed_response(parser, row.input + "unsolicited", whole);

  EXPECT_FALSE(at_once.refused) << at_once.detail;
  EXPECT_TRUE(at_once.done);
  EXPECT_EQ(at_once.status, row.status);
  EXPECT_EQ(at_once.body, row.body);
  EXPECT_EQ(at_once.used, row.input.size()) << "unsolicited bytes are left";
  EXPECT_EQ(parser.keep_alive(), row.keep_alive);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(feed_response(row.input + "unsolicited", piece), at_once) << "in pieces of " << piece;
  }
}

const std::vector<Row> accepted = {
    {"length", ok("Content-Length: 5\r\n", "hello"), 200, "hello"},
    {"length 0", ok("Content-Length: 0\r\n"), 200, ""},
    {"chunked", ok("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"), 200, "hello"},
    {"trailers are dropped",
     ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nServer-Timing: x\r\nConnection: close\r\n\r\n"), 200,
     "hello"},
    {"no reason", "HTTP/1.1 429 \r\nContent-Length: 2\r\n\r\n{}", 429, "{}"},
    {"204 has no body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""},
    {"204 without length", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
    {"304 has no body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""},
    {"interim responses are skipped",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("Content-Length: 2\r\n", "hi"),
     200, "hi"},
    {"close", ok("Connection: close\r\nContent-Length: 2\r\n", "hi"), 200, "hi", false},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false},
    {"HTTP/1.0 keep-alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", 200, "hi",
     true},
};

INSTANTIATE_TEST_SUITE_P(Responses, AcceptedResponse, testing::ValuesIn(accepted));

struct Refused {
  std::string name;
  std::string input;
};

std::ostream& operator<<(std::ostream& out, const Refused& row) { return out << row.name; }

class RefusedResponse : public testing::TestWithParam<Refused> {};

TEST_P(RefusedResponse, IsTheUpstreamsFaultHoweverItsBytesCome) {
  const std::string& input = GetParam().input;
  ResponseParser parser;
  std::string body;

  const Result<std::size_t> put = parser.put(input, body);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().blame, Blame::upstream);
  EXPECT_EQ(put.error().kind, ErrorKind::protocol);
  EXPECT_EQ(put.error().status, 502);
  EXPECT_FALSE(parser.done());
  EXPECT_FALSE(parser.put_eof());
  const ResponseOutcome at_once = feed_response(input, whole);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(feed_response(input, piece), at_once) << "in pieces of " << piece;
  }
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

const std::vector<Refused> refused = {
    {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n"},
    {"HTTP/2 frame", std::string("\0\0\x12\x04\0", 5)},
    {"HTTP/2 status line", "HTTP/2 200\r\n\r\n"},
    {"no status", "HTTP/1.1 OK\r\n\r\n"},
    {"status of two digits", "HTTP/1.1 20 OK\r\n\r\n"},
    {"status below 100", "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n"},
    {"status over 599", "HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n"},
    {"control character in reason", "HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n"},
    {"switching protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"},
    {"endless interim responses", repeat("HTTP/1.1 100 Continue\r\n\r\n", 17)},
    {"line end in front", "\r\nHTTP/1.1 200 OK\r\n\r\n"},
    {"bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"},
    {"obs-fold", ok("X: a\r\n b\r\n")},
    {"space in front of colon", ok("Content-Length : 5\r\n", "hello")},
    {"equal lengths", ok("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
    {"list of lengths", ok("Content-Length: 5, 5\r\n", "hello")},
    {"length over 64 bits", ok("Content-Length: 18446744073709551616\r\n")},
    {"length and coding", ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "hello")},
    {"coding and length", ok("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "hello")},
    {"unknown coding", ok("Transfer-Encoding: gzip\r\n", "hello")},
    {"chunked not last", ok("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")},
    {"coding in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"bad chunk size", ok("Transfer-Encoding: chunked\r\n", "zz\r\n")},
    {"chunk sizes that overflow", ok("Transfer-Encoding: chunked\r\n", "1\r\nx\r\nffffffffffffffff\r\n")},
    {"long chunk extension", ok("Transfer-Encoding: chunked\r\n", "1;a=" + std::string(5000, 'x') + "\r\n")},
    {"length in trailers", ok("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n")},
    {"broken trailer", ok("Transfer-Encoding: chunked\r\n", "0\r\nX y\r\n\r\n")},
    {"folded trailer", ok("Transfer-Encoding: chunked\r\n", "0\r\nX: a\r\n b\r\n\r\n")},
    {"trailers of 100 KiB",
     ok("Transfer-Encoding: chunked\r\n", "0\r\nX: " + std::string(100U << 10U, 'x') + "\r\n\r\n")},
    {"too many headers", ok(repeat("a:\r\n", 257))},
    {"head too large", ok("X: " + std::string(65U << 10U, 'x') + "\r\n")},
};

INSTANTIATE_TEST_SUITE_P(Responses, RefusedResponse, testing::ValuesIn(refused));

struct Cut {
  std::string name;
  std::string input;
  ErrorKind kind;
};

TEST(ResponseParser, ACutAnswerIsAnErrorThatSaysHowFarItGot) {
  const Cut table[] = {
      {"nothing came", "", ErrorKind::reset},
      {"in the first line", "HTTP/1.1 2", ErrorKind::truncated},
      {"in the head", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", ErrorKind::truncated},
      {"behind an interim response", "HTTP/1.1 100 Continue\r\n\r\n", ErrorKind::truncated},
      {"no body yet", ok("Content-Length: 5\r\n"), ErrorKind::truncated},
      {"length short", ok("Content-Length: 5\r\n", "hell"), ErrorKind::truncated},
      {"in chunk line", ok("Transfer-Encoding: chunked\r\n", "5"), ErrorKind::truncated},
      {"in chunk", ok("Transfer-Encoding: chunked\r\n", "5\r\nhel"), ErrorKind::truncated},
      {"behind chunk", ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"), ErrorKind::truncated},
      {"in last chunk", ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n"), ErrorKind::truncated},
  };
  for (const Cut& row : table) {
    for (const std::size_t piece : {std::size_t{1}, whole}) {
      const ResponseOutcome outcome = feed_response(row.input, piece);
      EXPECT_FALSE(outcome.refused) << row.name;
      EXPECT_FALSE(outcome.done_at_end) << row.name;
      EXPECT_EQ(outcome.end_error, row.kind) << row.name;
    }
  }
}

TEST(ResponseParser, AnAnswerWithoutFramingEndsWithTheConnection) {
  for (const std::size_t piece : {std::size_t{1}, whole}) {
    ResponseParser parser;
    const ResponseOutcome outcome = feed_response(parser, ok("Connection: keep-alive\r\n", "hello"), piece);
    EXPECT_FALSE(outcome.done);
    EXPECT_TRUE(outcome.done_at_end);
    EXPECT_EQ(outcome.body, "hello");
    EXPECT_FALSE(parser.keep_alive());
  }
}

TEST(ResponseParser, EofBehindACompleteAnswerIsNoError) {
  ResponseParser parser;
  std::string body;
  ASSERT_TRUE(parser.put(ok("Content-Length: 2\r\n", "hi"), body));

  EXPECT_TRUE(parser.put_eof());
  EXPECT_TRUE(parser.done());
}

TEST(ResponseParser, AppendsBodyBytesAsTheyComeAndHoldsNone) {
  ResponseParser parser;
  std::string body = "kept ";
  ASSERT_TRUE(parser.put(ok("Transfer-Encoding: chunked\r\n", "5\r\nhel"), body));
  EXPECT_EQ(body, "kept hel");
  body.clear();
  EXPECT_EQ(*parser.put("lo\r\n0\r\n", body), 2U) << "the line of the last chunk waits for its end";
  EXPECT_EQ(body, "lo");
  std::string other;
  EXPECT_EQ(*parser.put("\r\n0\r\n\r\nrest", other), 7U);
  EXPECT_TRUE(other.empty());
  EXPECT_TRUE(parser.done());
}

TEST(ResponseParser, HasNoLimitOnTheBody) {
  ResponseParser parser;
  std::string body;
  ASSERT_TRUE(parser.put(ok("Content-Length: 17179869184\r\n"), body));
  EXPECT_TRUE(parser.head_done());
  EXPECT_EQ(*parser.put(std::string(1U << 20U, 'x'), body), 1U << 20U);
  EXPECT_FALSE(parser.done());
}

TEST(ResponseParser, HeadersOfAnInterimResponseAreNotThoseOfTheAnswer) {
  const ResponseOutcome outcome =
      feed_response("HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n" + ok("Content-Length: 0\r\nY: 2\r\n"), whole);
  EXPECT_EQ(outcome.fields, "Content-Length: 0|Y: 2|");
}

TEST(ResponseParser, IsReusable) {
  ResponseParser parser;
  ASSERT_TRUE(feed_response(parser, "nonsense", whole).refused);
  parser.reset();
  EXPECT_FALSE(parser.started());
  const ResponseOutcome outcome = feed_response(parser, ok("Content-Length: 2\r\n", "hi"), 1);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.body, "hi");
}

}  // namespace
}  // namespace triaged::wire
