#include "unit/config/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::config {
namespace {

using testing::load_text;

constexpr std::string_view file = R"(
providers:
  a: {base_url: "https://a.example/v1", api_key: sk-one, headers: {x-org: secret-org}}
tiers:
  - {name: light, targets: [a/small]}
  - {name: premium, targets: [{target: a/large, context_window: 128000}]}
routing:
  confidence: 0.5
)";

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(file);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string differ(const std::string& text) {
  const Loaded before = load_text(file);
  const Loaded after = load_text(text);
  EXPECT_TRUE(before.settings) << testing::printed(before);
  EXPECT_TRUE(after.settings) << testing::printed(after);
  std::string out;
  for (const Difference& each : differences(*before.settings, *after.settings)) {
    out += each.key + ": " + each.before + " -> " + each.after + "\n";
  }
  return out;
}

TEST(Differences, AreNamedByTheirKeys) {
  EXPECT_EQ(differ(std::string(file)), "");
  EXPECT_EQ(differ(replaced("confidence: 0.5", "confidence: 0.75")), "routing.confidence: 0.5 -> 0.75\n");
  EXPECT_EQ(differ(replaced("128000", "200000")), "tiers[1].targets[0].context_window: 128000 -> 200000\n");
  EXPECT_EQ(differ(replaced("a.example", "b.example")),
            "providers.a.base_url: \"https://a.example/v1\" -> \"https://b.example/v1\"\n");
}

TEST(Differences, NameWhatCameAndWhatWent) {
  const std::string more = differ(replaced("targets: [a/small]", "targets: [a/small, a/tiny]"));
  EXPECT_NE(more.find("tiers[0].targets[1].target: nothing -> \"a/tiny\"\n"), std::string::npos) << more;
}

TEST(Differences, NeverTellSecrets) {
  EXPECT_EQ(differ(replaced("sk-one", "sk-two")), "");
  EXPECT_EQ(differ(replaced("secret-org", "other-org")), "providers.a.headers: ... -> ...\n");
}

}  // namespace
}  // namespace triaged::config
