#include "app/listen_option.hpp"

#include <gtest/gtest.h>

namespace triaged::app {
namespace {

TEST(ListenOption, TakesHostAndPort) {
  const Result<config::Address> address = parse_listen("127.0.0.1:8080");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, 8080);
}

TEST(ListenOption, TakesBracketedIpv6) {
  const Result<config::Address> address = parse_listen("[::1]:0");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(http_url(address->host, 80), "http://[::1]:80");
}

TEST(ListenOption, RefusesWhatIsNoAddressAndSaysHowOneLooks) {
  for (const char* text : {"", "8080", ":8080", "localhost:", "localhost:x", "localhost:65536", "localhost:-1"}) {
    const Result<config::Address> address = parse_listen(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().detail.find("HOST:PORT"), std::string::npos);
  }
}

TEST(HttpUrl, NamesTheScheme) {
  EXPECT_EQ(http_url("localhost", 1, true), "https://localhost:1");
  EXPECT_EQ(http_url("10.0.0.1", 2), "http://10.0.0.1:2");
}

}  // namespace
}  // namespace triaged::app
