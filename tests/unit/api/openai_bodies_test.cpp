#include "triaged/api/codec.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace triaged::api {
namespace {

using nlohmann::json;

json body_of(const Error& error) { return json::parse(openai_error_body(error))["error"]; }

TEST(OpenAiErrorBody, NamesTypesAsOpenAiDoes) {
  struct Case {
    int status;
    std::string code, detail, type;
  };
  const std::vector<Case> cases{
      {400, "invalid_json", "x", "invalid_request_error"},
      {401, "invalid_api_key", "x", "invalid_request_error"},
      {403, "", "x", "invalid_request_error"},
      {404, "model_not_found", "x", "invalid_request_error"},
      {405, "", "x", "invalid_request_error"},
      {413, "", "x", "invalid_request_error"},
      {429, "rate_limit_exceeded", "Rate limit reached on requests per minute", "requests"},
      {429, "rate_limit_exceeded", "Rate limit reached on tokens per minute", "tokens"},
      {429, "insufficient_quota", "x", "insufficient_quota"},
      {500, "", "x", "server_error"},
      {502, "reset", "x", "server_error"},
      {503, "overloaded", "x", "server_error"},
      {504, "idle_timeout", "x", "server_error"},
  };
  for (const Case& c : cases) {
    Error error(Blame::gateway, ErrorKind::internal, c.status, c.detail);
    error.code = c.code;
    EXPECT_EQ(body_of(error)["type"], c.type) << c.status << " " << c.code;
  }
}

TEST(OpenAiErrorBody, WritesNullForWhatIsEmptyAndEscapesTheRest) {
  Error error(Blame::client, ErrorKind::invalid_request, 400, "a \"quote\"\n\x01");
  EXPECT_TRUE(body_of(error)["param"].is_null());
  EXPECT_TRUE(body_of(error)["code"].is_null());
  EXPECT_EQ(body_of(error)["message"], "a \"quote\"\n\x01");
  error.param = "messages[0].role";
  error.code = "c";
  EXPECT_EQ(body_of(error)["param"], "messages[0].role");
  EXPECT_EQ(body_of(error)["code"], "c");
}

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
    settings.targets.push_back(target);
  }
  settings.routing.intercept = {"gpt-4o", "auto"};
  return settings;
}

TEST(OpenAiModels, ListsRoutesTiersInterceptedNamesAndTargetsOnce) {
  const json body = json::parse(openai_models_body(settings_with_models()));
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

TEST(OpenAiModels, FindsOneModelOrAnswers404) {
  const config::Settings settings = settings_with_models();
  const auto found = openai_model_body(settings, "openai/gpt-4.1");
  ASSERT_TRUE(found);
  EXPECT_EQ(json::parse(*found)["id"], "openai/gpt-4.1");
  const auto missing = openai_model_body(settings, "gpt-9");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().status, 404);
  EXPECT_EQ(missing.error().code, "model_not_found");
  EXPECT_EQ(missing.error().param, "model");
}

TEST(OpenAiModels, KnowsEveryNameWhereAllAreIntercepted) {
  config::Settings settings = settings_with_models();
  settings.routing.intercept = {"*"};
  EXPECT_TRUE(openai_model_body(settings, "gpt-9"));
  EXPECT_FALSE(openai_model_body(settings, ""));
  EXPECT_EQ(openai_models_body(settings).find("\"*\""), std::string::npos);
}

}  // namespace
}  // namespace triaged::api
