// An embedding model at a provider: what it is sent, which of its vectors are used, and what a plan makes of them.
#include "triaged/routing/upstream_routes.hpp"

#include "triaged/routing/plan.hpp"

#include "unit/routing/small_table.hpp"
#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace triaged::routing {
namespace {

using test::user;
using testing::HasSubstr;

using Vector = std::vector<float>;

std::string problem_of(Vector vector, std::size_t dimensions) {
  const Result<void> fit = make_comparable(vector, dimensions);
  return fit ? "" : fit.error().detail;
}

TEST(TextToEmbed, IsTheTextOrTheEndsOfALongOne) {
  EXPECT_EQ(text_to_embed("where is my order?"), "where is my order?");
  const std::string text = text_to_embed("begin " + std::string(1'000'000, 'x') + " end");
  EXPECT_LT(text.size(), 6'000U);
  EXPECT_THAT(text, testing::StartsWith("begin x"));
  EXPECT_THAT(text, testing::EndsWith("x end"));
}

TEST(MakeComparable, MakesTheLengthOne) {
  Vector vector{3, 0, -4};
  ASSERT_TRUE(make_comparable(vector, 3));
  EXPECT_FLOAT_EQ(vector[0], 0.6F);
  EXPECT_FLOAT_EQ(vector[2], -0.8F);
  Vector any{5};
  EXPECT_TRUE(make_comparable(any, 0));
}

TEST(MakeComparable, RefusesWhatCannotBeCompared) {
  EXPECT_EQ(problem_of({1, 2}, 3), "a vector has 2 numbers, not 3");
  EXPECT_EQ(problem_of({}, 0), "a vector is empty");
  EXPECT_EQ(problem_of({0, 0}, 0), "a vector has no direction");
  EXPECT_EQ(problem_of({1, std::numeric_limits<float>::quiet_NaN()}, 0), "a vector has no direction");
  EXPECT_EQ(problem_of({1, std::numeric_limits<float>::infinity()}, 0), "a vector has no direction");
  EXPECT_EQ(problem_of(Vector(most_dimensions + 1, 1.0F), 0), "a vector has more than 4096 numbers");
}

TEST(EmbeddedTexts, KnowTheirTextsAndNoOthers) {
  EmbeddedTexts texts("up/embed", 0.4, 0);
  ASSERT_TRUE(texts.add("apple", {2, 0}));
  EXPECT_EQ(texts.version(), "up/embed");
  EXPECT_EQ(texts.threshold(), 0.4);
  EXPECT_EQ(texts.dimensions(), 2U);
  Vector vector(2);
  EXPECT_TRUE(texts.embed("apple", vector));
  EXPECT_EQ(vector, (Vector{1, 0}));
  EXPECT_FALSE(texts.embed("pear", vector));
}

TEST(EmbeddedTexts, HaveOneNumberOfDimensions) {
  EmbeddedTexts first("up/embed", 0.4, 0);
  ASSERT_TRUE(first.add("apple", {2, 0}));
  EXPECT_FALSE(first.add("pear", {1, 2, 3}));
  EXPECT_FALSE(first.knows("pear"));
  EmbeddedTexts asked("up/embed@3", 0.4, 3);
  EXPECT_FALSE(asked.add("apple", {2, 0})) << "so many were asked for";
}

TEST(EmbeddedTexts, TakeWhatAnotherOfTheSameVersionKnows) {
  EmbeddedTexts before("up/embed", 0.4, 0);
  ASSERT_TRUE(before.add("apple", {2, 0}));
  ASSERT_TRUE(before.add("pear", {0, 1}));
  const std::vector<std::string> wanted{"apple", "plum"};

  EmbeddedTexts after("up/embed", 0.5, 0);
  after.add_known(wanted, before);
  EmbeddedTexts other("up/another", 0.5, 0);
  other.add_known(wanted, before);

  EXPECT_TRUE(after.knows("apple"));
  EXPECT_FALSE(after.knows("pear")) << "nobody asks for it any more";
  EXPECT_FALSE(after.knows("plum"));
  EXPECT_FALSE(other.knows("apple"));
}

TEST(UpstreamRoutes, AreMadeByTheFirstWhoAsks) {
  UpstreamRoutes routes(nullptr);
  EXPECT_TRUE(routes.claim());
  EXPECT_FALSE(routes.claim());
  EXPECT_EQ(routes.find(), nullptr);
}

// The built-in embedder knows fruit and cars; the model says that apples are near to cars.
class UpstreamPlan : public testing::Test {
 protected:
  UpstreamPlan() {
    config::SemanticRoute fruit;
    fruit.name = "fruit";
    fruit.tier = 1;
    fruit.examples = {"apple", "pear"};
    config::SemanticRoute cars;
    cars.name = "cars";
    cars.tier = 2;
    cars.examples = {"car"};
    config::Semantic& semantic = settings.routing.semantic;
    semantic.routes = {fruit, cars};
    semantic.embedder = "up/embed";
    semantic.threshold = 0.8;
    semantic.upstream.emplace().name = "up/embed";
    settings.routing.strategies = {config::Strategy::semantic, config::Strategy::intent};
    built_in = *SemanticRoutes::make(semantic, test::small_embedder());
    brain.routes = built_in.get();
    auto texts = std::make_shared<EmbeddedTexts>("up/embed", 0.8, 0);
    EXPECT_TRUE(texts->add("apple", {1, 0, 0}));
    EXPECT_TRUE(texts->add("pear", {1, 0, 0}));
    EXPECT_TRUE(texts->add("car", {0, 1, 0}));
    upstream = *SemanticRoutes::make(semantic, texts);
  }
  EmbeddingHint told(Vector vector) const { return {"used", upstream, std::move(vector)}; }
  Plan plan_of(const char* text, std::optional<EmbeddingHint> embedding, bool detail = false) const {
    Hints hints;
    hints.embedding = std::move(embedding);
    hints.detail = detail;
    Result<Plan> plan = make_plan(user(text).request, settings, brain, {}, hints);
    EXPECT_TRUE(plan);
    return *std::move(plan);
  }

  bool matter(const test::Conversation& conversation) const {
    const Result<Plan> plan = make_plan(conversation.request, settings, brain);
    EXPECT_TRUE(plan);
    return plan && routes_matter(*plan, settings);
  }

  config::Settings settings = test::three_tiers();
  std::shared_ptr<const SemanticRoutes> built_in;
  std::shared_ptr<const SemanticRoutes> upstream;
  Brain brain{test::built_in_classifier()};
};

TEST_F(UpstreamPlan, FollowsTheVectorAndItsThreshold) {
  const Plan plan = plan_of("apple", told({0, 0.9F, 0.4358899F}));
  EXPECT_EQ(plan.tier, 2U);
  ASSERT_TRUE(plan.route);
  EXPECT_EQ(plan.route->route, 1U);
  EXPECT_EQ(plan.route->threshold, 0.8);
  EXPECT_EQ(plan.embedder, "up/embed");
  EXPECT_THAT(plan.reason, HasSubstr("near to route cars (0.90 by up/embed), which goes to premium"));
}

TEST_F(UpstreamPlan, LeavesWhatIsNotNearEnoughToTheNextStrategy) {
  const Plan plan = plan_of("apple", told({0, 0.6F, 0.8F}));
  EXPECT_NE(plan.strategy, config::Strategy::semantic);
  EXPECT_THAT(plan.reason, HasSubstr("near to no route by up/embed, "));
}

TEST_F(UpstreamPlan, WithoutAVectorFollowsTheBuiltInEmbedderAndItsOwnThreshold) {
  for (const char* result : {"late", "failed", "invalid", "paused", "loading"}) {
    const Plan plan = plan_of("apple?", EmbeddingHint{result, nullptr, {}});
    EXPECT_EQ(plan.tier, 1U);
    ASSERT_TRUE(plan.route);
    EXPECT_EQ(plan.route->threshold, 0.5) << "the configured one belongs to the other embedder";
    EXPECT_THAT(plan.reason, HasSubstr("by small-1 as upstream was " + std::string(result) + "), which goes to"));
    const auto json = nlohmann::json::parse(plan_json(plan, settings));
    EXPECT_EQ(json["embedder"], "small-1");
    EXPECT_EQ(json["upstream_embedder"], result);
  }
}

TEST_F(UpstreamPlan, SaysWhoFoundNothingNear) {
  const Plan plan = plan_of("What are your opening hours?", EmbeddingHint{"late", nullptr, {}});
  EXPECT_THAT(plan.reason, HasSubstr("near to no route by small-1 as upstream was late, "));
}

TEST_F(UpstreamPlan, InDetailTellsTheNeighboursAndWhoComparedThem) {
  const Plan plan = plan_of("apple", told({0.6F, 0.8F, 0}), true);
  const auto json = nlohmann::json::parse(plan_json(plan, settings));
  ASSERT_EQ(json["routes"].size(), 2U);
  EXPECT_EQ(json["routes"][0]["name"], "cars");
  EXPECT_NEAR(json["routes"][0]["similarity"].get<double>(), 0.8, 0.01);
  EXPECT_EQ(json["routes"][1]["name"], "fruit");
  EXPECT_NEAR(json["routes"][1]["similarity"].get<double>(), 0.6, 0.01);
  EXPECT_EQ(json["embedder"], "up/embed");
  EXPECT_EQ(json["upstream_embedder"], "used");
  const std::string text = plan_text(plan, settings);
  EXPECT_THAT(text, HasSubstr("beside it   fruit 0.60\n"));
  EXPECT_THAT(text, HasSubstr("compared by up/embed, upstream: used\n"));
}

TEST_F(UpstreamPlan, IsAskedForWhereARouteCouldDecide) {
  EXPECT_TRUE(matter(user("apple")));
  EXPECT_TRUE(matter(user("What are your opening hours?")));
  EXPECT_FALSE(matter(user("  "))) << "nothing to compare";
  settings.routing.strategies = {config::Strategy::intent};
  EXPECT_FALSE(matter(user("apple"))) << "routes decide nothing";
  config::Rule everything;
  everything.tier = 0;
  settings.routing.strategies = {config::Strategy::intent, config::Strategy::semantic};
  settings.routing.table = {everything};
  EXPECT_FALSE(matter(user("apple"))) << "the table has decided";
  settings.routing.table.clear();
  EXPECT_TRUE(matter(user("apple")));
}

TEST_F(UpstreamPlan, IsNotAskedForWhereTheClientNamedTheTier) {
  EXPECT_FALSE(matter(user("apple").model("tier:light")));
}

}  // namespace
}  // namespace triaged::routing
