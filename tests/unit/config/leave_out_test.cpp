// Providers without a key, providers for an emergency, and what becomes of what pointed to them.
#include "support.hpp"

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::noted;
using testing::printed;

const std::string text = R"(
providers:
  one: {base_url: https://one/v1, api_key: "${ONE}", use: if_key}
  two: {base_url: https://two/v1, api_key: "${TWO}", use: if_key}
  spare: {dialect: simulated, use: if_alone}
tiers:
  - {name: light, targets: [one/small, spare/small]}
  - {name: middle, targets: [two/medium]}
  - {name: strong, targets: [one/large]}
routing:
  default_tier: middle
  baseline: two/medium
  classifier: {llm: {tier: middle}}
  table:
    - {task: qa, tier: light}
    - {task: code, tier: middle}
    - {task: math, tier: strong}
)";

std::vector<std::string> tier_names(const Settings& settings) {
  std::vector<std::string> names;
  for (const Tier& tier : settings.tiers) names.push_back(tier.name);
  return names;
}

TEST(LeaveOut, KeepsEveryProviderThatHasItsKey) {
  const Loaded loaded = load_text(text, {{"ONE", "1"}, {"TWO", "2"}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Settings& settings = *loaded.settings;
  EXPECT_EQ(settings.providers.size(), 2U);
  EXPECT_EQ(tier_names(settings), (std::vector<std::string>{"light", "middle", "strong"}));
  EXPECT_EQ(settings.notes,
            std::vector<std::string>{"provider spare is left out: other providers are there (use: if_alone)"});
}

TEST(LeaveOut, MovesToTheNextStrongerTier) {
  const Loaded loaded = load_text(text, {{"ONE", "1"}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Settings& settings = *loaded.settings;
  EXPECT_EQ(tier_names(settings), (std::vector<std::string>{"light", "strong"}));
  EXPECT_EQ(settings.routing.default_tier, 1U);
  EXPECT_EQ(settings.routing.table[1].tier, 1U);
  EXPECT_EQ(settings.routing.classifier.llm.value().tier, 1U);
  EXPECT_EQ(settings.targets[settings.routing.baseline_target].name, "one/large");
  for (const char* note : {"provider two is left out: the environment variable TWO is not set",
                           "tier middle is left out: none of its targets is left",
                           "routing.table[1] leads to tier strong: tier middle is left out",
                           "routing.default_tier leads to tier strong: tier middle is left out",
                           "routing.classifier.llm leads to tier strong: tier middle is left out",
                           "routing.baseline is one/large: two/medium is left out"}) {
    EXPECT_TRUE(noted(settings, note)) << note;
  }
}

TEST(LeaveOut, MovesToTheNextWeakerTierWhenNoStrongerIsLeft) {
  const Loaded loaded = load_text(text, {{"TWO", "2"}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Settings& settings = *loaded.settings;
  EXPECT_EQ(tier_names(settings), std::vector<std::string>{"middle"});
  EXPECT_TRUE(noted(settings, "routing.table[2] leads to tier middle: tier strong is left out"));
  EXPECT_TRUE(noted(settings, "routing.table[0] leads to tier middle: tier light is left out"));
  for (const Rule& rule : settings.routing.table) EXPECT_EQ(rule.tier, 0U);
}

TEST(LeaveOut, UsesTheSpareProviderWhenItIsAlone) {
  const Loaded loaded = load_text(text);

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Settings& settings = *loaded.settings;
  ASSERT_EQ(settings.providers.size(), 1U);
  EXPECT_EQ(settings.providers[0].name, "spare");
  EXPECT_EQ(settings.targets.at(0).name, "spare/small");
  EXPECT_EQ(settings.targets.at(0).provider, 0U);
  EXPECT_TRUE(noted(settings, "provider spare is used: no other provider is left"));
  EXPECT_TRUE(loaded.problems.empty()) << printed(loaded);
}

TEST(LeaveOut, TakesEmptyKeysAndMissingFilesForNoKey) {
  const std::string files = R"(
providers:
  one: {base_url: https://one/v1, api_key: "file:key", use: if_key}
  two: {base_url: https://two/v1, api_key: "${TWO}", use: if_key}
  sim: {dialect: simulated}
tiers: [{name: t, targets: [one/a, two/b, sim/c]}]
)";
  const Loaded loaded = load_text(files, {{"TWO", ""}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(loaded.settings->providers.size(), 1U);
  EXPECT_TRUE(noted(*loaded.settings, "provider one is left out: its file cannot be read"));
  EXPECT_TRUE(noted(*loaded.settings, "provider two is left out: it is empty"));
}

TEST(LeaveOut, IsFatalWhenNothingIsLeft) {
  const Loaded loaded = load_text(
      "providers: {one: {base_url: https://one/v1, api_key: \"${ONE}\", use: if_key}}\n"
      "tiers: [{name: t, targets: [one/a]}]\n");

  EXPECT_FALSE(loaded.settings);
  const Problem* problem = find_problem(loaded, "providers");
  ASSERT_TRUE(problem) << printed(loaded);
  EXPECT_NE(problem->message.find("variable ONE is not set"), std::string::npos);
}

TEST(LeaveOut, IsFatalWhenNoTierIsLeft) {
  const Loaded loaded = load_text(
      "providers: {one: {base_url: https://one/v1, api_key: \"${ONE}\", use: if_key}, sim: {dialect: simulated}}\n"
      "tiers: [{name: t, targets: [one/a]}]\n");

  EXPECT_FALSE(loaded.settings);
  EXPECT_TRUE(find_problem(loaded, "providers")) << printed(loaded);
}

TEST(LeaveOut, ChangesTheHash) {
  const Loaded both = load_text(text, {{"ONE", "1"}, {"TWO", "2"}});
  const Loaded one = load_text(text, {{"ONE", "1"}});

  ASSERT_TRUE(both.settings && one.settings);
  EXPECT_NE(both.settings->hash, one.settings->hash);
}

TEST(LeaveOut, ChecksWhatItLeavesOutAllTheSame) {
  std::string bad = text;
  bad.replace(bad.find("https://two/v1"), 14, "nonsense://two");
  const Loaded loaded = load_text(bad, {{"ONE", "1"}});

  EXPECT_FALSE(loaded.settings);
  EXPECT_TRUE(find_problem(loaded, "providers.two.base_url")) << printed(loaded);
}

}  // namespace
}  // namespace triaged::config
