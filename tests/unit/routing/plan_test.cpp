#include "triaged/routing/plan.hpp"

#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Says what it is told to, so that the rest of the plan can be tested alone.
class FixedClassifier final : public Classifier {
 public:
  explicit FixedClassifier(TaskType task, float confidence = 0.9F) {
    scores_.best = task;
    scores_.second = task == TaskType::qa ? TaskType::chat : TaskType::qa;
    scores_.confidence = confidence;
    scores_.probability[static_cast<std::size_t>(task)] = confidence;
    scores_.probability[static_cast<std::size_t>(scores_.second)] = 1.0F - confidence;
  }
  TaskScores classify(const TaskFeatures&) const override { return scores_; }
  std::string_view version() const override { return "fixed"; }

 private:
  TaskScores scores_;
};

Result<Plan> plan_of(const chat::Request& request, const config::Settings& settings, TaskType task = TaskType::qa,
                     float confidence = 0.9F) {
  return make_plan(request, settings, FixedClassifier(task, confidence));
}

std::vector<std::string> names(const Plan& plan, const config::Settings& settings) {
  std::vector<std::string> result;
  for (const Candidate& candidate : plan.candidates) {
    result.push_back(settings.tiers[candidate.tier].name + " " + settings.targets[candidate.target].name);
  }
  return result;
}

TEST(Plan, TriesTheTierOfTheFirstRowThatMatchesAndThenTheStrongerOnes) {
  const config::Settings settings = test::three_tiers();
  const Conversation conversation = user("What are your opening hours?");

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 0U);
  EXPECT_EQ(plan->rule, 0U);
  EXPECT_FALSE(plan->raised_for_doubt);
  EXPECT_THAT(names(*plan, settings),
              ElementsAre("light a/small", "light b/small", "standard a/medium", "premium a/large", "premium b/huge"));
  EXPECT_EQ(plan->reason, "qa (p=0.90), complexity 0.04: table row 1 sends it to light");
}

TEST(Plan, KeepsNothingOfWhatOnlyItsMakingNeeded) {
  const config::Settings settings = test::three_tiers();
  const Conversation conversation = user("Hello there");

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->features.task_words, nullptr);
}

TEST(Plan, FallsToTheDefaultTierWhenNoRowMatches) {
  const auto plan = plan_of(user("Write a poem").request, test::three_tiers(), TaskType::writing);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 1U);
  EXPECT_FALSE(plan->rule);
  EXPECT_THAT(plan->reason, HasSubstr("default tier standard"));
}

TEST(Plan, ReadsComplexityLimitsAsHalfOpenExceptAtOne) {
  const Conversation conversation = user("What are your opening hours?");
  config::Settings settings = test::three_tiers();
  const double value = plan_of(conversation.request, settings)->complexity.value;

  settings.routing.table = {{{}, 0.0, value, 0}, {{}, value, 1.0, 2}};
  EXPECT_EQ(plan_of(conversation.request, settings)->rule, 1U);
  settings.routing.table = {{{}, value + 0.001, 1.0, 2}, {{"math"}, 0.0, 1.0, 2}, {{"math", "qa"}, 0.0, 1.0, 0}};
  EXPECT_EQ(plan_of(conversation.request, settings)->rule, 2U);
}

TEST(Plan, SendsTheTwoExamplesOfTheHandbookToLightAndPremium) {
  const config::Settings settings = test::three_tiers();

  const Conversation easy = user("What are your opening hours?");
  EXPECT_EQ(make_plan(easy.request, settings, test::built_in_classifier())->tier, 0U);
  const Conversation hard = user("Analyse the attached 50-page contract and summarise the key risks");
  EXPECT_EQ(make_plan(hard.request, settings, test::built_in_classifier())->tier, 2U);
}

TEST(Plan, GoesUpOneTierWhenUnsure) {
  const config::Settings settings = test::three_tiers();
  const Conversation conversation = user("What are your opening hours?");

  const auto unsure = plan_of(conversation.request, settings, TaskType::qa, 0.4F);
  ASSERT_TRUE(unsure);
  EXPECT_EQ(unsure->tier, 1U);
  EXPECT_TRUE(unsure->raised_for_doubt);
  EXPECT_THAT(unsure->reason, HasSubstr("unsure, so up to standard"));

  const auto just_sure = plan_of(conversation.request, settings, TaskType::qa, 0.5F);
  EXPECT_EQ(just_sure->tier, 0U);
}

TEST(Plan, DoesNotRaiseAboveTheTop) {
  config::Settings settings = test::three_tiers();
  settings.routing.table = {{{}, 0.0, 1.0, 2}};
  const auto plan = plan_of(user("What?").request, settings, TaskType::qa, 0.2F);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 2U);
  EXPECT_FALSE(plan->raised_for_doubt);
}

TEST(Plan, NeverExceedsTheCeilingOfAnInterceptedModel) {
  config::Settings settings = test::three_tiers();
  settings.routing.intercept = {"*"};
  settings.routing.table = {{{}, 0.0, 1.0, 2}};
  const Conversation conversation = user("What?").model("medium");

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 1U);
  EXPECT_THAT(names(*plan, settings), ElementsAre("standard a/medium"));
  EXPECT_THAT(plan->reason, HasSubstr("held at standard"));

  settings.routing.table = {{{}, 0.0, 1.0, 1}};
  const auto unsure = plan_of(conversation.request, settings, TaskType::qa, 0.2F);
  EXPECT_EQ(unsure->tier, 1U);
  EXPECT_FALSE(unsure->raised_for_doubt);
}

TEST(Plan, RoutesInterceptedRequestsBelowTheCeiling) {
  config::Settings settings = test::three_tiers();
  settings.routing.intercept = {"large"};
  const auto plan = plan_of(user("What are your opening hours?").model("large").request, settings);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 0U);
  EXPECT_EQ(plan->candidates.size(), 5U);
}

TEST(Plan, TakesTheBaselineFromTheRequestOrTheSettings) {
  config::Settings settings = test::three_tiers();
  settings.routing.intercept = {"*"};

  EXPECT_EQ(plan_of(user("Hi").request, settings)->baseline_target, 3U);
  EXPECT_EQ(plan_of(user("Hi").model("medium").request, settings)->baseline_target, 2U);
  EXPECT_EQ(plan_of(user("Hi").model("b/small").request, settings)->baseline_target, 3U);
  EXPECT_EQ(plan_of(user("Hi").model("tier:light").request, settings)->baseline_target, 3U);

  const Conversation foreign = user("Hi").model("gpt-4o");
  const auto plan = plan_of(foreign.request, settings);
  EXPECT_EQ(plan->baseline_target, 3U);
  EXPECT_EQ(plan->baseline_model, "gpt-4o");
  EXPECT_EQ(plan_of(user("Hi").model("medium").request, settings)->baseline_model, "");
}

TEST(Plan, StartsAtThePinnedTierAndFallsBackToStrongerOnesOnly) {
  const config::Settings settings = test::three_tiers();
  const auto plan = plan_of(user("What?").model("tier:standard").request, settings, TaskType::qa, 0.1F);
  ASSERT_TRUE(plan);
  EXPECT_THAT(names(*plan, settings), ElementsAre("standard a/medium", "premium a/large", "premium b/huge"));
  EXPECT_FALSE(plan->raised_for_doubt);
  EXPECT_FALSE(plan->rule);
  EXPECT_THAT(plan->reason, HasSubstr("tier standard was asked for"));
}

TEST(Plan, GivesAPinnedTargetTheRequestAsItIs) {
  config::Settings settings = test::three_tiers();
  settings.targets[1].context_window = 1;
  settings.targets[1].images = false;
  Conversation conversation = user("What is this?").model("b/small");
  conversation.request.messages[0].images = 1;

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_TRUE(plan);
  EXPECT_THAT(names(*plan, settings), ElementsAre("light b/small"));
  EXPECT_THAT(plan->removed, IsEmpty());
  EXPECT_THAT(plan->reason, HasSubstr("b/small was asked for"));
}

TEST(Plan, TriesAListInItsOrderAndNothingElse) {
  const config::Settings settings = test::three_tiers();
  const Conversation conversation = user("Hi").or_model("b/huge").or_model("a/small");
  const auto plan = plan_of(conversation.request, settings);
  ASSERT_TRUE(plan);
  EXPECT_THAT(names(*plan, settings), ElementsAre("premium b/huge", "light a/small"));
  EXPECT_EQ(plan->tier, 2U);
  EXPECT_THAT(plan->reason, HasSubstr("2 models were asked for, in their order"));
}

TEST(Plan, TriesATargetThatStandsInTwoTiersOnce) {
  config::Settings settings = test::three_tiers();
  settings.tiers[1].targets.push_back(0);
  const auto plan = plan_of(user("Hi").request, settings, TaskType::chat);
  ASSERT_TRUE(plan);
  EXPECT_THAT(names(*plan, settings),
              ElementsAre("light a/small", "light b/small", "standard a/medium", "premium a/large", "premium b/huge"));
}

struct ConstraintCase {
  const char* constraint;
  const char* detail;
  std::function<void(chat::Request&)> demand;
  std::function<void(config::Target&)> lack;
};

class Constraints : public testing::TestWithParam<ConstraintCase> {};

TEST_P(Constraints, RemoveATargetOnlyWhenTheRequestNeedsWhatItLacks) {
  const ConstraintCase& it = GetParam();
  config::Settings settings = test::three_tiers();
  it.lack(settings.targets[0]);

  const Conversation plain = user("What are your opening hours?");
  EXPECT_THAT(plan_of(plain.request, settings)->removed, IsEmpty());

  Conversation demanding = user("What are your opening hours?");
  it.demand(demanding.request);
  const auto plan = plan_of(demanding.request, settings);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->removed.size(), 1U);
  EXPECT_EQ(plan->removed[0].target, 0U);
  EXPECT_EQ(plan->removed[0].constraint, it.constraint);
  EXPECT_THAT(plan->removed[0].detail, HasSubstr(it.detail));
  EXPECT_EQ(names(*plan, settings).front(), "light b/small");
}

TEST(Plan, MeasuresAWindowByTheTokenizerOfItsTarget) {
  config::Settings settings = test::three_tiers();
  const Conversation request = user("नगर परिषद ने मंगलवार को ट्राम लाइन को बंदरगाह तक बढ़ाने का निर्णय लिया।");
  const Features features = extract_features(request.request);
  const std::int64_t few = input_tokens_of(features, Tokenizer::o200k);
  ASSERT_GT(input_tokens_of(features, Tokenizer::cl100k), few + 10);
  settings.targets[0].context_window = few + 10;

  EXPECT_THAT(plan_of(request.request, settings)->removed, IsEmpty());
  settings.targets[0].tokenizer = Tokenizer::cl100k;
  EXPECT_EQ(plan_of(request.request, settings)->removed.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    All, Constraints,
    testing::Values(ConstraintCase{"context_window", "window is 1000",
                                   [](chat::Request& it) { it.max_output_tokens = 995; },
                                   [](config::Target& it) { it.context_window = 1000; }},
                    ConstraintCase{"max_output", "limit is 4096",
                                   [](chat::Request& it) { it.max_output_tokens = 4097; },
                                   [](config::Target& it) { it.max_output = 4096; }},
                    ConstraintCase{"images", "reads no images", [](chat::Request& it) { it.messages[0].images = 1; },
                                   [](config::Target& it) { it.images = false; }},
                    ConstraintCase{"tools", "calls no tools", [](chat::Request& it) { it.tools = 1; },
                                   [](config::Target& it) { it.tools = false; }},
                    ConstraintCase{"tools", "calls no tools",
                                   [](chat::Request& it) {
                                     chat::Message message;
                                     message.role = chat::Role::tool;
                                     it.messages.insert(it.messages.begin(), message);
                                   },
                                   [](config::Target& it) { it.tools = false; }},
                    ConstraintCase{"json_schema", "no JSON schema",
                                   [](chat::Request& it) { it.format = chat::OutputFormat::json_schema; },
                                   [](config::Target& it) { it.json_schema = false; }}));

TEST(Constraints, RemoveTargetsWithoutAudio) {
  config::Settings settings = test::three_tiers();
  settings.targets[4].audio = true;

  Conversation heard = user("What does he say?");
  heard.request.messages[0].audios = 1;
  EXPECT_THAT(names(*plan_of(heard.request, settings), settings), ElementsAre("premium b/huge"));

  Conversation spoken = user("Say hello");
  spoken.request.wants_audio = true;
  EXPECT_THAT(names(*plan_of(spoken.request, settings), settings), ElementsAre("premium b/huge"));
}

TEST(Constraints, TakeAnUnknownWindowForNoConstraint) {
  config::Settings settings = test::three_tiers();
  for (config::Target& target : settings.targets) target.context_window = 0;
  Conversation conversation = user(std::string(4U << 20U, 'a'));
  conversation.request.max_output_tokens = 1'000'000;
  const auto plan = plan_of(conversation.request, settings);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->removed, IsEmpty());
}

TEST(Constraints, AcceptAJsonObjectFromEveryTarget) {
  config::Settings settings = test::three_tiers();
  settings.targets[0].json_schema = false;
  Conversation conversation = user("Hi");
  conversation.request.format = chat::OutputFormat::json_object;
  EXPECT_THAT(plan_of(conversation.request, settings)->removed, IsEmpty());
}

TEST(Plan, MovesUpWhenAWholeTierIsRemoved) {
  config::Settings settings = test::three_tiers();
  settings.targets[0].images = false;
  settings.targets[1].images = false;
  Conversation conversation = user("What is this?");
  conversation.request.messages[0].images = 1;

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 1U);
  EXPECT_EQ(plan->removed.size(), 2U);
  EXPECT_THAT(plan->reason, HasSubstr("cannot take it (images), so up to standard"));
}

TEST(Plan, MovesDownOnlyWhenNothingStrongerIsLeftAndSaysSo) {
  config::Settings settings = test::three_tiers();
  settings.routing.table = {{{}, 0.0, 1.0, 1}};
  for (const std::size_t target : {2U, 3U, 4U}) settings.targets[target].images = false;
  Conversation conversation = user("What is this?");
  conversation.request.messages[0].images = 1;

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 0U);
  EXPECT_THAT(names(*plan, settings), ElementsAre("light a/small", "light b/small"));
  EXPECT_THAT(plan->reason, HasSubstr("so down to light"));
}

TEST(Plan, RefusesWhatNoTargetCanServeAndNamesEachReason) {
  config::Settings settings = test::three_tiers();
  for (config::Target& target : settings.targets) target.context_window = 1'000;
  const Conversation conversation = user(std::string(200'000, 'a'));

  const auto plan = plan_of(conversation.request, settings);

  ASSERT_FALSE(plan);
  const Error error = plan.error();
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.blame, Blame::client);
  EXPECT_EQ(error.code, "context_length_exceeded");
  for (const config::Target& target : settings.targets) EXPECT_THAT(error.detail, HasSubstr(target.name));
}

TEST(Plan, RefusesMixedReasonsUnderAnotherCode) {
  config::Settings settings = test::three_tiers();
  for (config::Target& target : settings.targets) target.images = false;
  settings.targets[0].context_window = 1;
  Conversation conversation = user("What is this?");
  conversation.request.messages[0].images = 1;
  const auto plan = plan_of(conversation.request, settings);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "no_capable_model");
  EXPECT_EQ(plan.error().status, 400);
}

TEST(Plan, KeepsTheErrorShortWithManyTargets) {
  config::Settings settings = test::three_tiers();
  for (int i = 0; i < 500; ++i) {
    settings.targets.push_back(test::target("c/model-" + std::to_string(i), 1));
    settings.tiers[2].targets.push_back(settings.targets.size() - 1);
  }
  for (config::Target& target : settings.targets) target.context_window = 1;
  const auto plan = plan_of(user("What are your opening hours?").request, settings);
  ASSERT_FALSE(plan);
  EXPECT_LT(plan.error().detail.size(), 2'000U);
}

TEST(Plan, PassesOnWhatResolvingTheModelSays) {
  const auto plan = plan_of(user("Hi").model("nosuch").request, test::three_tiers());
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "model_not_found");
}

TEST(Plan, IsAGatewayErrorWithoutTargets) {
  const auto plan = plan_of(user("Hi").request, config::Settings{});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::no_target);
  EXPECT_EQ(plan.error().status, 503);
}

TEST(Plan, GivesAReasonThatFitsAHeader) {
  config::Settings settings = test::three_tiers();
  settings.tiers[0].name = "l\xC3\xA9ger\r\nx-evil: 1" + std::string(500, 'y');
  const auto plan = plan_of(user("Hi").request, settings, TaskType::chat);
  ASSERT_TRUE(plan);
  EXPECT_LE(plan->reason.size(), 200U);
  for (const char c : plan->reason) EXPECT_TRUE(c >= ' ' && c <= '~');
}

TEST(Plan, SurvivesDegenerateRequests) {
  const config::Settings settings = test::three_tiers();
  EXPECT_TRUE(make_plan(chat::Request{}, settings, test::built_in_classifier()));
  EXPECT_TRUE(make_plan(user("").request, settings, test::built_in_classifier()));
  EXPECT_TRUE(make_plan(user("\xFF\xC3\x28").request, settings, test::built_in_classifier()));
  Conversation only_tools;
  only_tools.tool("{}");
  EXPECT_TRUE(make_plan(only_tools.request, settings, test::built_in_classifier()));
  Conversation only_image = user("");
  only_image.request.messages[0].images = 3;
  EXPECT_TRUE(make_plan(only_image.request, settings, test::built_in_classifier()));
  EXPECT_TRUE(make_plan(user(std::string(100'000, 'a')).request, settings, test::built_in_classifier()));
}

}  // namespace
}  // namespace triaged::routing
