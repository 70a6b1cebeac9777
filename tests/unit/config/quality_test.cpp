// quality, balance and the keys that belong to them: what is read, and what is wrong with it.
#include "support.hpp"

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::minimal;
using testing::noted;
using testing::printed;
using testing::with_provider;

constexpr const char* two_gates =
    "quality:\n"
    "  gates:\n"
    "    strict: {checks: [json, language], min_length: 10, judge: {tier: strong, threshold: 0.8}}\n"
    "    loose: {checks: [empty]}\n";

TEST(QualitySettings, AreReadWithTheirGatesAndWhereTheyAreUsed) {
  const Loaded loaded =
      load_text(minimal("  gate: loose\n"
                        "  semantic: {routes: {orders: {tier: light, gate: strict, examples: [where is it]}}}\n"
                        "  strategies: [semantic, intent]\n" +
                        std::string(two_gates)));

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Settings& settings = *loaded.settings;
  ASSERT_EQ(settings.quality.gates.size(), 2U);
  const Gate& strict = settings.quality.gates[*settings.quality.find_gate("strict")];
  EXPECT_EQ(strict.checks, (std::vector<Check>{Check::json, Check::language}));
  EXPECT_TRUE(strict.has(Check::json));
  EXPECT_FALSE(strict.has(Check::empty));
  EXPECT_EQ(strict.min_length, 10);
  ASSERT_TRUE(strict.judge);
  EXPECT_EQ(strict.judge->tier, 1U);
  EXPECT_EQ(strict.judge->threshold, 0.8);
  EXPECT_EQ(settings.routing.gate, settings.quality.find_gate("loose"));
  EXPECT_EQ(settings.routing.table.at(0).gate, settings.quality.find_gate("loose"));
  EXPECT_EQ(settings.routing.semantic.routes.at(0).gate, settings.quality.find_gate("strict"));
}

TEST(QualitySettings, HoldNothingAgainstAnythingByDefault) {
  const Loaded loaded = load_text(minimal());

  ASSERT_TRUE(loaded.settings);
  EXPECT_TRUE(loaded.settings->quality.gates.empty());
  EXPECT_FALSE(loaded.settings->routing.gate);
  EXPECT_FALSE(loaded.settings->routing.table.at(0).gate);
}

TEST(QualitySettings, LetARowGoWithoutTheUsualGate) {
  const std::string text =
      "providers: {sim: {dialect: simulated}}\n"
      "tiers: [{name: light, targets: [sim/small]}, {name: strong, targets: [sim/large]}]\n"
      "routing: {gate: usual, table: [{task: code, tier: light, gate: none}, {tier: light}]}\n"
      "quality: {gates: {usual: {}}}\n";
  const Loaded loaded = load_text(text);

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_FALSE(loaded.settings->routing.table.at(0).gate);
  EXPECT_EQ(loaded.settings->routing.table.at(1).gate, std::optional<std::size_t>(0));
}

TEST(QualitySettings, NameChecksInTheOrderOfTheirEnumerators) {
  EXPECT_EQ(name(Check::empty), "empty");
  EXPECT_EQ(name(Check::cut_off), "cut_off");
  EXPECT_EQ(name(Check::tools), "tools");
  EXPECT_EQ(check_names().size(), 7U);
}

struct Bad {
  std::string text;
  std::string key;
  std::string says;
};

TEST(QualitySettings, RefuseWhatCannotBeMeant) {
  const auto gate = [](std::string_view settings) {
    return minimal("  gate: g\nquality: {gates: {g: {" + std::string(settings) + "}}}\n");
  };
  const std::vector<Bad> cases{
      {minimal("  gate: strikt\n" + std::string(two_gates)), "routing.gate", "there is no gate 'strikt'"},
      {gate("checks: [emty]"), "quality.gates.g.checks[0]", "is none of"},
      {gate("checks: [empty, empty]"), "quality.gates.g.checks", "stands there twice"},
      {gate("must_match: [\"(\"]"), "quality.gates.g.must_match", "is no regular expression"},
      {gate("must_not_match: [\"(?=x)\"]"), "quality.gates.g.must_not_match", "is no regular expression"},
      {gate("required: [\"\"]"), "quality.gates.g.required[0]", "is empty"},
      {gate("judge: {tier: strongest}"), "quality.gates.g.judge.tier", "there is no tier 'strongest'"},
      {gate("judge: {}"), "quality.gates.g.judge.tier", "is needed"},
      {gate("min_confidence: 2"), "quality.gates.g.min_confidence", "must be between"},
      {minimal("quality: {gates: {none: {}}}\n"), "quality.gates.none", "no name for a gate"},
      {minimal("balance: {policy: fastest}\n"), "balance.policy", "is none of"},
      {minimal("balance: {panic: 1.5}\n"), "balance.panic", "must be between"},
      {minimal("retry: {budget: -1}\n"), "retry.budget", ""},
      {with_provider("    base_url: https://h/v1\n    more_api_keys: [a]\n"), "providers.up.more_api_keys",
       "there is no `api_key`"},
      {with_provider("    base_url: https://h/v1\n    health: {path: models}\n"), "providers.up.health.path", ""},
  };
  for (const Bad& bad : cases) {
    const Loaded loaded = load_text(bad.text);
    EXPECT_FALSE(loaded.settings) << bad.text;
    const Problem* problem = find_problem(loaded, bad.key);
    ASSERT_NE(problem, nullptr) << bad.text << printed(loaded);
    EXPECT_NE(format(*problem, "f").find(bad.says), std::string::npos) << printed(loaded);
  }
}

TEST(QualitySettings, WarnOfAGateThatNothingIsHeldAgainst) {
  const Loaded loaded = load_text(minimal("quality: {gates: {idle: {}}}\n"));

  ASSERT_TRUE(loaded.settings);
  ASSERT_NE(find_problem(loaded, "quality.gates.idle"), nullptr) << printed(loaded);
}

TEST(QualitySettings, JudgeWithTheNextTierWhereTheirsIsLeftOut) {
  const Loaded loaded = load_text(
      "providers: {sim: {dialect: simulated}, up: {base_url: https://h/v1, api_key: \"${NO}\", use: if_key}}\n"
      "tiers: [{name: a, targets: [up/m]}, {name: b, targets: [sim/large]}]\n"
      "routing: {gate: g}\n"
      "quality: {gates: {g: {judge: {tier: a}}}}\n");

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(loaded.settings->quality.gates.at(0).judge->tier, 0U);
  EXPECT_TRUE(noted(*loaded.settings, "quality.gates.g.judge leads to tier b: tier a is left out"));
}

TEST(QualitySettings, AreTheOnesOfTheExampleInTheDocumentation) {
  const std::string page = testing::read_file(std::string(TRIAGED_SOURCE) + "/docs/quality.md");
  const std::string fence = "```yaml\n";
  const std::size_t begin = page.find(fence);
  ASSERT_NE(begin, std::string::npos);
  const std::string example =
      page.substr(begin + fence.size(), page.find("```", begin + fence.size()) - begin - fence.size());
  const Loaded loaded = load_text(example);
  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(printed(loaded), "");
  EXPECT_EQ(loaded.settings->quality.gates.size(), 2U);
}

TEST(BalanceSettings, GiveEachTierItsPolicy) {
  const Loaded loaded = load_text(
      "providers: {sim: {dialect: simulated}}\n"
      "tiers: [{name: a, policy: latency, targets: [sim/x]}, {name: b, targets: [sim/y]}]\n"
      "balance: {policy: cheapest, panic: 1}\n");

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(loaded.settings->tiers.at(0).policy, Policy::latency);
  EXPECT_EQ(loaded.settings->tiers.at(1).policy, Policy::cheapest);
  EXPECT_EQ(loaded.settings->balance.panic, 1);
  EXPECT_EQ(name(Policy::least_busy), "least_busy");
  EXPECT_EQ(load_text(minimal()).settings->tiers.at(0).policy, Policy::order);
}

TEST(ProviderKeys, MayBeMoreThanOneAndEmptyOnesAreLeftOut) {
  const Loaded loaded = load_text(
      with_provider("    base_url: https://h/v1\n    api_key: a\n    more_api_keys: [b, \"${C:-}\", \"${D}\"]\n"),
      {{"D", "d"}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const auto& more = loaded.settings->providers.at(0).more_api_keys;
  ASSERT_EQ(more.size(), 2U);
  EXPECT_EQ(more[0].value, "b");
  EXPECT_EQ(more[1].value, "d");
}

}  // namespace
}  // namespace triaged::config
