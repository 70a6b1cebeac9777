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

}  // namespace
}  // namespace triaged::api
