// The strategies in a plan: their order, cost_aware with estimates and prices, conversations that stay.
#include "triaged/base/embedded.hpp"
#include "triaged/routing/plan.hpp"

#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// One price per token of input and ten of output; a tenth for cached input.
class Prices final : public Pricing {
 public:
  explicit Prices(std::array<std::int64_t, 5> per_token) : per_token_(per_token) {}
  std::optional<NanoDollars> cost(std::size_t target, const ExpectedUsage& usage) const override {
    if (per_token_[target] == 0) return std::nullopt;
    return NanoDollars(per_token_[target] * (usage.input - usage.cached + 10 * usage.output + usage.cached / 10));
  }
  // "mini" costs as much as the second tier.
  std::optional<NanoDollars> cost_of(std::string_view model, const ExpectedUsage& usage) const override {
    if (model != "mini") return std::nullopt;
    return NanoDollars(100 * (usage.input + 10 * usage.output));
  }

 private:
  std::array<std::int64_t, 5> per_token_;
};

const EstimateModel& model() {
  static const auto loaded = *EstimateModel::decode(embedded_outcome_model(), "the built-in outcome model");
  return *loaded;
}

class Strategies : public testing::Test {
 protected:
  Strategies() {
    brain.estimates = &model();
    brain.outcomes = &outcomes;
    brain.pricing = &prices;
  }
  // Many outcomes of every kind say how good a tier is.
  void learn(std::size_t tier, double good) {
    for (std::size_t task = 0; task < task_type_count; ++task) {
      for (std::size_t band = 0; band < complexity_bands; ++band) {
        for (int i = 0; i < 400; ++i) {
          Outcome outcome;
          outcome.task = static_cast<TaskType>(task);
          outcome.band = band;
          outcome.tier = tier;
          outcome.good = good;
          outcome.expected = outcomes_expect;
          outcomes.update(outcome);
        }
      }
    }
  }
  Plan plan_of(const chat::Request& request, const Hints& hints = {}) const {
    Result<Plan> plan = make_plan(request, settings, brain, {}, hints);
    EXPECT_TRUE(plan);
    return *std::move(plan);
  }

  static constexpr double outcomes_expect = 0.5;
  config::Settings settings = test::three_tiers();
  Outcomes outcomes{3, {}};
  Prices prices{{10, 10, 100, 1000, 2000}};
  Brain brain{test::built_in_classifier()};
};

TEST_F(Strategies, ByDefaultAreTheTableAlone) {
  const Plan plan = plan_of(user("What are your opening hours?").request);
  EXPECT_EQ(plan.strategy, config::Strategy::intent);
  EXPECT_EQ(plan.rule, 0U);
  EXPECT_TRUE(plan.outlooks.empty()) << "nobody asked for estimates";
}

TEST_F(Strategies, CostAwareTakesTheCheapestTierThatIsGoodEnough) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  learn(0, 0.95);
  learn(1, 0.95);
  learn(2, 0.95);
  const Plan plan = plan_of(user("Translate 'good morning' into French.").request);
  EXPECT_EQ(plan.strategy, config::Strategy::cost_aware);
  EXPECT_EQ(plan.tier, 0U);
  EXPECT_FALSE(plan.rule);
  EXPECT_THAT(plan.reason, HasSubstr("light: keeps at least"));
  ASSERT_EQ(plan.outlooks.size(), 3U);
  EXPECT_LT(*plan.outlooks[0].cost, *plan.outlooks[2].cost);
}

TEST_F(Strategies, CostAwareTakesTheTopTierWhereTheOthersFailTooOften) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  learn(0, 0.2);
  learn(1, 0.3);
  learn(2, 0.98);
  const Plan plan = plan_of(user("Translate 'good morning' into French.").request);
  EXPECT_EQ(plan.tier, 2U);
  EXPECT_THAT(plan.reason, HasSubstr("no cheaper tier surely keeps 90 %"));
}

TEST_F(Strategies, CostAwarePaysForQualityOnlyWhatItIsWorth) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  learn(0, 0.6);
  learn(1, 0.7);
  learn(2, 0.95);
  const Conversation asked = user("Translate 'good morning' into French.");
  brain.cost_aware.willingness_to_pay = 1000;
  EXPECT_EQ(plan_of(asked.request).tier, 2U);
  brain.cost_aware.willingness_to_pay = 1e-6;
  EXPECT_EQ(plan_of(asked.request).tier, 0U);
}

TEST_F(Strategies, AreAskedInTheirOrder) {
  settings.routing.strategies = {config::Strategy::intent, config::Strategy::cost_aware};
  learn(0, 0.95);
  learn(1, 0.95);
  learn(2, 0.95);
  const Plan by_table = plan_of(user("What are your opening hours?").request);
  EXPECT_EQ(by_table.strategy, config::Strategy::intent);
  const Plan by_cost = plan_of(user("Write a short poem about the sea and a lonely lighthouse.").request);
  EXPECT_EQ(by_cost.strategy, config::Strategy::cost_aware);
  EXPECT_EQ(by_cost.tier, 0U);
}

TEST_F(Strategies, CostAwareNamesTheTierThatItPassesOverBecauseItHasNoPrice) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  learn(0, 0.95);
  learn(1, 0.2);
  learn(2, 0.95);
  prices = Prices({0, 0, 100, 1000, 2000});
  const Plan plan = plan_of(user("Translate 'good morning' into French.").request);
  EXPECT_EQ(plan.strategy, config::Strategy::cost_aware);
  EXPECT_EQ(plan.tier, 2U);
  EXPECT_THAT(plan.reason, HasSubstr("; light has no price"));
  prices = Prices({10, 10, 100, 1000, 2000});
  EXPECT_THAT(plan_of(user("Translate 'good morning' into French.").request).reason, Not(HasSubstr("has no price")));
}

TEST_F(Strategies, NameTheConditionsOfTheRowThatDecided) {
  config::Rule legal;
  legal.headers = {{"x-team", "legal"}};
  legal.tier = 2;
  settings.routing.table.insert(settings.routing.table.begin(), legal);
  Origin origin;
  origin.headers = {{"x-team", "legal"}};
  const Conversation asked = user("What are your opening hours?");
  const auto plan = make_plan(asked.request, settings, brain, origin);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->reason, HasSubstr("table row 1 (header x-team) sends it to premium"));
  EXPECT_THAT(plan_of(asked.request).reason, HasSubstr("table row 2 sends it to light"));
}

TEST_F(Strategies, SayThatTheDecisionWentByStructureWhereTheLanguageIsNotKnown) {
  const Conversation japanese = user("この契約書の主なリスクを分析してください。");
  EXPECT_THAT(plan_of(japanese.request).reason, HasSubstr(", by structure: the language is not known), complexity"));
  EXPECT_THAT(plan_of(user("What are your opening hours?").request).reason, Not(HasSubstr("by structure")));
}

TEST_F(Strategies, LeaveTheDefaultTierToWhatHasNoPrice) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  prices = Prices({0, 0, 0, 0, 0});
  const Plan plan = plan_of(user("Translate 'good morning' into French.").request);
  EXPECT_FALSE(plan.strategy);
  EXPECT_GE(plan.tier, settings.routing.default_tier);
  EXPECT_THAT(plan.reason, HasSubstr("no price to compare with"));
}

TEST_F(Strategies, NeverGoAboveTheModelThatWasAskedFor) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  settings.routing.intercept = {"a/medium"};
  learn(0, 0.2);
  learn(1, 0.6);
  learn(2, 0.98);
  Conversation asked = user("Translate 'good morning' into French.");
  asked.model("a/medium");
  const Plan plan = plan_of(asked.request);
  EXPECT_EQ(plan.tier, 1U);
  EXPECT_EQ(plan.outlooks.size(), 2U);
}

TEST_F(Strategies, ChooseNothingDearerThanAnInterceptedModelThatIsNoTarget) {
  settings.routing.table.clear();
  settings.routing.default_tier = 2;
  for (const char* intercepted : {"*", "mini"}) {
    settings.routing.intercept = {intercepted};
    const Plan held = plan_of(Conversation().user("Prove it.").model("mini").request);
    EXPECT_EQ(held.tier, 1U);
    EXPECT_THAT(held.reason, HasSubstr("held at standard: stronger tiers cost more than the model asked for"));
  }
  settings.routing.intercept = {"*"};
  EXPECT_EQ(plan_of(Conversation().user("Prove it.").model("unpriced").request).tier, 2U);
  brain.pricing = nullptr;
  EXPECT_EQ(plan_of(Conversation().user("Prove it.").model("mini").request).tier, 2U);
}

std::vector<std::pair<std::size_t, bool>> tries(const Plan& plan) {
  std::vector<std::pair<std::size_t, bool>> all;
  for (const Candidate& candidate : plan.candidates) all.emplace_back(candidate.target, candidate.above_price);
  return all;
}

TEST_F(Strategies, TellWhichTriesCostMoreThanTheModelAskedForAndPutThemLast) {
  settings.routing.table = {{{}, 0.0, 1.0, 0}};
  settings.routing.confidence = 0;
  settings.routing.intercept = {"mini"};
  prices = Prices({500, 10, 100, 1000, 90});
  const Conversation asked = Conversation().user("Prove it.").model("mini");
  const Plan plan = plan_of(asked.request);
  using Try = std::pair<std::size_t, bool>;
  EXPECT_THAT(tries(plan), ElementsAre(Try(1, false), Try(2, false), Try(4, false), Try(0, true), Try(3, true)));
  EXPECT_THAT(plan_json(plan, settings), HasSubstr(R"({"tier":"light","model":"a/small","above_price":true})"));
  EXPECT_THAT(plan_text(plan, settings), HasSubstr("5. a/large (premium), costs more than what was asked for"));
  EXPECT_THAT(plan_text(plan, settings), Not(HasSubstr("b/small (light), costs more")));
}

TEST_F(Strategies, SayWhenOnlyADearerModelCanTakeTheRequest) {
  settings.routing.intercept = {"mini"};
  for (const std::size_t small : {0U, 1U, 2U}) settings.targets[small].images = false;
  Conversation asked = user("What is this?").model("mini");
  asked.request.messages.back().images = 1;
  const Plan plan = plan_of(asked.request);
  EXPECT_EQ(plan.tier, 2U);
  EXPECT_TRUE(plan.candidates.front().above_price);
  EXPECT_THAT(plan.reason, HasSubstr("so up to premium, which costs more than the model asked for"));
}

TEST_F(Strategies, DoNotStayWithAWarmTargetThatCostsMoreThanTheModelAskedFor) {
  settings.routing.table = {{{}, 0.0, 1.0, 1}};
  settings.routing.confidence = 0;
  settings.routing.intercept = {"mini"};
  prices = Prices({80, 80, 100, 110, 2000});
  Conversation talk;
  talk.user("Here is the handbook. " + std::string(40'000, 'a')).assistant("I have read it.");
  talk.user("What are your opening hours?").model("mini");
  Hints hints;
  hints.warm = WarmTarget{3, 12'000};
  const Plan plan = plan_of(talk.request, hints);
  EXPECT_FALSE(plan.kept_warm);
  EXPECT_EQ(plan.tier, 1U);
}

TEST_F(Strategies, CostAwareKnowsWhatConstraintsRuleOut) {
  settings.routing.strategies = {config::Strategy::cost_aware};
  settings.targets[0].images = settings.targets[1].images = false;
  learn(0, 0.95);
  learn(1, 0.95);
  learn(2, 0.95);
  Conversation asked = user("What is in this picture?");
  asked.request.messages.back().images = 1;
  const Plan plan = plan_of(asked.request);
  EXPECT_EQ(plan.tier, 1U);
  EXPECT_FALSE(plan.outlooks[0].target);
}

TEST_F(Strategies, TellTheirEstimatesWhenAsked) {
  Hints hints;
  hints.detail = true;
  const Plan plan = plan_of(user("What are your opening hours?").request, hints);
  EXPECT_EQ(plan.strategy, config::Strategy::intent);
  ASSERT_EQ(plan.outlooks.size(), 3U);
  for (const TierOutlook& outlook : plan.outlooks) {
    EXPECT_GT(outlook.output_tokens, 0);
    EXPECT_LE(outlook.quality.lower, outlook.quality.good);
    EXPECT_TRUE(outlook.cost);
  }
  EXPECT_THAT(plan_text(plan, settings), HasSubstr("estimates   light: good with p "));
  EXPECT_THAT(plan_json(plan, settings), HasSubstr("\"alternatives\":[{\"tier\":\"standard\",\"good_difference\":"));
}

TEST_F(Strategies, ExpectNoMoreOutputThanATargetCanGive) {
  Hints hints;
  hints.detail = true;
  const test::Conversation asked = user("Write an essay of 3,000 words about bees");
  const Plan open = plan_of(asked.request, hints);
  ASSERT_EQ(open.outlooks.size(), 3U);
  const std::size_t target = open.outlooks[0].target.value();
  EXPECT_GT(open.outlooks[0].output_tokens, 4000);

  settings.targets[target].max_output = 1000;
  const Plan capped = plan_of(asked.request, hints);

  EXPECT_EQ(capped.outlooks[0].output_tokens, 1000);
  EXPECT_LT(*capped.outlooks[0].cost, *open.outlooks[0].cost);
  EXPECT_EQ(capped.outlooks[2].output_tokens, open.outlooks[2].output_tokens) << "the others can give what they could";
}

TEST_F(Strategies, TakeTheTaskOfAHint) {
  Hints hints;
  hints.task.emplace();
  hints.task->best = TaskType::math;
  hints.task->confidence = 0.97F;
  hints.task->probability[static_cast<std::size_t>(TaskType::math)] = 0.97F;
  EXPECT_EQ(plan_of(user("What are your opening hours?").request, hints).task.best, TaskType::math);
}

// A long history, and a last turn for the light tier.
Conversation long_talk() {
  Conversation talk;
  talk.user("Here is the handbook. " + std::string(40'000, 'a')).assistant("I have read it.");
  talk.user("What are your opening hours?");
  return talk;
}

TEST_F(Strategies, StayWhereThePromptCacheIsWarmUnlessMovingPays) {
  settings.routing.table = {{{}, 0.0, 1.0, 0}};
  settings.routing.confidence = 0;
  const Conversation talk = long_talk();
  Hints hints;
  hints.warm = WarmTarget{2, 12'000};
  EXPECT_EQ(plan_of(talk.request).tier, 0U);

  prices = Prices({80, 80, 100, 1000, 2000});  // a little cheaper, but all has to be read again
  const Plan stays = plan_of(talk.request, hints);
  EXPECT_TRUE(stays.kept_warm);
  EXPECT_EQ(stays.tier, 1U);
  EXPECT_EQ(stays.candidates.front().target, 2U);
  EXPECT_THAT(stays.reason, HasSubstr("whose prompt cache is warm"));
  ASSERT_TRUE(stays.stay_cost && stays.move_cost);
  EXPECT_LT(*stays.stay_cost, *stays.move_cost);
  EXPECT_THAT(plan_json(stays, settings), HasSubstr("\"stay_cost_usd\":" + format_dollars(*stays.stay_cost) +
                                                    ",\"move_cost_usd\":" + format_dollars(*stays.move_cost)));
  hints.warm->cold = true;
  const Plan cold = plan_of(talk.request, hints);
  EXPECT_EQ(cold.tier, 0U) << "the target said that its cache held nothing";
  EXPECT_THAT(plan_json(cold, settings), HasSubstr(R"("stay_cost_usd":null,"move_cost_usd":null)"));
  hints.warm->cold = false;

  prices = Prices({1, 1, 100, 1000, 2000});
  const Plan moves = plan_of(talk.request, hints);
  EXPECT_FALSE(moves.kept_warm);
  EXPECT_GT(moves.stay_cost, moves.move_cost);
  EXPECT_EQ(moves.tier, 0U);
}

TEST_F(Strategies, StayWithTheWarmTargetOfTheSameTier) {
  settings.routing.table = {{{}, 0.0, 1.0, 0}};
  settings.routing.confidence = 0;
  Hints hints;
  hints.warm = WarmTarget{1, 12'000};
  const Plan plan = plan_of(long_talk().request, hints);
  EXPECT_TRUE(plan.kept_warm);
  EXPECT_EQ(plan.candidates[0].target, 1U);
  EXPECT_EQ(plan.candidates[1].target, 0U);
}

TEST_F(Strategies, LeaveAWarmCacheForATierThatIsNeeded) {
  settings.routing.table = {{{}, 0.0, 1.0, 2}};
  Hints hints;
  hints.warm = WarmTarget{0, 12'000};
  const Plan plan = plan_of(long_talk().request, hints);
  EXPECT_FALSE(plan.kept_warm);
  EXPECT_EQ(plan.tier, 2U);
}

TEST_F(Strategies, DoNotStayWithATargetThatCannotTakeTheRequest) {
  settings.routing.table = {{{}, 0.0, 1.0, 0}};
  settings.routing.confidence = 0;
  settings.targets[1].context_window = 1000;
  Hints hints;
  hints.warm = WarmTarget{1, 12'000};
  const Plan plan = plan_of(long_talk().request, hints);
  EXPECT_FALSE(plan.kept_warm);
  EXPECT_EQ(plan.candidates.front().target, 0U);
  hints.warm = WarmTarget{99, 12'000};
  EXPECT_FALSE(plan_of(long_talk().request, hints).kept_warm);
}

}  // namespace
}  // namespace triaged::routing
