#include "triaged/routing/plan.hpp"

#include "unit/routing/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace triaged::routing {
namespace {

using nlohmann::json;
using test::Conversation;
using test::user;
using testing::HasSubstr;

Plan plan_of(const chat::Request& request, const config::Settings& settings) {
  return make_plan(request, settings, test::built_in_classifier()).value();
}

TEST(PlanJson, SaysEverythingAboutTheDecision) {
  config::Settings settings = test::three_tiers();
  settings.targets[0].images = false;
  Conversation conversation = user("What are your opening hours?").model("auto");
  conversation.request.messages[0].images = 1;
  const Plan plan = plan_of(conversation.request, settings);

  const json object = json::parse(plan_json(plan, settings));

  EXPECT_EQ(object["task"], name(plan.task.best));
  EXPECT_NEAR(object["task_probability"].get<double>(), static_cast<double>(plan.task.confidence), 1e-4);
  ASSERT_EQ(object["task_probabilities"].size(), task_type_count);
  double sum = 0;
  for (const auto& [task, p] : object["task_probabilities"].items()) sum += p.get<double>();
  EXPECT_NEAR(sum, 1.0, 1e-3);
  EXPECT_NEAR(object["complexity"].get<double>(), plan.complexity.value, 1e-4);
  ASSERT_FALSE(object["complexity_reasons"].empty());
  EXPECT_EQ(object["complexity_reasons"][0]["name"], plan.complexity.contributions[0].name);
  EXPECT_EQ(object["tier"], settings.tiers[plan.tier].name);
  EXPECT_EQ(object["model"], settings.targets[plan.candidates[0].target].name);
  EXPECT_EQ(object["candidates"].size(), plan.candidates.size());
  EXPECT_EQ(object["candidates"][0]["model"], object["model"]);
  ASSERT_EQ(object["removed"].size(), 1U);
  EXPECT_EQ(object["removed"][0]["model"], "a/small");
  EXPECT_EQ(object["removed"][0]["constraint"], "images");
  EXPECT_THAT(object["removed"][0]["detail"].get<std::string>(), HasSubstr("reads no images"));
  EXPECT_EQ(object["reason"], plan.reason);
  EXPECT_EQ(object["requested_model"], "auto");
  EXPECT_EQ(object["kind"], "automatic");
  EXPECT_EQ(object["baseline_model"], "a/large");
  EXPECT_EQ(object["features"]["images"], 1);
  EXPECT_EQ(object["features"]["language"], "en");
  EXPECT_EQ(object["features"]["format"], "text");
  EXPECT_EQ(object["features"]["is_follow_up"], false);
  EXPECT_TRUE(object["raised_for_doubt"].is_boolean());
}

TEST(PlanJson, NamesTheForeignModelAsBaseline) {
  config::Settings settings = test::three_tiers();
  settings.routing.intercept = {"*"};
  const Conversation conversation = user("Hi").model("gpt-\"4\"\n");
  const json object = json::parse(plan_json(plan_of(conversation.request, settings), settings));
  EXPECT_EQ(object["baseline_model"], "gpt-\"4\"\n");
  EXPECT_EQ(object["requested_model"], "gpt-\"4\"\n");
  EXPECT_EQ(object["kind"], "intercepted");
}

TEST(PlanJson, HasNoTableRowWhereNoneDecided) {
  const config::Settings settings = test::three_tiers();
  EXPECT_TRUE(json::parse(plan_json(plan_of(user("Hi").model("tier:light").request, settings), settings))["table_row"]
                  .is_null());
  EXPECT_EQ(json::parse(plan_json(plan_of(user("Hi").request, settings), settings))["table_row"], 1);
}

TEST(PlanJson, NeverHoldsThePrompt) {
  const config::Settings settings = test::three_tiers();
  const std::string text = plan_json(plan_of(user("Is Xylophone a secret word?").request, settings), settings);
  EXPECT_EQ(text.find("Xylophone"), std::string::npos);
  EXPECT_TRUE(json::accept(text));
}

TEST(PlanJson, IsValidForAnEmptyRequest) {
  const config::Settings settings = test::three_tiers();
  EXPECT_TRUE(json::accept(plan_json(plan_of(chat::Request{}, settings), settings)));
}

TEST(PlanText, TellsAPersonWhatWasDecidedAndWhy) {
  config::Settings settings = test::three_tiers();
  settings.targets[1].context_window = 1;
  const Conversation conversation = user("What are your opening hours?");
  const Plan plan = plan_of(conversation.request, settings);

  const std::string text = plan_text(plan, settings);

  EXPECT_THAT(text, HasSubstr("tier        light\n"));
  EXPECT_THAT(text, HasSubstr("because     " + plan.reason + "\n"));
  EXPECT_THAT(text, HasSubstr("task        qa, p "));
  EXPECT_THAT(text, HasSubstr("complexity  0.04 = task 0.04"));
  EXPECT_THAT(text, HasSubstr("1. a/small (light)\n"));
  EXPECT_THAT(text, HasSubstr("left out    b/small: context_window, needs about"));
  EXPECT_THAT(text, HasSubstr("asked for   no model (automatic)\n"));
  EXPECT_THAT(text, HasSubstr("baseline    a/large\n"));
  EXPECT_EQ(text.back(), '\n');
}

TEST(PlanText, MentionsMediaToolsAndFollowUps) {
  const config::Settings settings = test::three_tiers();
  Conversation conversation;
  conversation.user("What is on this picture?").assistant("A cat.").user("and in French?");
  conversation.request.messages[0].images = 1;
  conversation.request.tools = 2;
  const std::string text = plan_text(plan_of(conversation.request, settings), settings);
  EXPECT_THAT(text, HasSubstr("leans on an earlier one"));
  EXPECT_THAT(text, HasSubstr("1 images"));
  EXPECT_THAT(text, HasSubstr("2 tools"));
}

}  // namespace
}  // namespace triaged::routing
