#include "config/values.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace triaged::config {
namespace {

TEST(Values, ReadsSizes) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
      {"0", 0},
      {"4096", 4096},
      {"4096B", 4096},
      {"64KiB", 65536},
      {"64 KiB", 65536},
      {"32MiB", 33554432},
      {"32mib", 33554432},
      {"1.5MiB", 1572864},
      {"10MB", 10000000},
      {"1GiB", 1073741824},
      {"", std::nullopt},
      {"MiB", std::nullopt},
      {"32 Mi", std::nullopt},
      {"32M", std::nullopt},
      {"-1", std::nullopt},
      {"1e3", std::nullopt},
      {"0.5", std::nullopt},
      {"99999999999999999999", std::nullopt},
      {"9999999999GiB", std::nullopt},
      {"1.2.3MiB", std::nullopt},
      {"nan", std::nullopt},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_bytes(text), expected) << text;
}

TEST(Values, ReadsTokenCounts) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
      {"8192", 8192}, {"128k", 128'000},         {"128K", 128'000},   {"1M", 1'000'000},       {"1.05M", 1'050'000},
      {"0", 0},       {"1.0005k", std::nullopt}, {"k", std::nullopt}, {"128kB", std::nullopt},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_tokens(text), expected) << text;
}

TEST(Values, WritesWhatItReads) {
  for (const std::int64_t value : {1LL, 1000LL, 1024LL, 65536LL, 1'000'000LL, 1'050'000LL, 33554432LL, 33554433LL}) {
    EXPECT_EQ(parse_bytes(format_bytes(value)), value);
    EXPECT_EQ(parse_tokens(format_tokens(value)), value);
  }
}

TEST(Values, ReadsAddresses) {
  const std::pair<const char*, const char*> good[] = {
      {"127.0.0.1:8080", "127.0.0.1:8080"}, {"0.0.0.0:0", "0.0.0.0:0"},     {":8080", "0.0.0.0:8080"},
      {"*:8080", "0.0.0.0:8080"},           {"[::1]:8081", "[::1]:8081"},   {"[::]:65535", "[::]:65535"},
      {"localhost:1", "127.0.0.1:1"},       {"LOCALHOST:1", "127.0.0.1:1"},
  };
  for (const auto& [text, expected] : good) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(format_address(*address), expected);
  }
  for (const char* bad : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8a",
                          "256.0.0.1:80", "example.com:80", "::1:80", "[::1]", "[::1:80", "[127.0.0.1]:80",
                          "127.0.0.1:80:80", "127.0.0.1 :80", "127.0.0.1:000080"}) {
    EXPECT_FALSE(parse_address(bad)) << bad;
  }
}

TEST(Values, KnowsLoopback) {
  for (const char* host : {"127.0.0.1", "127.8.9.1", "::1", "localhost", "LocalHost"}) EXPECT_TRUE(is_loopback(host));
  for (const char* host : {"0.0.0.0", "::", "128.0.0.1", "10.0.0.1", "localhost.example", "", "::2"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

TEST(Values, TakesUrlsApart) {
  struct Case {
    const char* text;
    const char* scheme;
    const char* host;
    int port;
    const char* path;
  };
  const Case cases[] = {
      {"https://api.openai.com/v1", "https", "api.openai.com", 443, "/v1"},
      {"https://api.openai.com/v1/", "https", "api.openai.com", 443, "/v1"},
      {"https://api.openai.com", "https", "api.openai.com", 443, ""},
      {"http://localhost:11434/v1", "http", "localhost", 11434, "/v1"},
      {"HTTP://EXAMPLE.com:80", "http", "example.com", 80, ""},
      {"http://[::1]:8000/v1//", "http", "::1", 8000, "/v1"},
      {"https://my_host.local/a%20b", "https", "my_host.local", 443, "/a%20b"},
  };
  for (const Case& item : cases) {
    const UrlResult parsed = parse_url(item.text);
    EXPECT_EQ(parsed.fault, "") << item.text;
    EXPECT_EQ(parsed.url.scheme, item.scheme);
    EXPECT_EQ(parsed.url.host, item.host);
    EXPECT_EQ(parsed.url.port, item.port);
    EXPECT_EQ(parsed.url.path, item.path);
  }
}

TEST(Values, RefusesUrlsThatCannotBeUsedAsTheyAre) {
  for (const char* bad : {"", "api.openai.com", "ftp://x/", "https://", "https:///v1", "https://user:word@host/v1",
                          "https://host?x=1", "https://host/v1#top", "https://host:0/", "https://host:99999/",
                          "https://host:port/", "https://[::1/", "https://[zz]/", "https://ho st/", "https://host/a b",
                          "https://host/\r\nx: y", "https://-host/", "https://host:80:80/"}) {
    EXPECT_NE(parse_url(bad).fault, "") << bad;
  }
}

TEST(Values, ReadsComplexityRanges) {
  struct Case {
    const char* text;
    double min;
    double max;
  };
  const Case cases[] = {{"<0.35", 0, 0.35},     {"< 0.35", 0, 0.35},      {">=0.6", 0.6, 1}, {">= 0.6", 0.6, 1},
                        {"0.2..0.5", 0.2, 0.5}, {"0.2 .. 0.5", 0.2, 0.5}, {"0..1", 0, 1},    {"<1", 0, 1}};
  for (const Case& item : cases) {
    const auto range = parse_complexity(item.text);
    ASSERT_TRUE(range) << item.text;
    EXPECT_DOUBLE_EQ(range->min, item.min);
    EXPECT_DOUBLE_EQ(range->max, item.max);
  }
  for (const char* bad : {"", "0.5", "<=0.5", ">0.5", "0.5..0.2", "0.5..0.5", "<1.5", ">=1.1", "<0", "-0.1..0.5", "..",
                          "0.2..", "<", ">=x", "low", "<nan", "0.2...0.5"}) {
    EXPECT_FALSE(parse_complexity(bad)) << bad;
  }
}

TEST(Values, ReadsTokenRanges) {
  struct Case {
    const char* text;
    std::int64_t min;
    std::int64_t max;
  };
  constexpr std::int64_t open = std::numeric_limits<std::int64_t>::max();
  for (const Case& item : {Case{"<2000", 0, 2000}, Case{">= 32k", 32'000, open}, Case{"2k..8k", 2000, 8000},
                           Case{"0 .. 1.5M", 0, 1'500'000}}) {
    const auto range = parse_token_range(item.text);
    ASSERT_TRUE(range) << item.text;
    EXPECT_EQ(range->min, item.min) << item.text;
    EXPECT_EQ(range->max, item.max) << item.text;
  }
  for (const char* bad : {"", "2000", "<=2000", "8k..2k", "2k..2k", "<0", "<-5", "..", "2k..", ">=x"}) {
    EXPECT_FALSE(parse_token_range(bad)) << bad;
  }
}

TEST(Values, KnowsNames) {
  for (const char* good : {"openai", "my-provider", "a.b_c", "9router", "X"}) EXPECT_TRUE(is_name(good)) << good;
  for (const char* bad : {"", "-a", ".a", "a/b", "a b", "ä", "a\n"}) EXPECT_FALSE(is_name(bad)) << bad;
  EXPECT_FALSE(is_name(std::string(65, 'a')));
  EXPECT_TRUE(is_header_name("x-api-key"));
  for (const char* bad : {"", "x key", "x:key", "x\r\n", "ä"}) EXPECT_FALSE(is_header_name(bad)) << bad;
}

}  // namespace
}  // namespace triaged::config
