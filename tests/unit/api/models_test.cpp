#include "triaged/api/codec.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace triaged::api {
namespace {

using chat::Dialect;
using nlohmann::json;

config::Settings settings_with_models() {
  config::Settings settings;
  settings.providers.resize(1);
  settings.providers[0].name = "openai";
  for (const char* const name : {"light", "strong"}) {
    config::Tier tier;
    tier.name = name;
    settings.tiers.push_back(tier);
  }
  for (const char* const name : {"openai/gpt-4.1-mini", "openai/gpt-4.1"}) {
    config::Target target;
    target.name = name;
    target.context_window = 1'047'576;
    target.max_output = 32'768;
    settings.targets.push_back(target);
  }
  settings.routing.intercept = {"gpt-4o", "auto"};
  return settings;
}

TEST(Models, ListsRoutesTiersInterceptedNamesAndTargetsOnce) {
  const json body = json::parse(models_body(settings_with_models(), Dialect::openai_chat));
  EXPECT_EQ(body["object"], "list");
  std::vector<std::string> ids;
  for (const json& model : body["data"]) {
    ids.push_back(model["id"]);
    EXPECT_EQ(model["object"], "model");
    EXPECT_TRUE(model["created"].is_number_integer());
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"auto", "tier:light", "tier:strong", "gpt-4o", "openai/gpt-4.1-mini",
                                           "openai/gpt-4.1"}));
  EXPECT_EQ(body["data"][0]["owned_by"], "triaged");
  EXPECT_EQ(body["data"][4]["owned_by"], "openai");
}

TEST(Models, FindsOneModelOrAnswers404) {
  const config::Settings settings = settings_with_models();
  const auto found = model_body(settings, "openai/gpt-4.1", Dialect::openai_chat);
  ASSERT_TRUE(found);
  EXPECT_EQ(json::parse(*found)["id"], "openai/gpt-4.1");
  const auto missing = model_body(settings, "gpt-9", Dialect::openai_chat);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().status, 404);
  EXPECT_EQ(missing.error().code, "model_not_found");
  EXPECT_EQ(missing.error().param, "model");
}

TEST(Models, KnowsEveryNameWhereAllAreIntercepted) {
  config::Settings settings = settings_with_models();
  settings.routing.intercept = {"*"};
  EXPECT_TRUE(model_body(settings, "gpt-9", Dialect::openai_chat));
  EXPECT_FALSE(model_body(settings, "", Dialect::openai_chat));
  EXPECT_EQ(models_body(settings, Dialect::openai_chat).find("\"*\""), std::string::npos);
}

TEST(Models, AreListedInTheShapeOfAnthropicForItsClients) {
  const json body = json::parse(models_body(settings_with_models(), Dialect::anthropic));

  EXPECT_EQ(body["has_more"], false);
  EXPECT_EQ(body["first_id"], "auto");
  EXPECT_EQ(body["last_id"], "openai/gpt-4.1");
  ASSERT_EQ(body["data"].size(), 6U);
  EXPECT_EQ(body["data"][5], json::parse(R"({"type": "model", "id": "openai/gpt-4.1", "display_name": "openai/gpt-4.1",
      "created_at": "2026-01-01T00:00:00Z", "lifecycle": "active", "deprecated_at": null, "retires_at": null,
      "line": null, "capabilities": null, "max_input_tokens": 1047576, "max_tokens": 32768})"));
  EXPECT_EQ(body["data"][0]["max_input_tokens"], nullptr) << "a name of ours has no window of its own";
  EXPECT_FALSE(body.contains("object"));
}

TEST(Models, AreShownOneByOneInTheShapeOfAnthropic) {
  const config::Settings settings = settings_with_models();
  EXPECT_EQ(json::parse(model_body(settings, "tier:light", Dialect::anthropic).value())["type"], "model");
  EXPECT_EQ(model_body(settings, "gpt-9", Dialect::anthropic).error().status, 404);
}

}  // namespace
}  // namespace triaged::api
