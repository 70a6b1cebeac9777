#include "server/access_line.hpp"
#include "server/decision_fields.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::server {
namespace {

struct Fixture {
  Fixture() {
    config::Provider provider;
    provider.name = "p";
    settings.providers.push_back(provider);
    for (const char* name : {"small", "large"}) {
      config::Target target;
      target.name = std::string("p/") + name;
      target.model = name;
      settings.targets.push_back(target);
    }
    settings.tiers = {{"light", {0}}, {"premium", {1}}};
    settings.hash = "0123456789ab";
    plan.candidates = {{0, 0}, {1, 1}};
    plan.task.best = routing::TaskType::qa;
    plan.complexity.value = 0.08;
    plan.reason = "qa (p=0.93), complexity 0.08: table row 1 sends it to light";
    plan.wanted.model = "auto";
    plan.features.task_text = "What are your opening hours?";
    info.settings = &settings;
    info.plan = &plan;
    info.attempts = &attempts;
  }
  config::Settings settings;
  routing::Plan plan;
  std::vector<dispatch::AttemptNote> attempts;
  dispatch::AnswerInfo info;
};

TEST(DecisionFields, SayWhoAnswersAndWhy) {
  Fixture f;
  f.attempts.resize(2);
  f.info.tier = 1;
  f.info.target = 1;
  f.info.cost = NanoDollars(1'500);
  f.info.saved = NanoDollars(-20);

  std::string fields;
  append_decision_fields(f.info, fields);

  EXPECT_NE(fields.find("x-triaged-tier: premium\r\n"), std::string::npos) << fields;
  EXPECT_NE(fields.find("x-triaged-model: p/large\r\n"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-task: qa\r\n"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-complexity: 0.08\r\n"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-reason: qa (p=0.93)"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-attempts: 2\r\n"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-cost-usd: 0.000001500\r\n"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-saved-usd: -0.000000020\r\n"), std::string::npos);
  EXPECT_NE(fields.find("x-triaged-config: 0123456789ab\r\n"), std::string::npos);
}

TEST(DecisionFields, LeaveOutWhatIsNotKnownInsteadOfSayingZero) {
  Fixture f;
  std::string fields;

  append_decision_fields(f.info, fields);

  EXPECT_EQ(fields.find("cost-usd"), std::string::npos);
  EXPECT_EQ(fields.find("saved-usd"), std::string::npos);
  EXPECT_NE(decision_json(f.info, true).find("\"cost_usd\":null,\"saved_usd\":null"), std::string::npos);
}

TEST(DecisionFields, CountTheAttemptThatAStreamBeginsWith) {
  Fixture f;
  f.attempts.resize(1);  // one that failed before
  f.info.running = 1;
  std::string fields;

  append_decision_fields(f.info, fields);

  EXPECT_NE(fields.find("x-triaged-attempts: 2\r\n"), std::string::npos) << fields;
}

TEST(DecisionJson, ListsEachAttemptInOrderAtTheEndOnly) {
  Fixture f;
  dispatch::AttemptNote failed;
  failed.outcome = "failed";
  failed.error = "overloaded";
  failed.upstream_status = 503;
  failed.cost = NanoDollars(0);
  dispatch::AttemptNote answered;
  answered.target = 1;
  answered.tier = 1;
  answered.outcome = "answered";
  f.attempts = {failed, answered};

  const std::string last = decision_json(f.info, true);
  const std::string first = decision_json(f.info, false);

  EXPECT_EQ(first.find("attempts"), std::string::npos);
  const std::size_t one = last.find(
      R"({"tier":"light","model":"p/small","outcome":"failed","error":"overloaded","upstream_status":503,"cost_usd":0.000000000})");
  const std::size_t two = last.find(
      R"({"tier":"premium","model":"p/large","outcome":"answered","error":"","upstream_status":0,"cost_usd":null})");
  ASSERT_NE(one, std::string::npos) << last;
  ASSERT_NE(two, std::string::npos) << last;
  EXPECT_LT(one, two);
}

TEST(AccessLine, HoldsNoPromptUnlessItIsTurnedOn) {
  Fixture f;
  dispatch::Finished finished;
  finished.attempts = 1;
  finished.complete = true;
  AccessLine line;
  line.at = WallTime(std::chrono::milliseconds(1'700'000'000'123));
  line.endpoint = "chat_completions";
  line.method = "POST";
  line.path = "/v1/chat/completions?x=\"1\"";
  line.status = 200;
  line.finished = &finished;
  line.plan = &f.plan;

  const std::string quiet = access_json(line, f.settings);
  f.settings.log.prompts = true;
  const std::string open = access_json(line, f.settings);

  EXPECT_EQ(quiet.find("opening hours"), std::string::npos);
  EXPECT_NE(open.find("\"prompt\":\"What are your opening hours?\""), std::string::npos);
  EXPECT_NE(quiet.find("\"time\":\"2023-11-14T22:13:20.123Z\""), std::string::npos) << quiet;
  EXPECT_NE(quiet.find(R"("path":"/v1/chat/completions?x=\"1\"")"), std::string::npos);
  EXPECT_NE(quiet.find("\"cost_usd\":null"), std::string::npos);
}

TEST(AccessLine, NamesTheModelThatWasRefused) {
  Fixture f;
  AccessLine line;
  line.requested_model = "gpt-nosuch";
  line.status = 404;
  line.error = "not_found";

  const std::string json = access_json(line, f.settings);

  EXPECT_NE(json.find(R"("requested_model":"gpt-nosuch")"), std::string::npos) << json;
}

TEST(AccessLine, CutsAnExcerptAtTheEndOfACharacter) {
  Fixture f;
  f.settings.log.prompts = true;
  std::string prompt(199, 'x');
  for (int i = 0; i < 10; ++i) prompt += "\xE4\xB8\xAD";
  f.plan.features.task_text = prompt;
  AccessLine line;
  line.plan = &f.plan;

  const std::string json = access_json(line, f.settings);

  EXPECT_NE(json.find("\"prompt\":\"" + std::string(199, 'x') + "\""), std::string::npos);
}

}  // namespace
}  // namespace triaged::server
