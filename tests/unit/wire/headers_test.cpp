#include "triaged/wire/headers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::wire {
namespace {

TEST(Headers, KeepsOrderAndSpelling) {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  headers.add("X-Empty", "");
  headers.add("x-two", "2");

  ASSERT_EQ(headers.size(), 3U);
  EXPECT_EQ(headers[0].name, "Content-Type");
  EXPECT_EQ(headers[0].value, "text/plain");
  EXPECT_EQ(headers[1].value, "");
  EXPECT_EQ(headers[2].name, "x-two");
  EXPECT_EQ(headers[2].value, "2");
  EXPECT_EQ(headers.bytes(), std::string("Content-Typetext/plainX-Emptyx-two2").size());
}

TEST(Headers, FindsTheFirstOfANameInAnyCase) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("ACCEPT", "b");

  EXPECT_EQ(headers.find("accept"), "a");
  EXPECT_EQ(headers.count("Accept"), 2U);
  EXPECT_EQ(headers.count("Accep"), 0U);
  EXPECT_FALSE(headers.find("Accep").has_value());
  EXPECT_FALSE(headers.find("").has_value());
}

TEST(Headers, ClearForgetsFieldsAndKeepsWorking) {
  Headers headers;
  headers.add("A", "1");
  headers.clear();
  EXPECT_EQ(headers.size(), 0U);
  EXPECT_EQ(headers.bytes(), 0U);
  EXPECT_FALSE(headers.find("A").has_value());
  headers.add("B", "2");
  EXPECT_EQ(headers.find("b"), "2");
}

TEST(HopByHop, NamesWhatIsNeverPassedOn) {
  for (const std::string_view name :
       {"Connection", "keep-alive", "TE", "Trailer", "Transfer-Encoding", "UPGRADE", "Content-Length", "host", "Expect",
        "Proxy-Connection", "Proxy-Authorization", "proxy-authenticate"}) {
    EXPECT_TRUE(is_hop_by_hop(name)) << name;
  }
  for (const std::string_view name : {"Content-Type", "Authorization", "Accept", "Proxy", "X-Proxy-Id", "Hosts", "T",
                                      "Trailers", "Content-Encoding", ""}) {
    EXPECT_FALSE(is_hop_by_hop(name)) << name;
  }
}

TEST(HopByHop, NamesInConnectionGoToo) {
  Headers headers;
  headers.add("Connection", "close, X-One ,,");
  headers.add("Other", "X-Three");
  headers.add("connection", "\tx-two");

  EXPECT_TRUE(named_in_connection(headers, "x-one"));
  EXPECT_TRUE(named_in_connection(headers, "X-Two"));
  EXPECT_TRUE(named_in_connection(headers, "Close"));
  EXPECT_FALSE(named_in_connection(headers, "X-Three"));
  EXPECT_FALSE(named_in_connection(headers, "X-On"));
}

}  // namespace
}  // namespace triaged::wire
