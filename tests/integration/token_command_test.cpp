// A bearer token that a program prints, in place of a key.
#include "support/two_tiers.hpp"

namespace triaged::test {
namespace {

// Both providers without a key.
TwoTiers site_with(const std::string& settings) {
  return TwoTiers(settings, [](DaemonSetup& setup) {
    for (std::string& provider : setup.providers) {
      const std::size_t key = provider.find("api_key: ");
      provider.erase(key, provider.find(", ", key) + 2 - key);
    }
  });
}

TEST(TokenCommand, ItsTokenGoesToTheProvider) {
  TwoTiers site = site_with("token_command: [printf, \"%s\", a-token]");
  site.low.then(answers("hi"));

  EXPECT_EQ(site.ask(chat("low/small")).status, 200);

  EXPECT_EQ(site.low.last().header("authorization"), "Bearer a-token");
}

TEST(TokenCommand, ThatFailsIsTold) {
  TwoTiers site = site_with("token_command: [cat, /nowhere/to/be/found]");
  site.low.then(answers("hi"));

  EXPECT_EQ(site.ask(chat("low/small")).status, 200);

  EXPECT_EQ(site.low.last().header("authorization"), "");
  EXPECT_TRUE(
      eventually([&site] { return site.daemon.errors().find("the command for a token failed") != std::string::npos; }));
}

}  // namespace
}  // namespace triaged::test
