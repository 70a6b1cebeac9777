// The table of docs/http.md: what could make two parties disagree about a request is refused, however its bytes come.
#include "unit/wire/feed.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::wire {
namespace {

struct Row {
  std::string name;
  std::string input;
  int status;
  std::string code;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

std::string get(std::string_view fields) { return "GET /v1/models HTTP/1.1\r\n" + std::string(fields) + "\r\n"; }
std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST /v1/x HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}
std::string chunked(std::string_view body) { return post("Transfer-Encoding: chunked\r\n", body); }
std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}
std::string with_nul(std::string_view text) {  // '@' stands for NUL
  std::string out(text);
  std::replace(out.begin(), out.end(), '@', '\0');
  return out;
}

class RefusedRequest : public testing::TestWithParam<Row> {};

TEST_P(RefusedRequest, GetsTheDocumentedAnswerHoweverItsBytesCome) {
  const Row& row = GetParam();
  RequestLimits limits;
  limits.body = 1000;

  const RequestOutcome at_once = feed_request(row.input, whole, limits);

  EXPECT_EQ(at_once.refused, row.status);
  EXPECT_EQ(at_once.code, row.code);
  EXPECT_FALSE(at_once.done);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(feed_request(row.input, piece, limits), at_once) << "in pieces of " << piece;
  }
}

const std::vector<Row> first_lines = {
    {"no token in method", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
    {"space in front of method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
    {"control character in method", "GE\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
    {"TLS on the plain port", with_nul("\x16\x03\x01@\xA5\x01@@\xA1"), 400, "bad_method"},
    {"HTTP/0.9", "GET /\r\n", 400, "bad_request_line"},
    {"method alone", "GET\r\n", 400, "bad_request_line"},
    {"no target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"tab in target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"NUL in target", with_nul("GET /a@b HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_target"},
    {"non-ASCII target", "GET /\xC3\xA4 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"authority form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"relative target", "GET v1/models HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"other scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"absolute form without host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"absolute form with user", "GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"absolute form with another host", "GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "host_differs"},
    {"target too long", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target_too_long"},
    {"endless target", "GET /" + std::string(9000, 'a'), 414, "target_too_long"},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unsupported_version"},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "unsupported_version"},
    {"HTTP/0.9 spelled out", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505, "unsupported_version"},
    {"lower case http", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"space behind version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"bare LF behind the first line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, "bad_line_end"},
    {"bare CR in the first line", "GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_line_end"},
    {"many line ends in front", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"bare LF in front", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
};

const std::vector<Row> fields = {
    {"no Host", get(""), 400, "host_missing"},
    {"two Hosts", get("Host: a\r\nHost: a\r\n"), 400, "host_repeated"},
    {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400, "host_repeated"},
    {"empty Host", get("Host:\r\n"), 400, "host_invalid"},
    {"list of Hosts", get("Host: a, b\r\n"), 400, "host_invalid"},
    {"Host with path", get("Host: a/b\r\n"), 400, "host_invalid"},
    {"Host with user", get("Host: u@a\r\n"), 400, "host_invalid"},
    {"Host with bad port", get("Host: a:b\r\n"), 400, "host_invalid"},
    {"Host with open bracket", get("Host: [::1\r\n"), 400, "host_invalid"},
    {"Host with text behind bracket", get("Host: [::1]x\r\n"), 400, "host_invalid"},
    {"space in front of colon", get("Host : a\r\n"), 400, "bad_header_name"},
    {"no colon", get("Host: a\r\nnonsense\r\n"), 400, "bad_header_name"},
    {"empty name", get("Host: a\r\n: x\r\n"), 400, "bad_header_name"},
    {"control character in name", get("Host: a\r\nX\x02Y: x\r\n"), 400, "bad_header_name"},
    {"non-ASCII name", get("Host: a\r\n\xC3\xA4: x\r\n"), 400, "bad_header_name"},
    {"control character in value", get("Host: a\r\nX: a\x02z\r\n"), 400, "bad_header_value"},
    {"NUL in value", with_nul(get("Host: a\r\nX: a@z\r\n")), 400, "bad_header_value"},
    {"DEL in value", get("Host: a\r\nX: a\x7Fz\r\n"), 400, "bad_header_value"},
    {"bare CR in value", get("Host: a\r\nX: a\rContent-Length: 5\r\n"), 400, "bad_line_end"},
    {"bare LF in value", get("Host: a\r\nX: a\nContent-Length: 5\r\n"), 400, "bad_line_end"},
    {"head ended by bare LF", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "bad_line_end"},
    {"obs-fold with space", get("Host: a\r\nX: a\r\n b\r\n"), 400, "folded_header"},
    {"obs-fold with tab", get("Host: a\r\nX: a\r\n\tb\r\n"), 400, "folded_header"},
    {"obs-fold behind the first line", get(" Host: a\r\n"), 400, "folded_header"},
    {"broken Connection list", get("Host: a\r\nConnection: close keep-alive\r\n"), 400, "bad_header_value"},
    {"too many headers", get("Host: a\r\n" + repeat("a:\r\n", 128)), 431, "too_many_headers"},
    {"head too large", get("Host: a\r\nX: " + std::string(33U << 10U, 'a') + "\r\n"), 431, "head_too_large"},
    {"endless head", "GET / HTTP/1.1\r\nX: " + std::string(33U << 10U, 'a'), 431, "head_too_large"},
    {"other expectation", post("Content-Length: 1\r\nExpect: 200-ok\r\n"), 417, "unknown_expectation"},
};

const std::vector<Row> framing = {
    {"equal Content-Lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400,
     "content_length_repeated"},
    {"different Content-Lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400, "content_length_repeated"},
    {"list of Content-Lengths", post("Content-Length: 5, 5\r\n", "hello"), 400, "bad_content_length"},
    {"signed Content-Length", post("Content-Length: +5\r\n", "hello"), 400, "bad_content_length"},
    {"negative Content-Length", post("Content-Length: -5\r\n", "hello"), 400, "bad_content_length"},
    {"hexadecimal Content-Length", post("Content-Length: 0x5\r\n", "hello"), 400, "bad_content_length"},
    {"Content-Length with space", post("Content-Length: 5 5\r\n", "hello"), 400, "bad_content_length"},
    {"empty Content-Length", post("Content-Length:\r\n", "hello"), 400, "bad_content_length"},
    {"Content-Length over 64 bits", post("Content-Length: 18446744073709551616\r\n"), 400, "bad_content_length"},
    {"Content-Length of 64 bits", post("Content-Length: 18446744073709551615\r\n"), 413, "body_too_large"},
    {"Content-Length over the limit", post("Content-Length: 1001\r\n"), 413, "body_too_large"},
    {"length, then coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400, "ambiguous_length"},
    {"coding, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400, "ambiguous_length"},
    {"length, then unknown coding", post("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n"), 400, "ambiguous_length"},
    {"unknown coding, then length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 501,
     "unknown_transfer_coding"},
    {"identity", post("Transfer-Encoding: identity\r\nContent-Length: 5\r\n"), 501, "unknown_transfer_coding"},
    {"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, "unknown_transfer_coding"},
    {"chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 501, "unknown_transfer_coding"},
    {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, "unknown_transfer_coding"},
    {"chunked with parameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), 501, "unknown_transfer_coding"},
    {"quoted chunked", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501, "unknown_transfer_coding"},
    {"chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n"), 400, "transfer_encoding_repeated"},
    {"two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400,
     "transfer_encoding_repeated"},
    {"empty coding", post("Transfer-Encoding:\r\n"), 400, "transfer_encoding_repeated"},
    {"coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "transfer_encoding_in_http_1_0"},
};

const std::vector<Row> chunks = {
    {"no size", chunked("\r\nhello"), 400, "bad_chunk"},
    {"size with prefix", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"signed size", chunked("+5\r\nhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"negative size", chunked("-1\r\n"), 400, "bad_chunk"},
    {"space in front of size", chunked(" 5\r\nhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"size over 64 bits", chunked("10000000000000005\r\nhello"), 400, "bad_chunk"},
    {"size of 17 zeros", chunked("00000000000000000\r\n\r\n"), 400, "bad_chunk"},
    {"size of 64 bits", chunked("ffffffffffffffff\r\nhello"), 413, "body_too_large"},
    {"sizes that overflow together", chunked("5\r\nhello\r\nffffffffffffffff\r\n"), 413, "body_too_large"},
    {"bare LF behind size", chunked("5\nhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"bare CR behind size", chunked("5\rhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"bare LF behind data", chunked("5\r\nhello\n0\r\n\r\n"), 400, "bad_chunk"},
    {"data longer than its size", chunked("4\r\nhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"data shorter than its size", chunked("6\r\nhello\r\n0\r\n\r\n"), 400, "bad_chunk"},
    {"space behind size", chunked("5 \r\nhello\r\n0\r\n\r\n"), 400, "chunk_extensions_too_long"},
    {"text behind size", chunked("5 x\r\nhello\r\n0\r\n\r\n"), 400, "chunk_extensions_too_long"},
    {"nameless extension", chunked("5;\r\nhello\r\n0\r\n\r\n"), 400, "chunk_extensions_too_long"},
    {"extension of 5 KiB", chunked("5;a=" + std::string(5000, 'x') + "\r\nhello\r\n0\r\n\r\n"), 400,
     "chunk_extensions_too_long"},
    {"extensions of 5 KiB together", chunked(repeat("1;a=" + std::string(1000, 'x') + "\r\nh\r\n", 5)), 400,
     "chunk_extensions_too_long"},
    {"endless extension", chunked("5;a=" + std::string(5000, 'x')), 400, "chunk_extensions_too_long"},
    {"one chunk over the limit", chunked("3e9\r\n"), 413, "body_too_large"},
    {"all chunks over the limit", chunked(repeat("64\r\n" + std::string(100, 'x') + "\r\n", 10) + "1\r\n"), 413,
     "body_too_large"},
    {"trailer", chunked("5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\n\r\n"), 400, "trailers_refused"},
    {"trailer of 100 KiB", chunked("0\r\nX: " + std::string(100U << 10U, 'x') + "\r\n\r\n"), 400, "trailers_refused"},
    {"bare LF behind the last chunk", chunked("0\r\n\n"), 400, "trailers_refused"},
    {"bare CR behind the last chunk", chunked("0\r\n\rGET / HTTP/1.1\r\n"), 400, "trailers_refused"},
};

INSTANTIATE_TEST_SUITE_P(FirstLine, RefusedRequest, testing::ValuesIn(first_lines));
INSTANTIATE_TEST_SUITE_P(Fields, RefusedRequest, testing::ValuesIn(fields));
INSTANTIATE_TEST_SUITE_P(Framing, RefusedRequest, testing::ValuesIn(framing));
INSTANTIATE_TEST_SUITE_P(Chunks, RefusedRequest, testing::ValuesIn(chunks));

struct Accepted {
  std::string name;
  std::string input;
  std::string target;
  std::string body;
  bool keep_alive = true;
};

std::ostream& operator<<(std::ostream& out, const Accepted& row) { return out << row.name; }

class AcceptedRequest : public testing::TestWithParam<Accepted> {};

TEST_P(AcceptedRequest, IsReadTheSameHoweverItsBytesCome) {
  const Accepted& row = GetParam();
  const std::string next = "GET /next HTTP/1.1\r\n";
  RequestParser parser{RequestLimits{}};

  const RequestOutcome at_once = feed_request(parser, row.input + next, whole);

  EXPECT_EQ(at_once.refused, 0) << at_once.code;
  EXPECT_TRUE(at_once.done);
  EXPECT_EQ(at_once.target, row.target);
  EXPECT_EQ(at_once.body, row.body);
  EXPECT_EQ(at_once.used, row.input.size()) << "the next request is left alone";
  EXPECT_EQ(parser.keep_alive(), row.keep_alive);
  EXPECT_GE(parser.body().capacity(), parser.body().size() + 64);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(feed_request(row.input + next, piece), at_once) << "in pieces of " << piece;
  }
}

const std::vector<Accepted> accepted = {
    {"GET", get("Host: a\r\n"), "/v1/models", ""},
    {"GET with body", get("Host: a\r\nContent-Length: 5\r\n") + "hello", "/v1/models", "hello"},
    {"POST with length", post("Content-Length: 5\r\n", "hello"), "/v1/x", "hello"},
    {"POST with length 0", post("Content-Length: 0\r\n"), "/v1/x", ""},
    {"Content-Length with white space around", post("Content-Length: \t 5 \t \r\n", "hello"), "/v1/x", "hello"},
    {"Content-Length with leading zeros", post("Content-Length: 0005\r\n", "hello"), "/v1/x", "hello"},
    {"POST without length", post(""), "/v1/x", ""},
    {"one chunk", chunked("5\r\nhello\r\n0\r\n\r\n"), "/v1/x", "hello"},
    {"many chunks", chunked("1\r\nh\r\n0003\r\nell\r\n1\r\no\r\n000\r\n\r\n"), "/v1/x", "hello"},
    {"no chunk", chunked("0\r\n\r\n"), "/v1/x", ""},
    {"line ends as data", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "/v1/x", "\r\n\r\n"},
    {"upper case CHUNKED", post("TRANSFER-ENCODING: CHUNKED\r\n", "A\r\n0123456789\r\n0\r\n\r\n"), "/v1/x",
     "0123456789"},
    {"chunk extensions", chunked("5;a;b=c;d=\"e;f\"\r\nhello\r\n0;last\r\n\r\n"), "/v1/x", "hello"},
    {"absolute form", "GET http://a:80/v1/models?x=1 HTTP/1.1\r\nHost: A:80\r\n\r\n", "/v1/models?x=1", ""},
    {"absolute form without path", "GET https://a HTTP/1.1\r\nHost: a\r\n\r\n", "/", ""},
    {"absolute form with query alone", "GET HTTP://a?x HTTP/1.1\r\nHost: a\r\n\r\n", "/?x", ""},
    {"path of two slashes", "GET //b/c HTTP/1.1\r\nHost: a\r\n\r\n", "//b/c", ""},
    {"line ends in front", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", ""},
    {"address as Host", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n", "/", ""},
    {"Host with underscore and port", "GET / HTTP/1.1\r\nHost: my_gateway.local:4000\r\n\r\n", "/", ""},
    {"128 headers", get("Host: a\r\n" + repeat("a:\r\n", 127)), "/v1/models", ""},
    {"value of bytes over 127", get("Host: a\r\nX: \xC3\xA4\tb\r\n"), "/v1/models", ""},
    {"longest request line", "GET /" + std::string(8192 - 16, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
     "/" + std::string(8192 - 16, 'a'), ""},
    {"close", get("Host: a\r\nConnection: x, Close\r\n"), "/v1/models", "", false},
    {"close beats keep-alive", get("Host: a\r\nConnection: keep-alive\r\nConnection: close\r\n"), "/v1/models", "",
     false},
    {"Proxy-Connection says nothing", get("Host: a\r\nProxy-Connection: close\r\n"), "/v1/models", ""},
    {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "/", "", false},
    {"HTTP/1.0 keep-alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "/", "", true},
    {"HTTP/1.0 both", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", "/", "", false},
    {"HTTP/1.0 Proxy-Connection", "GET / HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n", "/", "", false},
    {"HTTP/1.0 with body", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", "/", "hi", false},
};

INSTANTIATE_TEST_SUITE_P(Requests, AcceptedRequest, testing::ValuesIn(accepted));

TEST(RequestFraming, HeadOfExactlyTheLimitIsAcceptedAndOneByteMoreIsNot) {
  const std::string head = get("Host: a\r\nX: " + std::string(200, 'x') + "\r\n");
  RequestLimits limits;
  for (const std::size_t piece : {std::size_t{1}, whole}) {
    limits.head = head.size();
    EXPECT_TRUE(feed_request(head, piece, limits).done);
    limits.head = head.size() - 1;
    EXPECT_EQ(feed_request(head, piece, limits).refused, 431);
  }
}

TEST(RequestFraming, BodyOfExactlyTheLimitIsAccepted) {
  RequestLimits limits;
  limits.body = 5;
  EXPECT_TRUE(feed_request(post("Content-Length: 5\r\n", "hello"), 1, limits).done);
  EXPECT_TRUE(feed_request(chunked("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), 1, limits).done);
}

}  // namespace
}  // namespace triaged::wire
