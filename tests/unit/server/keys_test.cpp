#include "server/keys.hpp"

#include "triaged/config/client_key.hpp"

#include <gtest/gtest.h>

namespace triaged::server {
namespace {

const std::vector<config::Secret> keys{{"first-key"}, {"second-key"}};

wire::Headers with(std::string_view name, std::string_view value) {
  wire::Headers headers;
  headers.add(name, value);
  return headers;
}

TEST(Keys, AreTakenFromEveryHeaderThatClientsUse) {
  for (const auto& headers : {with("Authorization", "Bearer second-key"), with("authorization", "bearer  second-key "),
                              with("X-Api-Key", "second-key"), with("api-key", "second-key")}) {
    const Result<std::string> key = check_key(headers, keys);
    ASSERT_TRUE(key);
    EXPECT_EQ(*key, config::key_fingerprint("second-key"));
  }
}

TEST(Keys, ThatAreMissingOrWrongAre401WithoutSayingTheKey) {
  for (const auto& headers : {wire::Headers(), with("Authorization", "Bearer wrong-key-123"),
                              with("Authorization", "Basic x"), with("Authorization", "Bearer "),
                              with("Authorization", "Bearer first-ke"), with("Authorization", "Bearer first-keyy")}) {
    const Result<std::string> key = check_key(headers, keys);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().status, 401);
    EXPECT_EQ(key.error().code, "invalid_api_key");
    EXPECT_EQ(key.error().detail.find("wrong-key-123"), std::string::npos);
  }
}

TEST(Keys, InAuthorizationWinOverOthersSoThatOneHeaderDecides) {
  wire::Headers headers = with("Authorization", "Bearer wrong");
  headers.add("x-api-key", "first-key");

  EXPECT_FALSE(check_key(headers, keys));
}

}  // namespace
}  // namespace triaged::server
