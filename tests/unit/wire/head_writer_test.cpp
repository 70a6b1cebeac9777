#include "triaged/wire/head_writer.hpp"

#include "unit/wire/feed.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace triaged::wire {
namespace {

TEST(HeadWriter, WritesAResponseHead) {
  std::string out;
  append_status_line(out, 200);
  append_field(out, "Content-Type", "application/json");
  append_length_field(out, 1234567);
  end_head(out);
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1234567\r\n\r\n");
}

TEST(HeadWriter, ReplacesEachControlCharacterWhereverItStandsInAValue) {
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const bool control = (code < 0x20 && c != '\t') || code == 0x7F;
    for (std::size_t size = 1; size <= 20; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string value(size, 'v');
        value[at] = c;
        std::string out;
        append_field(out, "n", value);
        if (control) value[at] = ' ';
        ASSERT_EQ(out, "n: " + value + "\r\n") << code << " at " << at << " of " << size;
      }
    }
  }
}

TEST(HeadWriter, KnowsTheReasonPhrases) {
  const std::pair<int, std::string_view> table[] = {
      {100, "Continue"},
      {200, "OK"},
      {204, "No Content"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {599, "Unknown"},
  };
  for (const auto& [status, phrase] : table) EXPECT_EQ(reason_phrase(status), phrase) << status;
}

TEST(HeadWriter, AStatusAlwaysHasThreeDigits) {
  for (const int status : {-1, 0, 42, 1000}) {
    std::string out;
    append_status_line(out, status);
    EXPECT_EQ(out, "HTTP/1.1 500 Internal Server Error\r\n") << status;
  }
}

TEST(HeadWriter, WritesARequestLine) {
  std::string out;
  append_request_line(out, "POST", "/v1/chat/completions?api-version=1");
  EXPECT_EQ(out, "POST /v1/chat/completions?api-version=1 HTTP/1.1\r\n");
}

TEST(HeadWriter, EncodesWhatATargetMayNotHold) {
  std::string out;
  append_request_line(out, "GET", "/a b\r\nX: y\x7F\xC3\xA4%20");
  EXPECT_EQ(out, "GET /a%20b%0D%0AX:%20y%7F%C3%A4%20 HTTP/1.1\r\n");
}

TEST(HeadWriter, NoValueOpensAnotherHeader) {
  std::string out;
  append_field(out, "X", std::string_view("a\r\nEvil: 1\0\x01z\t\x7F", 15));
  EXPECT_EQ(out, "X: a  Evil: 1  z\t \r\n");
}

TEST(HeadWriter, LeavesOutAFieldWhoseNameIsNoToken) {
  std::string out;
  for (const std::string_view name : {"", "a b", "a:", "a\r\nb", "\xC3\xA4"}) append_field(out, name, "x");
  EXPECT_EQ(out, "");
}

TEST(HeadWriter, FramesChunks) {
  std::string out;
  append_chunk(out, "hello");
  append_chunk(out, "");
  append_chunk(out, std::string(26, 'x'));
  out += last_chunk();
  EXPECT_EQ(out, "5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
}

TEST(HeadWriter, WhatItWritesIsReadBack) {
  std::string out;
  append_request_line(out, "POST", "/x");
  append_field(out, "Host", "a");
  append_field(out, "Transfer-Encoding", "chunked");
  end_head(out);
  append_chunk(out, "hello ");
  append_chunk(out, "world");
  out += last_chunk();
  const RequestOutcome request = feed_request(out, whole);
  EXPECT_TRUE(request.done);
  EXPECT_EQ(request.body, "hello world");

  std::string answer(continue_response());
  append_status_line(answer, 599);
  append_length_field(answer, 2);
  end_head(answer);
  const ResponseOutcome response = feed_response(answer + "hi", whole);
  EXPECT_TRUE(response.done);
  EXPECT_EQ(response.status, 599);
  EXPECT_EQ(response.body, "hi");
}

}  // namespace
}  // namespace triaged::wire
