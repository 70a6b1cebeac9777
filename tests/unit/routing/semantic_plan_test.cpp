// The strategy `semantic` in a plan: what it decides, what it leaves to others, what is told of it.
#include "triaged/routing/plan.hpp"

#include "unit/routing/small_table.hpp"
#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::routing {
namespace {

using test::user;
using testing::HasSubstr;
using testing::Not;

// Apples go to the second of three tiers, cars to the third.
class SemanticPlan : public testing::Test {
 protected:
  SemanticPlan() {
    config::SemanticRoute fruit;
    fruit.name = "fruit";
    fruit.tier = 1;
    fruit.examples = {"apple", "pear"};
    config::SemanticRoute cars;
    cars.name = "cars";
    cars.tier = 2;
    cars.examples = {"car"};
    settings.routing.semantic.routes = {fruit, cars};
    settings.routing.strategies = {config::Strategy::semantic, config::Strategy::intent};
    routes = *SemanticRoutes::make(settings.routing.semantic, test::small_embedder());
    brain.routes = routes.get();
  }
  Plan plan_of(const chat::Request& request, bool detail = false) const {
    Hints hints;
    hints.detail = detail;
    Result<Plan> plan = make_plan(request, settings, brain, {}, hints);
    EXPECT_TRUE(plan);
    return *std::move(plan);
  }

  config::Settings settings = test::three_tiers();
  std::shared_ptr<const SemanticRoutes> routes;
  Brain brain{test::built_in_classifier()};
};

TEST_F(SemanticPlan, SendsWhatIsNearToARouteToItsTier) {
  const Plan plan = plan_of(user("Apple?").request);
  EXPECT_EQ(plan.strategy, config::Strategy::semantic);
  EXPECT_EQ(plan.tier, 1U);
  ASSERT_TRUE(plan.route);
  EXPECT_EQ(plan.route->route, 0U);
  EXPECT_FALSE(plan.rule);
  EXPECT_FALSE(plan.raised_for_doubt) << "how sure the task is does not matter";
  EXPECT_THAT(plan.reason, HasSubstr("near to route fruit (0."));
  EXPECT_THAT(plan.reason, HasSubstr("which goes to standard"));
  EXPECT_EQ(plan.candidates.front().tier, 1U);
}

TEST_F(SemanticPlan, LeavesWhatIsNearToNoneToTheNextStrategy) {
  for (const char* text : {"What are your opening hours?", "plum"}) {
    const Plan plan = plan_of(user(text).request);
    EXPECT_NE(plan.strategy, config::Strategy::semantic) << text;
    EXPECT_FALSE(plan.route) << text;
    EXPECT_THAT(plan.reason, Not(HasSubstr("route"))) << text;
  }
}

TEST_F(SemanticPlan, IsAskedInItsTurn) {
  config::Rule everything;
  everything.tier = 0;
  settings.routing.table = {everything};
  settings.routing.strategies = {config::Strategy::intent, config::Strategy::semantic};
  const Plan plan = plan_of(user("apple").request);
  EXPECT_EQ(plan.strategy, config::Strategy::intent);
  EXPECT_FALSE(plan.route);
}

TEST_F(SemanticPlan, WithoutRoutesHasNoAnswer) {
  brain.routes = nullptr;
  const Plan plan = plan_of(user("apple").request, true);
  EXPECT_NE(plan.strategy, config::Strategy::semantic);
  EXPECT_FALSE(plan.route);
}

TEST_F(SemanticPlan, StaysBelowTheModelThatWasAskedFor) {
  settings.routing.intercept = {"*"};
  const Plan plan = plan_of(user("car").model("small").request);
  ASSERT_EQ(plan.wanted.kind, WantedKind::intercepted);
  EXPECT_LT(plan.tier, 2U);
  EXPECT_THAT(plan.reason, HasSubstr("held at"));
}

TEST_F(SemanticPlan, DoesNotOverruleATierThatWasAskedFor) {
  const Plan plan = plan_of(user("apple").model("tier:premium").request);
  EXPECT_EQ(plan.tier, 2U);
  EXPECT_FALSE(plan.strategy);
}

TEST_F(SemanticPlan, InDetailNamesTheNearestEvenWhereItIsTooFarAway) {
  const Plan plan = plan_of(user("plum plum plum apple").request, true);
  EXPECT_NE(plan.strategy, config::Strategy::semantic);
  ASSERT_TRUE(plan.route);
  EXPECT_FALSE(plan.route->near_enough());
  EXPECT_THAT(plan_text(plan, settings), HasSubstr("route       fruit, similarity 0."));
  EXPECT_THAT(plan_text(plan, settings), HasSubstr("less than the 0.50 that it takes"));
  const auto json = nlohmann::json::parse(plan_json(plan, settings));
  EXPECT_TRUE(json["route"].is_null()) << "none matched";
  EXPECT_EQ(json["routes"][0]["name"], "fruit");
}

TEST_F(SemanticPlan, IsToldAsJsonAndText) {
  const Plan plan = plan_of(user("car").request);
  const auto json = nlohmann::json::parse(plan_json(plan, settings));
  EXPECT_EQ(json["strategy"], "semantic");
  EXPECT_EQ(json["route"]["name"], "cars");
  EXPECT_NEAR(json["route"]["similarity"].get<double>(), 1, 0.01);
  EXPECT_EQ(json["route"]["threshold"], 0.5);
  EXPECT_THAT(plan_text(plan, settings),
              HasSubstr("route       cars, similarity 1.00, at least the 0.50 that it takes"));

  const Plan other = plan_of(user("What are your opening hours?").request);
  EXPECT_TRUE(nlohmann::json::parse(plan_json(other, settings))["route"].is_null());
  EXPECT_THAT(plan_text(other, settings), Not(HasSubstr("route ")));
}

}  // namespace
}  // namespace triaged::routing
