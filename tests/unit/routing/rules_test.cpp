#include "routing/rules.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace triaged::routing {
namespace {

// A request that each row below is for, or just not.
struct Given {
  chat::Request request;
  Origin origin;
  Features features;
  TaskType task = TaskType::analysis;
  double complexity = 0.5;

  Given() {
    request.metadata = {{"plan", "gold"}, {"team", "legal"}};
    origin.path = "/v1/chat/completions";
    origin.key = "key-00000001";
    origin.headers = {{"x-team", "legal"}};
    features.language = Language::de;
    features.input_tokens = 2000;
  }
  bool matched_by(const config::Rule& rule) const {
    return matches(rule, {request, origin, features, task, complexity});
  }
};

TEST(Rules, HoldWhenEveryConditionHolds) {
  struct Case {
    const char* what;
    std::function<void(config::Rule&)> condition;
    bool expected;
  };
  const std::vector<Case> table{
      {"nothing asked", [](config::Rule&) {}, true},
      {"task",
       [](config::Rule& rule) {
         rule.tasks = {"qa", "analysis"};
       },
       true},
      {"other task", [](config::Rule& rule) { rule.tasks = {"qa"}; }, false},
      {"complexity from", [](config::Rule& rule) { rule.complexity_min = 0.5; }, true},
      {"complexity above", [](config::Rule& rule) { rule.complexity_min = 0.51; }, false},
      {"complexity up to, excluded", [](config::Rule& rule) { rule.complexity_max = 0.5; }, false},
      {"language",
       [](config::Rule& rule) {
         rule.languages = {"en", "de"};
       },
       true},
      {"other language", [](config::Rule& rule) { rule.languages = {"en"}; }, false},
      {"path", [](config::Rule& rule) { rule.paths = {"/v1/chat/completions"}; }, true},
      {"path without its version", [](config::Rule& rule) { rule.paths = {"/chat/completions"}; }, true},
      {"other path", [](config::Rule& rule) { rule.paths = {"/v1/messages"}; }, false},
      {"key", [](config::Rule& rule) { rule.keys = {"key-00000001"}; }, true},
      {"other key", [](config::Rule& rule) { rule.keys = {"key-00000002"}; }, false},
      {"header",
       [](config::Rule& rule) {
         rule.headers = {{"x-team", "legal"}};
       },
       true},
      {"header with any value",
       [](config::Rule& rule) {
         rule.headers = {{"x-team", "*"}};
       },
       true},
      {"header with another value",
       [](config::Rule& rule) {
         rule.headers = {{"x-team", "sales"}};
       },
       false},
      {"header that is not there",
       [](config::Rule& rule) {
         rule.headers = {{"x-tenant", "*"}};
       },
       false},
      {"metadata",
       [](config::Rule& rule) {
         rule.metadata = {{"plan", "gold"}, {"team", "*"}};
       },
       true},
      {"metadata, one of two",
       [](config::Rule& rule) {
         rule.metadata = {{"plan", "gold"}, {"team", "hr"}};
       },
       false},
      {"tokens from", [](config::Rule& rule) { rule.tokens_min = 2000; }, true},
      {"tokens above", [](config::Rule& rule) { rule.tokens_min = 2001; }, false},
      {"tokens up to, excluded", [](config::Rule& rule) { rule.tokens_max = 2000; }, false},
      {"tokens below", [](config::Rule& rule) { rule.tokens_max = 2001; }, true},
  };
  const Given given;
  for (const Case& row : table) {
    config::Rule rule;
    row.condition(rule);
    EXPECT_EQ(given.matched_by(rule), row.expected) << row.what;
  }
}

TEST(Rules, TellWhatTheyAskForBesidesTaskAndComplexity) {
  config::Rule rule;
  EXPECT_EQ(own_conditions(rule), "");
  rule.tasks = {"qa"};
  rule.complexity_max = 0.35;
  EXPECT_EQ(own_conditions(rule), "");
  rule.headers = {{"x-team", "secret"}};
  EXPECT_EQ(own_conditions(rule), "header x-team");
  rule.metadata = {{"job", "*"}};
  rule.keys = {"key-00000001"};
  rule.paths = {"/v1/messages"};
  rule.languages = {"de"};
  rule.tokens_max = 8000;
  EXPECT_EQ(own_conditions(rule), "header x-team, metadata job, key, path, language, tokens");
}

TEST(Rules, ThatLookAtNoTaskLeaveNoDoubt) {
  config::Settings settings = test::three_tiers();
  config::Rule rule;
  rule.headers = {{"x-team", "legal"}};
  rule.tier = 0;
  settings.routing.table = {rule};
  settings.routing.confidence = 1.0;  // never sure enough
  const test::Conversation conversation = test::user("hm");
  Origin origin;
  origin.headers = {{"x-team", "legal"}};

  const Result<Plan> plan = make_plan(conversation.request, settings, test::built_in_classifier(), origin);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tier, 0U);
  EXPECT_FALSE(plan->raised_for_doubt);

  settings.routing.table[0].tasks = {task_type_names.begin(), task_type_names.end()};
  EXPECT_TRUE(make_plan(conversation.request, settings, test::built_in_classifier(), origin)->raised_for_doubt);
}

}  // namespace
}  // namespace triaged::routing
