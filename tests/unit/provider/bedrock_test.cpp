#include "provider/bedrock/bedrock.hpp"

#include "support/golden/conversation.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <chrono>

namespace triaged::provider {
namespace {

using test::first_line;

config::Provider bedrock_settings() {
  config::Provider settings;
  settings.name = "bedrock";
  settings.dialect = config::ProviderDialect::bedrock;
  settings.scheme = "https";
  settings.host = "bedrock-runtime.us-east-1.amazonaws.com";
  settings.port = 443;
  settings.auth = config::Auth::none;
  settings.auth_header = "authorization";
  settings.aws = {"us-east-1", "AKIDEXAMPLE", {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}, {}};
  return settings;
}

Result<Outgoing> built(const config::Provider& settings, const std::string& model, bool stream) {
  const auto source = nlohmann::json::parse(R"({"turns":[{"role":"user","parts":["Hi"]}]})");
  chat::Request request;
  request.stream = stream;
  request.conversation = std::make_shared<const chat::Conversation>(triaged::test::conversation_of(source));
  const wire::Headers headers = test::headers_of({{"authorization", "Bearer client"}});
  const config::Target target = test::target_of(model);
  const WallTime now{std::chrono::milliseconds(1'440'938'160'000)};
  return make_provider(settings)->build({request, "", headers, target, 0, now});
}

TEST(Bedrock, AsksForAModelByItsPath) {
  const config::Provider settings = bedrock_settings();

  EXPECT_EQ(first_line(built(settings, "amazon.nova-pro-v1:0", false)->head),
            "POST /model/amazon.nova-pro-v1%3A0/converse HTTP/1.1");
  EXPECT_EQ(first_line(built(settings, "arn:aws:bedrock:us-east-1:1:inference-profile/x", true)->head),
            "POST /model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse-stream HTTP/1.1");
}

// The signature was made by botocore's SigV4Auth for the same request.
TEST(Bedrock, SignsHeadAndBody) {
  const Result<Outgoing> outgoing = built(bedrock_settings(), "amazon.nova-pro-v1:0", false);

  ASSERT_TRUE(outgoing);
  ASSERT_EQ(test::joined(*outgoing), R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})");
  EXPECT_NE(outgoing->head.find("\r\nx-amz-date: 20150830T123600Z\r\n"), std::string::npos) << outgoing->head;
  EXPECT_NE(outgoing->head.find("\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/"
                                "aws4_request, SignedHeaders=host;x-amz-date, "
                                "Signature=eaeca9bfbfc2f6b697c6b0386a77dbfb72ea784a9ccf8cd5a4221795e7933d1e\r\n"),
            std::string::npos)
      << outgoing->head;
  EXPECT_EQ(outgoing->head.find("client"), std::string::npos);
}

TEST(Bedrock, SignsTheTokenOfASessionToo) {
  config::Provider settings = bedrock_settings();
  settings.aws.session_token = {"session=="};
  const std::string head = built(settings, "amazon.nova-pro-v1:0", true)->head;

  EXPECT_NE(head.find("\r\nx-amz-security-token: session==\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("SignedHeaders=host;x-amz-date;x-amz-security-token, "
                      "Signature=e36f2710054b074a3b156d60d9fc261a8163ee9db85230b80d100a9dc63e63c1\r\n"),
            std::string::npos)
      << head;
}

TEST(Bedrock, SendsAKeyAsABearerTokenInPlaceOfASignature) {
  config::Provider settings = bedrock_settings();
  settings.api_key.value = "bedrock-api-key-abc";
  settings.auth = config::Auth::bearer;
  const std::string head = built(settings, "m", false)->head;

  EXPECT_NE(head.find("\r\nauthorization: Bearer bedrock-api-key-abc\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("x-amz-date"), std::string::npos) << head;
}

TEST(Bedrock, SignsHealthChecks) {
  const std::string head = make_provider(bedrock_settings())->build_get("/ping");

  EXPECT_EQ(first_line(head), "GET /ping HTTP/1.1");
  EXPECT_NE(head.find("\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), std::string::npos) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_EQ(head.find("\r\n\r\n"), head.size() - 4);
}

TEST(Bedrock, KnowsMakersByTheirModelsNames) {
  EXPECT_EQ(bedrock_model("us.anthropic.claude-sonnet-4-5-20250929-v1:0").version, 45);
  EXPECT_EQ(bedrock_model("anthropic.claude-3-7-sonnet-20250219-v1:0").version, 37);
  EXPECT_EQ(bedrock_model("anthropic.claude-3-5-haiku-20241022-v1:0").version, 35);
  EXPECT_EQ(bedrock_model("anthropic.claude-opus-4-20250514-v1:0").version, 40);
  EXPECT_EQ(bedrock_model("anthropic.claude-sonnet-5").version, 50);
  EXPECT_EQ(bedrock_model("anthropic.claude-opus-5-5").version, 55);
  EXPECT_EQ(bedrock_model("claude").version, 0);
  EXPECT_TRUE(
      bedrock_model("arn:aws:bedrock:us-east-1:1:inference-profile/eu.anthropic.claude-opus-4-6-v1").is_claude());
  EXPECT_EQ(bedrock_model("amazon.nova-2-lite-v1:0").maker, BedrockModel::Maker::amazon);
  EXPECT_EQ(bedrock_model("openai.gpt-oss-20b-1:0").maker, BedrockModel::Maker::openai);
  EXPECT_EQ(bedrock_model("meta.llama3-3-70b-instruct-v1:0").maker, BedrockModel::Maker::other);
}

struct FailureCase {
  const char* type;
  int status;
  const char* message;
  FailureClass expected;
};

TEST(Bedrock, TellsFailuresApart) {
  const auto provider = make_provider(bedrock_settings());
  const std::vector<FailureCase> cases{
      {"ThrottlingException", 429, "Too many requests, please wait before trying again.", FailureClass::rate_limited},
      {"ThrottlingException", 429, "Too many tokens per day, please wait before trying again.", FailureClass::quota},
      {"ServiceQuotaExceededException", 400, "quota", FailureClass::quota},
      {"ModelNotReadyException", 429, "Model is not ready for inference.", FailureClass::overloaded},
      {"ServiceUnavailableException", 503, "Bedrock is unable to process your request.", FailureClass::overloaded},
      {"ModelTimeoutException", 408, "timed out", FailureClass::timeout},
      {"ModelErrorException", 424, "model", FailureClass::server_error},
      {"InternalServerException", 500, "internal", FailureClass::server_error},
      {"AccessDeniedException", 403, "You don't have access to the model with the specified model ID.",
       FailureClass::auth},
      {"UnrecognizedClientException", 403, "The security token included in the request is invalid.",
       FailureClass::auth},
      {"ExpiredTokenException", 403, "The security token included in the request is expired", FailureClass::auth},
      {"ResourceNotFoundException", 404, "no such model", FailureClass::model_missing},
      {"ValidationException", 400, "The provided model identifier is invalid.", FailureClass::model_missing},
      {"ValidationException", 400, "Input is too long for requested model.", FailureClass::context_length},
      {"ValidationException", 400, "prompt is too long: 210000 tokens > 200000 maximum", FailureClass::context_length},
      {"ValidationException", 400, "messages.0: text is required", FailureClass::bad_request},
      {"", 502, "bad gateway", FailureClass::server_error}};
  for (const FailureCase& each : cases) {
    const wire::Headers headers =
        test::headers_of({{"x-amzn-errortype", std::string(each.type) + ":http://internal.amazon.com/coral/"}});
    const std::string body = nlohmann::json{{"message", each.message}}.dump();
    const Failure failure = provider->read_failure(each.status, headers, body, WallTime());
    EXPECT_EQ(name(failure.failure_class), name(each.expected)) << each.type << ": " << each.message;
    EXPECT_EQ(failure.code, each.type);
  }
}

TEST(Bedrock, PassesOnAmazonsRequestId) {
  const auto provider = make_provider(bedrock_settings());

  EXPECT_TRUE(provider->passes_response_header("x-amzn-RequestId"));
  EXPECT_FALSE(provider->passes_response_header("x-amzn-errortype"));
}

TEST(Bedrock, RefusesWhatIsNoAnswer) {
  for (const char* const body : {"", "null", "[]", "{", "{}", R"({"output":)", "{\"output\":\"\xff\"}"}) {
    triaged::test::Steps steps;
    EXPECT_FALSE(make_bedrock_reader()->whole(body, steps)) << body;
    EXPECT_TRUE(steps.list.empty()) << body;
  }
  for (const char* const data : {"", "1", "[]", R"({"contentBlockIndex":0,"delta":{"text":"a"})"}) {
    triaged::test::Steps steps;
    EXPECT_FALSE(make_bedrock_reader()->event("contentBlockDelta", data, steps)) << data;
    EXPECT_TRUE(steps.list.empty()) << data;
  }
}

TEST(Bedrock, PassesOverWhatItDoesNotUnderstand) {
  for (const char* const data :
       {"{}", R"({"delta":null})", R"({"delta":{"text":1,"toolUse":null,"reasoningContent":[],"image":{}}})",
        R"({"contentBlockIndex":"x","delta":{"reasoningContent":{"text":3}}})"}) {
    triaged::test::Steps steps;
    EXPECT_TRUE(make_bedrock_reader()->event("contentBlockDelta", data, steps)) << data;
    EXPECT_TRUE(steps.list.empty()) << data << steps.list.dump();
  }
}

// Every class of tokens is in the sum once.
TEST(Bedrock, CountsEveryTokenOnce) {
  for (const int read : {0, 30}) {
    for (const int written : {0, 20}) {
      for (const int hour : {0, 5, 50}) {
        const nlohmann::json usage{{"inputTokens", 7},
                                   {"outputTokens", 9},
                                   {"totalTokens", 16 + read + written},
                                   {"cacheReadInputTokens", read},
                                   {"cacheWriteInputTokens", written},
                                   {"cacheDetails", {{{"ttl", "1h"}, {"inputTokens", hour}}}}};
        const nlohmann::json answer{{"output", nlohmann::json::object()}, {"stopReason", "end_turn"}, {"usage", usage}};
        const auto provider = make_provider(bedrock_settings());
        const auto decoded = provider->codec(chat::Dialect::openai_chat).decode_answer(answer.dump());
        ASSERT_TRUE(decoded && decoded->usage) << usage.dump();
        EXPECT_EQ(decoded->usage->total(), 16 + read + written) << usage.dump();
        EXPECT_EQ(decoded->usage->cached_input, read);
      }
    }
  }
}

}  // namespace
}  // namespace triaged::provider
