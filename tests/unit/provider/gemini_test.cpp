#include "provider/gemini/gemini.hpp"

#include "support/golden/conversation.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <chrono>

namespace triaged::provider {
namespace {

using namespace std::chrono_literals;
using test::first_line;

config::Provider gemini_settings() {
  config::Provider settings;
  settings.name = "gemini";
  settings.dialect = config::ProviderDialect::gemini;
  settings.scheme = "https";
  settings.host = "generativelanguage.googleapis.com";
  settings.port = 443;
  settings.base_path = "/v1beta";
  settings.api_key.value = "AIza-test-key-0123456789";
  settings.auth = config::Auth::header;
  settings.auth_header = "x-goog-api-key";
  return settings;
}

Result<Outgoing> built(const config::Provider& settings, const std::string& model, bool stream,
                       const nlohmann::json& extra = nlohmann::json::object()) {
  nlohmann::json source{
      {"turns", nlohmann::json::array({{{"role", "user"}, {"parts", nlohmann::json::array({"Hi"})}}})}};
  source.update(extra);
  const chat::Conversation conversation = triaged::test::conversation_of(source);
  chat::Request request;
  request.stream = stream;
  request.conversation = std::make_shared<const chat::Conversation>(conversation);
  const wire::Headers headers = test::headers_of({{"authorization", "Bearer client"}, {"x-request-id", "r1"}});
  const config::Target target = test::target_of(model);
  return make_provider(settings)->build({request, "", headers, target});
}

TEST(Gemini, AsksForAModelByItsPath) {
  const config::Provider settings = gemini_settings();

  EXPECT_EQ(first_line(built(settings, "gemini-2.5-flash", false)->head),
            "POST /v1beta/models/gemini-2.5-flash:generateContent HTTP/1.1");
  EXPECT_EQ(first_line(built(settings, "gemini-2.5-flash", true)->head),
            "POST /v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse HTTP/1.1");
  EXPECT_EQ(first_line(built(settings, "tunedModels/my model", false)->head),
            "POST /v1beta/tunedModels/my%20model:generateContent HTTP/1.1");
}

TEST(Gemini, AddsTheProvidersQueryToItsOwn) {
  config::Provider settings = gemini_settings();
  settings.query = {{"key", "a b"}};

  EXPECT_EQ(first_line(built(settings, "m", true)->head),
            "POST /v1beta/models/m:streamGenerateContent?alt=sse&key=a%20b HTTP/1.1");
}

TEST(Gemini, SendsItsOwnKeyAndNotTheClients) {
  const std::string head = built(gemini_settings(), "m", false)->head;

  EXPECT_NE(head.find("\r\nx-goog-api-key: AIza-test-key-0123456789\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\nx-request-id: r1\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("client"), std::string::npos) << head;
}

TEST(Gemini, TellsVertexByABearerToken) {
  config::Provider settings = gemini_settings();
  settings.host = "europe-west4-aiplatform.googleapis.com";
  settings.base_path = "/v1/projects/p/locations/europe-west4/publishers/google";
  settings.auth = config::Auth::bearer;
  settings.auth_header = "authorization";
  const std::string head = built(settings, "gemini-2.5-pro", true)->head;

  EXPECT_EQ(first_line(head),
            "POST /v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro:"
            "streamGenerateContent?alt=sse HTTP/1.1");
  EXPECT_NE(head.find("\r\nauthorization: Bearer AIza-test-key-0123456789\r\n"), std::string::npos) << head;
}

TEST(Gemini, SaysWhatItLeftOutOrRefuses) {
  config::Provider settings = gemini_settings();
  const nlohmann::json extra{{"sampling", {{"logit_bias", {{"1", 2}}}}}, {"user", "u"}};
  const Result<Outgoing> dropped = built(settings, "gemini-2.5-flash", false, extra);
  settings.on_unsupported = config::OnUnsupported::refuse;
  const Result<Outgoing> refused = built(settings, "gemini-2.5-flash", false, extra);

  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->dropped, (std::vector<std::string>{"logit_bias", "user"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(refused.error().param, "logit_bias");
}

TEST(Gemini, RefusesWhatOnlyAnotherDialectCanSayAndNamesIt) {
  const auto conversation = std::make_shared<chat::Conversation>();
  conversation->native_only = "`thread` is kept elsewhere.";
  conversation->native_only_param = "thread";
  chat::Request request;
  request.dialect = chat::Dialect::anthropic;
  request.conversation = conversation;
  const config::Target target = test::target_of("gemini-2.5-flash");
  const wire::Headers headers;
  const Result<Outgoing> refused = make_provider(gemini_settings())->build({request, "", headers, target});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 400);
  EXPECT_EQ(refused.error().detail, "`thread` is kept elsewhere.");
  EXPECT_EQ(refused.error().param, "thread");
}

TEST(Gemini, KnowsFamiliesByTheirNames) {
  EXPECT_EQ(gemini_model("gemini-2.5-pro").generation, 25);
  EXPECT_EQ(gemini_model("models/gemini-1.5-flash-002").generation, 15);
  EXPECT_EQ(gemini_model("gemini-3-pro-preview").generation, 30);
  EXPECT_EQ(gemini_model("gemini-3.8-flash").generation, 38);
  EXPECT_TRUE(gemini_model("gemini-flash-latest").has_levels());
  EXPECT_FALSE(gemini_model("gemma-3-27b-it").thinks());
  EXPECT_TRUE(gemini_model("gemini-2.5-flash-lite").lite);
  EXPECT_EQ(gemini_model("gemini-").generation, 990);
  EXPECT_EQ(gemini_model("gemini-99999999999999999999").generation, 990);
}

struct FailureCase {
  const char* name;
  int status;
  const char* body;
  FailureClass expected;
};

TEST(Gemini, TellsFailuresApart) {
  const auto provider = make_provider(gemini_settings());
  const std::vector<FailureCase> cases{
      {"rate", 429,
       R"({"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}})",
       FailureClass::rate_limited},
      {"the minute's quota", 429,
       R"({"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_paid_tier_input_token_count","quotaId":"GenerateContentPaidTierInputTokensPerModelPerMinute"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.074824224s"}]}})",
       FailureClass::rate_limited},
      {"the day's quota", 429,
       R"([{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}])",
       FailureClass::quota},
      {"key", 400,
       R"({"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}})",
       FailureClass::auth},
      {"expired key", 400,
       R"({"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT"}})",
       FailureClass::auth},
      {"token", 401,
       R"({"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}})",
       FailureClass::auth},
      {"permission", 403, R"({"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED"}})",
       FailureClass::auth},
      {"billing", 403,
       R"({"error":{"code":403,"message":"Billing","status":"PERMISSION_DENIED","details":[{"reason":"BILLING_DISABLED"}]}})",
       FailureClass::quota},
      {"place", 400,
       R"({"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}})",
       FailureClass::auth},
      {"window", 400,
       R"({"error":{"code":400,"message":"The input token count (1200001) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}})",
       FailureClass::context_length},
      {"request", 400,
       R"({"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"x\"","status":"INVALID_ARGUMENT"}})",
       FailureClass::bad_request},
      {"model", 404,
       R"({"error":{"code":404,"message":"models/x is not found for API version v1beta","status":"NOT_FOUND"}})",
       FailureClass::model_missing},
      {"overloaded", 503,
       R"({"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}})",
       FailureClass::overloaded},
      {"deadline", 504, R"({"error":{"code":504,"message":"Deadline expired","status":"DEADLINE_EXCEEDED"}})",
       FailureClass::timeout},
      {"internal", 500, R"({"error":{"code":500,"message":"An internal error has occurred.","status":"INTERNAL"}})",
       FailureClass::server_error},
      {"cancelled", 499, R"({"error":{"code":499,"message":"The operation was cancelled.","status":"CANCELLED"}})",
       FailureClass::server_error},
      {"no JSON", 502, "<html>Bad Gateway</html>", FailureClass::server_error},
      {"cut", 429, R"({"error":{"code":429,"status":"RESOURCE_EXH)", FailureClass::rate_limited}};
  for (const FailureCase& each : cases) {
    const Failure failure = provider->read_failure(each.status, wire::Headers(), each.body, WallTime());
    EXPECT_EQ(name(failure.failure_class), name(each.expected)) << each.name;
    EXPECT_FALSE(failure.message.empty()) << each.name;
  }
}

TEST(Gemini, WaitsAsLongAsTheDetailsSay) {
  const auto provider = make_provider(gemini_settings());
  const auto after = [&](const std::string& delay, const wire::Headers& headers = {}) {
    const std::string body =
        R"({"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":")" + delay +
        R"("}]}})";
    return provider->read_failure(429, headers, body, WallTime()).retry_after;
  };
  EXPECT_EQ(after("34.074824224s"), 34075ms);
  EXPECT_EQ(after("0s"), 0ms);
  EXPECT_EQ(after("soon"), std::nullopt);
  EXPECT_EQ(after("999999999s"), std::chrono::hours(24));
  EXPECT_EQ(after("30s", test::headers_of({{"retry-after", "5"}})), 5000ms);
}

TEST(Gemini, NamesTheStatusAsTheCode) {
  const auto provider = make_provider(gemini_settings());
  const Failure failure = provider->read_failure(
      503, wire::Headers(), R"({"error":{"code":503,"message":"key AIza-test-key-0123456789","status":"UNAVAILABLE"}})",
      WallTime());

  EXPECT_EQ(failure.code, "UNAVAILABLE");
  EXPECT_EQ(failure.message.find("AIza-test"), std::string::npos) << failure.message;
}

TEST(Gemini, RefusesWhatIsNoAnswer) {
  for (const char* const body :
       {"", "null", "[1]", "{", R"({"candidates":[)", "\"text\"", "{\"a\":\"\xff\"}", "[{},{]"}) {
    triaged::test::Steps steps;
    EXPECT_FALSE(make_gemini_reader()->whole(body, steps)) << body;
    EXPECT_TRUE(steps.list.empty()) << body;
  }
}

// Members of another type than they should have are passed over.
TEST(Gemini, PassesOverWhatItDoesNotUnderstand) {
  for (
      const char* const body :
      {"{}",
       R"({"candidates":null,"usageMetadata":null,"modelVersion":1,"responseId":[],"promptFeedback":3,"error":null})",
       R"({"candidates":[null,1,{"content":null},{"content":{"parts":null}},{"content":{"parts":[null,1,{}]},"finishReason":7}]})",
       R"({"candidates":[{"content":{"parts":[{"text":1,"thought":"x","functionCall":null},{"functionCall":[]},{"inlineData":1}]},"index":-1,"groundingMetadata":1,"citationMetadata":[],"logprobsResult":2}]})"}) {
    triaged::test::Steps steps;
    ASSERT_TRUE(make_gemini_reader()->whole(body, steps)) << body;
    ASSERT_EQ(steps.list.size(), 1U) << body << steps.list.dump();
    EXPECT_EQ(steps.list[0]["kind"], "start");
  }
}

// Every class of tokens is in the sum once, and the sum is Google's own.
TEST(Gemini, CountsEveryTokenOnce) {
  for (const int cached : {0, 3, 10}) {
    for (const int thoughts : {0, 7}) {
      for (const int tool : {0, 5}) {
        for (const int audio : {0, 2, 50}) {
          const int total = 10 + 20 + thoughts + tool;
          const nlohmann::json usage{{"promptTokenCount", 10},
                                     {"cachedContentTokenCount", cached},
                                     {"candidatesTokenCount", 20},
                                     {"thoughtsTokenCount", thoughts},
                                     {"toolUsePromptTokenCount", tool},
                                     {"totalTokenCount", total},
                                     {"promptTokensDetails", {{{"modality", "AUDIO"}, {"tokenCount", audio}}}},
                                     {"candidatesTokensDetails", {{{"modality", "AUDIO"}, {"tokenCount", audio}}}}};
          const nlohmann::json answer{{"candidates", {{{"finishReason", "STOP"}}}}, {"usageMetadata", usage}};
          const auto provider = make_provider(gemini_settings());
          const auto decoded = provider->codec(chat::Dialect::openai_chat).decode_answer(answer.dump());
          ASSERT_TRUE(decoded && decoded->usage) << usage.dump();
          EXPECT_EQ(decoded->usage->total(), total) << usage.dump();
        }
      }
    }
  }
}

}  // namespace
}  // namespace triaged::provider
