#include "support/golden/conversation.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::provider {
namespace {

using triaged::test::conversation_of;
using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;

config::Provider anthropic_settings() {
  config::Provider settings;
  settings.name = "anthropic";
  settings.dialect = config::ProviderDialect::anthropic;
  settings.scheme = "https";
  settings.host = "api.anthropic.com";
  settings.port = 443;
  settings.base_path = "/v1";
  settings.api_key.value = "sk-ant-0123456789";
  settings.auth = config::Auth::header;
  settings.auth_header = "x-api-key";
  return settings;
}

const std::string body =
    R"({"model":"auto","models":["a"],"max_tokens":5, "odd":1.0e+2,"messages":[{"role":"user","content":"\ud83d"}]})";

class Anthropic : public ::testing::Test {
 protected:
  Result<Outgoing> build(const wire::Headers& headers = {}) {
    provider_ = make_provider(settings_);
    return provider_->build({request_, body_, headers, target_, 0, WallTime{}});
  }

  config::Provider settings_ = anthropic_settings();
  config::Target target_ = test::target_of("claude-sonnet-4-5");
  std::string body_ = body;
  chat::Request request_ = [] {
    chat::Request request = test::request_of(body);
    request.dialect = chat::Dialect::anthropic;
    return request;
  }();
  std::unique_ptr<Provider> provider_;
};

TEST_F(Anthropic, PassesItsOwnDialectOnByteForByteButForTheModel) {
  const auto sent = build();
  ASSERT_TRUE(sent);
  EXPECT_EQ(
      test::joined(*sent),
      R"({"model":"claude-sonnet-4-5","max_tokens":5, "odd":1.0e+2,"messages":[{"role":"user","content":"\ud83d"}]})");
  EXPECT_THAT(sent->head, testing::StartsWith("POST /v1/messages HTTP/1.1\r\n"));
  EXPECT_THAT(sent->head, HasSubstr("x-api-key: sk-ant-0123456789\r\n"));
  EXPECT_THAT(sent->head, HasSubstr("anthropic-version: 2023-06-01\r\n"));
}

TEST_F(Anthropic, PassesTheClientsVersionAndBetasOnButNotItsKey) {
  const auto sent = build(test::headers_of({{"anthropic-version", "2024-01-01"},
                                            {"Anthropic-Beta", "a-1,b-2"},
                                            {"x-api-key", "client"},
                                            {"authorization", "Bearer client"}}));
  ASSERT_TRUE(sent);
  EXPECT_THAT(sent->head, HasSubstr("anthropic-version: 2024-01-01\r\n"));
  EXPECT_THAT(sent->head, Not(HasSubstr("2023-06-01")));
  EXPECT_THAT(sent->head, HasSubstr("anthropic-beta: a-1,b-2\r\n"));
  EXPECT_THAT(sent->head, Not(HasSubstr("client")));
}

TEST_F(Anthropic, SendsTheConfiguredVersion) {
  settings_.headers = {{"anthropic-version", "2099-01-01"}};
  const auto sent = build(test::headers_of({{"anthropic-version", "2024-01-01"}}));
  ASSERT_TRUE(sent);
  EXPECT_THAT(sent->head, HasSubstr("anthropic-version: 2099-01-01\r\n"));
  EXPECT_THAT(sent->head, Not(HasSubstr("2024-01-01")));
}

TEST_F(Anthropic, NamesTheModelInThePathAndTheVersionInTheBodyOnVertex) {
  settings_.profile = config::Profile::vertex;
  settings_.base_path = "/v1/projects/p/locations/l/publishers/anthropic";
  target_.model = "claude-sonnet-4-5@20250929";
  body_ = R"({"model":"auto","models":["a"],"max_tokens":5,"messages":[]})";
  request_ = test::request_of(body_);
  request_.dialect = chat::Dialect::anthropic;
  auto sent = build(test::headers_of({{"anthropic-version", "2024-01-01"}}));
  ASSERT_TRUE(sent);
  EXPECT_THAT(sent->head, HasSubstr("/publishers/anthropic/models/claude-sonnet-4-5%4020250929:rawPredict HTTP"));
  EXPECT_THAT(sent->head, Not(HasSubstr("anthropic-version")));
  const Json told = Json::parse(test::joined(*sent));
  EXPECT_EQ(told["anthropic_version"], "vertex-2023-10-16");
  EXPECT_FALSE(told.contains("model") || told.contains("models"));
  EXPECT_EQ(told["max_tokens"], 5);

  request_.stream = true;
  sent = build();
  ASSERT_TRUE(sent);
  EXPECT_THAT(sent->head, HasSubstr(":streamRawPredict HTTP"));
}

TEST_F(Anthropic, CutsMembersOnVertexWhereverTheyStand) {
  settings_.profile = config::Profile::vertex;
  for (const char* const text :
       {R"({"model":"a","x":1})", R"({"x":1,"model":"a"})", R"({"model":"a","model":"b","x":1,"models":[]})",
        R"({ "x" : 1 , "model" : "a" , "y":2 })"}) {
    body_ = text;
    request_ = test::request_of(body_);
    request_.dialect = chat::Dialect::anthropic;
    const auto sent = build();
    ASSERT_TRUE(sent);
    Json expected = Json::parse(body_);
    expected.erase("model");
    expected.erase("models");
    expected["anthropic_version"] = "vertex-2023-10-16";
    EXPECT_EQ(Json::parse(test::joined(*sent), nullptr, false), expected) << text;
  }
}

TEST_F(Anthropic, WritesOtherDialectsAnewAndSaysWhatItDropped) {
  auto conversation = std::make_shared<chat::Conversation>(
      conversation_of(Json::parse(R"({"turns":[{"role":"user","parts":["Hi"]}],"sampling":{"seed":5}})")));
  request_.dialect = chat::Dialect::openai_chat;
  request_.conversation = conversation;
  const auto sent = build();
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->dropped, std::vector<std::string>{"seed"});
  const Json told = Json::parse(test::joined(*sent));
  EXPECT_EQ(told["model"], "claude-sonnet-4-5");
  EXPECT_EQ(told["messages"][0]["content"][0]["text"], "Hi");

  settings_.on_unsupported = config::OnUnsupported::refuse;
  const auto refused = build();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
}

TEST_F(Anthropic, LeavesOutThoughtsThatAnotherProviderLeftInTheHistory) {
  for (const std::string signature : {"", "gemini.c2ln"}) {
    body_ = R"({"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
      {"type":"thinking","thinking":"hm","signature":")" +
            signature + R"("},{"type":"text","text":"Ho"}]},{"role":"user","content":"So?"}]})";
    request_ = test::request_of(body_);
    request_.dialect = chat::Dialect::anthropic;
    Json conversation = Json::parse(
        R"({"dialect":"anthropic","max_output_tokens":5,"turns":[{"role":"user","parts":["Hi"]},
            {"role":"assistant","parts":[{"kind":"thinking","text":"hm"},"Ho"]},{"role":"user","parts":["So?"]}]})");
    if (!signature.empty()) conversation["turns"][1]["parts"][0]["signature"] = signature;
    request_.conversation = std::make_shared<chat::Conversation>(conversation_of(conversation));
    const auto sent = build();
    ASSERT_TRUE(sent);
    const Json told = Json::parse(test::joined(*sent));
    EXPECT_EQ(told["messages"][1]["content"], Json::parse(R"([{"type":"text","text":"Ho"}])")) << signature;
    EXPECT_EQ(told["model"], "claude-sonnet-4-5");
    EXPECT_EQ(told["max_tokens"], 5);
  }
}

TEST_F(Anthropic, KnowsFailuresByTypeAndSentence) {
  struct Case {
    int status;
    const char* type;
    const char* message;
    FailureClass expected;
  };
  provider_ = make_provider(settings_);
  for (const Case& each : {
           Case{529, "overloaded_error", "Overloaded", FailureClass::overloaded},
           Case{200, "overloaded_error", "Overloaded", FailureClass::overloaded},
           Case{429, "rate_limit_error", "This request would exceed your rate limit", FailureClass::rate_limited},
           Case{401, "authentication_error", "invalid x-api-key", FailureClass::auth},
           Case{403, "permission_error", "Your API key does not have permission", FailureClass::auth},
           Case{404, "not_found_error", "model: claude-x", FailureClass::model_missing},
           Case{400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum",
                FailureClass::context_length},
           Case{400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 3",
                FailureClass::context_length},
           Case{413, "request_too_large", "Request exceeds the maximum size", FailureClass::context_length},
           Case{400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.",
                FailureClass::quota},
           Case{402, "billing_error", "Pay", FailureClass::quota},
           Case{400, "invalid_request_error", "Output blocked by content filtering policy",
                FailureClass::content_policy},
           Case{400, "invalid_request_error", "max_tokens: Field required", FailureClass::bad_request},
           Case{500, "api_error", "Internal server error", FailureClass::server_error},
           Case{504, "timeout_error", "Timed out", FailureClass::timeout},
       }) {
    const Json told{{"type", "error"}, {"error", {{"type", each.type}, {"message", each.message}}}};
    const Failure failure = provider_->read_failure(each.status, {}, told.dump(), WallTime{});
    EXPECT_EQ(name(failure.failure_class), name(each.expected)) << each.message;
    EXPECT_EQ(failure.message, each.message);
    EXPECT_EQ(failure.code, each.type);
  }
}

TEST_F(Anthropic, PassesLimitsAndTheRequestsIdToClientsButNotWhoPays) {
  provider_ = make_provider(settings_);
  for (const char* const name :
       {"anthropic-ratelimit-requests-remaining", "Anthropic-RateLimit-Tokens-Reset", "request-id", "retry-after"}) {
    EXPECT_TRUE(provider_->passes_response_header(name)) << name;
  }
  for (const char* const name : {"anthropic-organization-id", "anthropic-workspace-id", "set-cookie", "server"}) {
    EXPECT_FALSE(provider_->passes_response_header(name)) << name;
  }
}

}  // namespace
}  // namespace triaged::provider
