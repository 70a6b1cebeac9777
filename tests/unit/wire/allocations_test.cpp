// A connection that is kept alive must not go to the allocator for each message.
#include "triaged/wire/request_parser.hpp"
#include "triaged/wire/response_parser.hpp"
#include "triaged/wire/sse.hpp"

#include "unit/wire/count_allocations.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace triaged::wire {
namespace {

template <class Work>
std::size_t allocations_of(Work work) {
  const std::size_t before = allocations_so_far();
  work();
  return allocations_so_far() - before;
}

TEST(Allocations, AReusedRequestParserMakesNone) {
  const std::string request =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:4000\r\nAuthorization: Bearer sk-0123456789abcdef\r\n"
      "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n" +
      std::string(100, 'x');
  const std::string chunked =
      "POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  RequestParser parser{RequestLimits{}};
  const auto work = [&] {
    for (const std::string* bytes : {&request, &chunked}) {
      parser.reset();
      ASSERT_TRUE(parser.put(*bytes));
      ASSERT_TRUE(parser.done());
    }
  };
  EXPECT_GT(allocations_of(work), 0U) << "the first request fills the memory";

  EXPECT_EQ(allocations_of(work), 0U);
}

TEST(Allocations, AReusedResponseParserMakesNone) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  ResponseParser parser;
  std::string body;
  const auto work = [&] {
    parser.reset();
    body.clear();
    ASSERT_TRUE(parser.put(answer, body));
    ASSERT_TRUE(parser.done());
  };
  work();

  EXPECT_EQ(allocations_of(work), 0U);
}

TEST(Allocations, ReadingEventsMakesNoneOnceTheBufferIsThere) {
  const std::string events =
      "data: {\"a\":1}\n\nevent: x\ndata: one\ndata: a rather long second line of data\n\ndata: {\"a\":";
  const std::string rest = "2}\n\n";
  SseReader reader;
  std::size_t count = 0;
  const auto work = [&] {
    for (const std::string* bytes : {&events, &rest}) {
      ASSERT_TRUE(reader.put(*bytes));
      while (reader.next()) ++count;
    }
  };
  work();
  work();

  EXPECT_EQ(allocations_of(work), 0U);
  EXPECT_EQ(count, 9U);
}

}  // namespace
}  // namespace triaged::wire
