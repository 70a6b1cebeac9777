#include "triaged/routing/plan.hpp"

#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace triaged::routing {
namespace {

using test::Conversation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Wanted> resolve(const std::string& model, const config::Settings& settings) {
  const Conversation conversation = Conversation().model(model);
  return resolve_wanted(conversation.request, settings);
}

config::Settings intercepting(std::vector<std::string> names) {
  config::Settings settings = test::three_tiers();
  settings.routing.intercept = std::move(names);
  return settings;
}

TEST(Wanted, IsAutomaticForAutoAndForNothing) {
  for (const char* model : {"auto", ""}) {
    const auto wanted = resolve(model, test::three_tiers());
    ASSERT_TRUE(wanted) << model;
    EXPECT_EQ(wanted->kind, WantedKind::automatic);
    EXPECT_EQ(wanted->model, model);
  }
}

TEST(Wanted, IsATierByItsName) {
  const auto wanted = resolve("tier:standard", test::three_tiers());
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, WantedKind::tier);
  EXPECT_EQ(wanted->tier, 1U);
}

TEST(Wanted, IsATargetByItsFullName) {
  const auto wanted = resolve("b/huge", test::three_tiers());
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, WantedKind::target);
  EXPECT_THAT(wanted->targets, ElementsAre(4));
}

TEST(Wanted, IsATargetByItsBareNameWhereOnlyOneHasIt) {
  const auto unique = resolve("huge", test::three_tiers());
  ASSERT_TRUE(unique);
  EXPECT_EQ(unique->kind, WantedKind::target);
  EXPECT_THAT(unique->targets, ElementsAre(4));

  const auto ambiguous = resolve("small", test::three_tiers());
  ASSERT_FALSE(ambiguous);
  EXPECT_EQ(ambiguous.error().status, 404);
  EXPECT_THAT(ambiguous.error().detail, HasSubstr("`a/small`, `b/small`"));
}

TEST(Wanted, IsAnErrorInOpenAisWordsForUnknownNames) {
  const auto unknown = resolve("gpt-9", test::three_tiers());
  ASSERT_FALSE(unknown);
  const Error error = unknown.error();
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.blame, Blame::client);
  EXPECT_EQ(error.code, "model_not_found");
  EXPECT_EQ(error.param, "model");
  EXPECT_THAT(error.detail, HasSubstr("The model `gpt-9` does not exist or you do not have access to it."));
}

TEST(Wanted, SuggestsTheNearestName) {
  EXPECT_THAT(resolve("a/meduim", test::three_tiers()).error().detail, HasSubstr("Did you mean `a/medium`?"));
  EXPECT_THAT(resolve("tier:standart", test::three_tiers()).error().detail, HasSubstr("Did you mean `tier:standard`?"));
  EXPECT_THAT(resolve("zzzzzzzzzzzzzzzz", test::three_tiers()).error().detail, HasSubstr("GET /v1/models"));
}

TEST(Wanted, CutsEndlessNamesInItsErrors) {
  const auto unknown = resolve(std::string(100'000, 'x') + "\xC3\xA9", test::three_tiers());
  ASSERT_FALSE(unknown);
  EXPECT_LT(unknown.error().detail.size(), 400U);
}

TEST(Wanted, IsInterceptedWithTheRequestedModelAsCeiling) {
  const auto wanted = resolve("medium", intercepting({"medium"}));
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, WantedKind::intercepted);
  EXPECT_EQ(wanted->tier, 1U);
  EXPECT_THAT(wanted->targets, ElementsAre(2));
}

TEST(Wanted, IsInterceptedWithTheTopTierAsCeilingWhenTheNameIsNoTarget) {
  const auto wanted = resolve("gpt-4o", intercepting({"gpt-4o"}));
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, WantedKind::intercepted);
  EXPECT_EQ(wanted->tier, 2U);
  EXPECT_THAT(wanted->targets, IsEmpty());
}

TEST(Wanted, TakesTheHighestTierOfAModelThatStandsInSeveral) {
  config::Settings settings = intercepting({"small"});
  settings.tiers[1].targets.push_back(1);
  const auto wanted = resolve("small", settings);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->tier, 1U);
  EXPECT_THAT(wanted->targets, ElementsAre(1));
}

TEST(Wanted, InterceptsEverythingButFullNamesAutoAndTiersWithAStar) {
  const config::Settings settings = intercepting({"*"});
  EXPECT_EQ(resolve("anything", settings)->kind, WantedKind::intercepted);
  EXPECT_EQ(resolve("huge", settings)->kind, WantedKind::intercepted);
  EXPECT_EQ(resolve("b/huge", settings)->kind, WantedKind::target);
  EXPECT_EQ(resolve("auto", settings)->kind, WantedKind::automatic);
  EXPECT_EQ(resolve("tier:light", settings)->kind, WantedKind::tier);
  EXPECT_FALSE(resolve("tier:nosuch", settings));
}

TEST(Wanted, InterceptsDatedVersionsOfAListedName) {
  const config::Settings settings = intercepting({"small", "gpt-4o"});
  for (const char* model : {"gpt-4o-2024-08-06", "gpt-4o-latest", "gpt-4o"}) {
    const auto wanted = resolve(model, settings);
    ASSERT_TRUE(wanted) << model;
    EXPECT_EQ(wanted->kind, WantedKind::intercepted);
    EXPECT_EQ(wanted->model, model);
  }
  const auto plain = resolve("small", settings);
  const auto dated = resolve("small-20250219", settings);
  ASSERT_TRUE(plain && dated);
  EXPECT_EQ(dated->tier, plain->tier);
  EXPECT_EQ(dated->targets, plain->targets);
  EXPECT_FALSE(resolve("gpt-4o-mini", settings));
}

TEST(Wanted, InterceptsAFullNameThatIsListed) {
  const auto wanted = resolve("a/medium", intercepting({"a/medium"}));
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, WantedKind::intercepted);
  EXPECT_EQ(wanted->tier, 1U);
}

TEST(Wanted, IsAListInItsOrderWithoutRepeats) {
  const Conversation conversation =
      Conversation().model("auto").or_model("b/huge").or_model("medium").or_model("b/huge").or_model("tier:light");
  const auto wanted = resolve_wanted(conversation.request, test::three_tiers());
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->kind, WantedKind::list);
  EXPECT_THAT(wanted->targets, ElementsAre(4, 2, 0, 1));
}

TEST(Wanted, RefusesAListWithAnUnknownName) {
  for (const char* model : {"nosuch", "tier:nosuch"}) {
    const Conversation conversation = Conversation().or_model("b/huge").or_model(model);
    const auto wanted = resolve_wanted(conversation.request, test::three_tiers());
    ASSERT_FALSE(wanted) << model;
    EXPECT_EQ(wanted.error().param, "models");
    EXPECT_THAT(wanted.error().detail, HasSubstr(model));
  }
}

TEST(Wanted, HasANameForEachKind) {
  EXPECT_EQ(name(WantedKind::automatic), "automatic");
  EXPECT_EQ(name(WantedKind::tier), "tier");
  EXPECT_EQ(name(WantedKind::target), "target");
  EXPECT_EQ(name(WantedKind::list), "list");
  EXPECT_EQ(name(WantedKind::intercepted), "intercepted");
}

}  // namespace
}  // namespace triaged::routing
