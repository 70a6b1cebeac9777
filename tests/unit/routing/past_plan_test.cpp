// Past prompts in a plan: what they decide, what they leave to others, what is told of them.
#include "triaged/base/embedded.hpp"
#include "triaged/routing/plan.hpp"

#include "unit/routing/small_table.hpp"
#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;
using testing::HasSubstr;
using testing::Not;

class OnePrice final : public Pricing {
 public:
  std::optional<NanoDollars> cost(std::size_t target, const ExpectedUsage& usage) const override {
    return NanoDollars(static_cast<std::int64_t>(target + 1) * 100 * (usage.input + usage.output));
  }
  std::optional<NanoDollars> cost_of(std::string_view model, const ExpectedUsage& usage) const override {
    if (model != "asked-for") return std::nullopt;
    return cost(2, usage);  // as the standard tier
  }
};

// Apples were good everywhere, pears in the strongest tier alone, plums in nobody's.
class PastPlan : public testing::Test {
 protected:
  PastPlan() {
    for (int i = 0; i < 30; ++i) {
      rows.push_back({"apple-" + std::to_string(i), "apple", {1, 1, 1, 1, 1}});
      rows.push_back({"pear-" + std::to_string(i), "pear", {0, 0, 0, 1, 1}});
    }
    rows.push_back({"plum-0", "plum", {1, 1, 1}});
    know(rows);
    settings.routing.strategies = {config::Strategy::semantic, config::Strategy::intent};
    settings.routing.table.clear();
    settings.routing.default_tier = 2;
  }
  Plan plan_of(const chat::Request& request, bool detail = false) const {
    Hints hints;
    hints.detail = detail;
    Result<Plan> plan = make_plan(request, settings, brain, {}, hints);
    EXPECT_TRUE(plan);
    return *std::move(plan);
  }
  void know(const std::vector<PastPrompt>& prompts) {
    past = std::make_unique<PastPrompts>(prompts, settings.targets.size(), config::Past{}, test::small_embedder());
    brain.past = past.get();
  }
  void weigh_costs() {
    settings.routing.strategies = {config::Strategy::cost_aware};
    static const auto model = *EstimateModel::decode(embedded_outcome_model(), "the built-in outcome model");
    brain.estimates = model.get();
    brain.outcomes = &outcomes;
    brain.pricing = &prices;
  }

  std::vector<PastPrompt> rows;
  config::Settings settings = test::three_tiers();
  Outcomes outcomes{3, {}};
  OnePrice prices;
  std::unique_ptr<PastPrompts> past;
  Brain brain{test::built_in_classifier()};
};

TEST_F(PastPlan, SendsWhatWeakTiersSurelyDidWellToTheWeakest) {
  const Plan plan = plan_of(user("apple").request);
  EXPECT_EQ(plan.strategy, config::Strategy::semantic);
  EXPECT_EQ(plan.tier, 0U);
  EXPECT_FALSE(plan.route);
  EXPECT_FALSE(plan.raised_for_doubt) << "how sure the task is does not matter";
  ASSERT_TRUE(plan.past);
  EXPECT_EQ(plan.past->neighbours.size(), 30U);
  EXPECT_THAT(plan.reason,
              HasSubstr("light surely did as well on 30 past prompts like it (nearest 1.00, good at least 0."));
  EXPECT_EQ(way_name(way_of(plan, settings), settings), "other");
}

TEST_F(PastPlan, LeavesWhatTheyAreNotSureOfToTheNextStrategy) {
  for (const char* text : {"pear", "plum", "car", "What are your opening hours?"}) {
    const Plan plan = plan_of(user(text).request);
    EXPECT_FALSE(plan.strategy) << text;
    EXPECT_EQ(plan.tier, 2U) << text;
    EXPECT_THAT(plan.reason, Not(HasSubstr("past prompt"))) << text;
  }
}

TEST_F(PastPlan, ARouteThatIsNearGoesFirst) {
  config::SemanticRoute fruit;
  fruit.name = "fruit";
  fruit.tier = 1;
  fruit.examples = {"apple"};
  settings.routing.semantic.routes = {fruit};
  const auto routes = *SemanticRoutes::make(settings.routing.semantic, test::small_embedder());
  brain.routes = routes.get();
  const Plan plan = plan_of(user("apple").request);
  EXPECT_EQ(plan.tier, 1U);
  EXPECT_THAT(plan.reason, HasSubstr("near to route fruit"));
  EXPECT_EQ(way_name(way_of(plan, settings), settings), "route fruit");
}

// A route that was looked at and is too far away did not choose: neither its gate nor its statistics are meant.
TEST_F(PastPlan, ARouteThatIsTooFarAwayIsNotTheWayThere) {
  config::SemanticRoute cars;
  cars.name = "cars";
  cars.tier = 2;
  cars.examples = {"car"};
  cars.gate = 0;
  settings.routing.semantic.routes = {cars};
  const auto routes = *SemanticRoutes::make(settings.routing.semantic, test::small_embedder());
  brain.routes = routes.get();
  const Plan plan = plan_of(user("apple").request, true);
  EXPECT_EQ(plan.tier, 0U);
  EXPECT_TRUE(plan.route);
  EXPECT_FALSE(plan.gate);
  EXPECT_EQ(way_name(way_of(plan, settings), settings), "other");
}

TEST_F(PastPlan, ConstraintsComeFirst) {
  settings.targets[0].context_window = settings.targets[1].context_window = 1;
  const Plan plan = plan_of(user("apple").request);
  EXPECT_EQ(plan.tier, 1U);
  EXPECT_THAT(plan.reason, HasSubstr("standard surely did as well"));
}

TEST_F(PastPlan, TheModelAskedForIsTheCeiling) {
  settings.routing.intercept = {"*"};
  const Plan small = plan_of(user("pear").model("small").request);
  EXPECT_EQ(small.tier, 0U);
  EXPECT_THAT(small.reason, Not(HasSubstr("past prompt")));
  EXPECT_EQ(plan_of(user("apple").model("tier:premium").request).tier, 2U);
}

// What a fallback of the tier did says nothing of the target that is asked first.
TEST_F(PastPlan, OfATierTheTargetThatWouldBeAskedFirstCounts) {
  std::vector<PastPrompt> fallback;
  for (int i = 0; i < 30; ++i) fallback.push_back({std::to_string(i), "apple", {no_score, 1, no_score, 1, 1}});
  know(fallback);
  EXPECT_FALSE(plan_of(user("apple").request).strategy);

  settings.targets[0].context_window = 1;
  const Plan plan = plan_of(user("apple").request);
  EXPECT_EQ(plan.tier, 0U);
  EXPECT_EQ(plan.candidates.front().target, 1U);
}

TEST_F(PastPlan, WhatCostsMoreThanTheModelAskedForIsNotComparedWith) {
  std::vector<PastPrompt> cars;
  for (int i = 0; i < 30; ++i) cars.push_back({std::to_string(i), "car", {0.95F, 0.95F, 0.95F, 1, 1}});
  know(cars);
  settings.routing.intercept = {"*"};
  brain.pricing = &prices;
  EXPECT_EQ(plan_of(user("car").request).tier, 2U) << "premium did better";
  const Plan held = plan_of(user("car").model("asked-for").request);
  EXPECT_EQ(held.tier, 0U) << held.reason;
  EXPECT_THAT(held.reason, HasSubstr("light surely did as well"));
}

TEST_F(PastPlan, OfImagesFilesAndResultsOfToolsTheySayNothing) {
  Conversation with_image = user("apple");
  with_image.request.messages.back().images = 1;
  EXPECT_FALSE(plan_of(with_image.request).strategy);

  Conversation with_result = user("apple");
  with_result.tool("12 apples");
  EXPECT_FALSE(plan_of(with_result.request).strategy);
}

TEST_F(PastPlan, MoveTheEstimatesOfCostAware) {
  weigh_costs();
  const Plan apple = plan_of(user("apple").request);
  EXPECT_EQ(apple.strategy, config::Strategy::cost_aware);
  EXPECT_EQ(apple.tier, 0U);
  EXPECT_THAT(apple.reason, HasSubstr("by past prompts like it"));
  EXPECT_GT(apple.outlooks[0].quality.good, apple.outlooks[0].without_past.good);
  EXPECT_GE(apple.outlooks[0].quality.seen, 25);

  const Plan pear = plan_of(user("pear").request);
  EXPECT_EQ(pear.tier, 2U);
  EXPECT_LT(pear.outlooks[0].quality.good, pear.outlooks[0].without_past.good);
  EXPECT_THAT(pear.reason, Not(HasSubstr("past prompts"))) << "the strongest would have been taken without them";
}

TEST_F(PastPlan, WithoutThemTheDecisionIsTheSame) {
  weigh_costs();
  const Plan near_to_none = plan_of(user("car").request);
  brain.past = nullptr;
  const Plan without = plan_of(user("car").request);
  EXPECT_EQ(near_to_none.reason, without.reason);
  EXPECT_EQ(near_to_none.outlooks[0].quality.lower, without.outlooks[0].quality.lower);
  EXPECT_FALSE(without.past);
  EXPECT_THAT(plan_json(without, settings), Not(HasSubstr("neighbours")));
  EXPECT_THAT(plan_text(without, settings), Not(HasSubstr("neighbours")));
}

TEST_F(PastPlan, IsToldAsJsonAndText) {
  const Plan plan = plan_of(user("pear plum plum").request, true);
  const auto json = nlohmann::json::parse(plan_json(plan, settings));
  ASSERT_GE(json["neighbours"].size(), 1U);
  EXPECT_EQ(json["neighbours"][0]["id"], "plum-0");
  EXPECT_NEAR(json["neighbours"][0]["similarity"].get<double>(), 0.894, 0.01);
  EXPECT_EQ(json["neighbours"][0]["scores"], (nlohmann::json{{"a/small", 1.0}, {"b/small", 1.0}, {"a/medium", 1.0}}));
  EXPECT_FALSE(json["neighbours_decided"].get<bool>());
  EXPECT_THAT(plan_text(plan, settings),
              HasSubstr("neighbours  plum-0, similarity 0.90: a/small 1.00, b/small 1.00, a/medium 1.00\n"));

  const Plan apple = plan_of(user("apple").request);
  EXPECT_TRUE(nlohmann::json::parse(plan_json(apple, settings))["neighbours_decided"].get<bool>());
  EXPECT_THAT(plan_text(apple, settings), HasSubstr("and 25 more\n"));
  EXPECT_THAT(plan_text(plan_of(user("car").request), settings), HasSubstr("no past prompt is near enough"));
}

}  // namespace
}  // namespace triaged::routing
