#include "triaged/base/text.hpp"

#include "provider/redact.hpp"
#include "provider/retry_after.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using std::chrono::milliseconds;
using test::headers_of;

const WallTime now = WallTime(std::chrono::seconds(784'111'777));  // Sun, 06 Nov 1994 08:49:37 GMT

Failure read(int status, std::string_view body, const wire::Headers& headers = {}) {
  const config::Provider settings = test::provider_settings();
  return make_provider(settings)->read_failure(status, headers, body, now);
}

TEST(OpenAiFailure, ClassifiesByCodeThenByStatus) {
  struct Case {
    int status;
    std::string body;
    FailureClass expected;
  };
  const std::vector<Case> cases{
      {429, R"({"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}})",
       FailureClass::rate_limited},
      {429,
       R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})",
       FailureClass::quota},
      {402, R"({"error":{"message":"Insufficient credits","code":402}})", FailureClass::quota},
      {401, R"({"error":{"message":"Incorrect API key","type":"invalid_request_error","code":"invalid_api_key"}})",
       FailureClass::auth},
      {403, "{}", FailureClass::auth},
      {400,
       R"([{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}])",
       FailureClass::auth},
      {404,
       R"({"error":{"message":"The model `x` does not exist","type":"invalid_request_error","code":"model_not_found"}})",
       FailureClass::model_missing},
      {404,
       R"({"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}})",
       FailureClass::model_missing},
      {400, R"({"error":{"message":"gone","type":"invalid_request_error","code":"model_decommissioned"}})",
       FailureClass::model_missing},
      {400, R"({"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}})",
       FailureClass::context_length},
      {400,
       R"({"object":"error","message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","code":400})",
       FailureClass::context_length},
      {400,
       R"({"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}})",
       FailureClass::context_length},
      {413,
       R"({"error":{"message":"Request too large on tokens per minute [TPM]","type":"tokens","code":"rate_limit_exceeded"}})",
       FailureClass::context_length},
      {400,
       R"({"error":{"code":"content_filter","message":"The response was filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
       FailureClass::content_policy},
      {400, R"({"error":{"code":null,"message":"no","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
       FailureClass::content_policy},
      {400, R"({"error":{"code":"content_policy_violation","message":"no"}})", FailureClass::content_policy},
      {400,
       R"({"error":{"message":"bad temperature","type":"invalid_request_error","param":"temperature","code":null}})",
       FailureClass::bad_request},
      {422, R"({"detail":"nope"})", FailureClass::bad_request},
      {409, "{}", FailureClass::conflict},
      {408, "", FailureClass::timeout},
      {504, "<html>", FailureClass::timeout},
      {503, R"({"error":{"message":"overloaded"}})", FailureClass::overloaded},
      {529, "{}", FailureClass::overloaded},
      {498, R"({"error":{"message":"capacity"}})", FailureClass::overloaded},
      {500, "{}", FailureClass::server_error},
      {502, "<html>bad gateway</html>", FailureClass::server_error},
      {301, "", FailureClass::server_error},
      {200, R"({"error":{"code":429,"message":"slow down"}})", FailureClass::rate_limited},
      {200, R"({"error":{"code":"x","message":"?"}})", FailureClass::server_error},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(name(read(c.status, c.body).failure_class), name(c.expected)) << c.status << " " << c.body;
  }
}

TEST(OpenAiFailure, GivesTheProvidersOwnSentence) {
  EXPECT_EQ(read(400, R"({"error":{"message":"Be \"nice\".","code":"c"}})").message, "Be \"nice\".");
  EXPECT_EQ(read(400, R"({"error":{"message":"m","code":"c","type":"t"}})").code, "c");
  EXPECT_EQ(read(400, R"({"error":{"message":"m","code":null,"type":"t"}})").code, "t");
  EXPECT_EQ(read(400, R"({"error":"just a sentence"})").message, "just a sentence");
  EXPECT_EQ(read(422, R"({"detail":"from the framework"})").message, "from the framework");
  EXPECT_EQ(read(400, R"({"message":"flat","code":"f"})").code, "f");
}

TEST(OpenAiFailure, SpeaksForBodiesThatAreNotJson) {
  for (const std::string& body :
       {std::string("<html><h1>502</h1></html>"), std::string(), std::string("{\"error\":{\"mess"),
        std::string("\xff\xfe"), std::string(100'000, '[')}) {
    EXPECT_EQ(read(502, body).message, "HTTP 502 from upstream");
  }
}

TEST(OpenAiFailure, NeverRepeatsAKey) {
  const Failure own =
      read(401, R"({"error":{"message":"Wrong key: sk-test-key-0123456789!","code":"invalid_api_key"}})");
  EXPECT_EQ(own.message, "Wrong key: ***!");
  const Failure masked = read(
      401,
      R"({"error":{"message":"Incorrect API key provided: sk-proj-********************abcd. See the site.","code":"x"}})");
  EXPECT_EQ(masked.message, "Incorrect API key provided: sk-***. See the site.");
}

TEST(OpenAiFailure, KeepsEveryKeyOutOfMessagesAndCodes) {
  config::Provider settings = test::provider_settings();
  settings.more_api_keys = {{"second secret"}, {"third secret"}};
  const auto provider = make_provider(settings);
  const std::string error =
      R"({"error":{"message":"no second secret and no third secret","code":"third secret","type":"x"}})";

  const Failure failure = provider->read_failure(401, {}, error, WallTime());
  const auto answer = provider->codec(chat::Dialect::openai_chat).decode_answer(error);
  const auto decoder = provider->codec(chat::Dialect::openai_chat).make_stream_decoder();
  const auto event = decoder->decode("", error);

  EXPECT_EQ(failure.message, "no *** and no ***");
  EXPECT_EQ(failure.code, "***");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().detail.find("secret"), std::string::npos);
  EXPECT_EQ(answer.error().code, "***");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->error_message, "no *** and no ***");
  EXPECT_EQ(event->error_code, "***");
}

TEST(OpenAiFailure, BoundsTheMessageAtACharacter) {
  std::string long_text(499, 'x');
  for (int i = 0; i < 400; ++i) long_text += "é";
  const Failure failure = read(400, R"({"error":{"message":")" + long_text + R"("}})");
  EXPECT_EQ(failure.message.size(), 499U);
  EXPECT_TRUE(valid_utf8(failure.message));
}

TEST(Redaction, MasksWhatLooksLikeAKey) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"key gsk_abcdefgh12345 bad", "key gsk_*** bad"},
      {"Bearer abcdefghijk", "Bearer ***"},
      {"AIzaSyA1234567890", "AIza***"},
      {"two: sk-aaaaaaaaaa, sk-bbbbbbbbbb.", "two: sk-***, sk-***."},
      {"the task-oriented disk-based sk-8", "the task-oriented disk-based sk-8"},
      {"line\r\nbreak", "line  break"},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(redact(text, {}), expected);
  const std::vector<std::string> secrets{"own-secret-1", "own-secret-2"};
  EXPECT_EQ(redact("own-secret-1 own-secret-2 own-secret-1", secrets), "*** *** ***");
}

TEST(RetryAfter, ReadsEveryForm) {
  struct Case {
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<milliseconds> expected;
  };
  const std::vector<Case> cases{
      {{{"Retry-After", "7"}}, milliseconds(7000)},
      {{{"retry-after", "0.25"}}, milliseconds(250)},
      {{{"retry-after", "7"}, {"retry-after-ms", "1500"}}, milliseconds(1500)},
      {{{"retry-after-ms", "oops"}, {"retry-after", "3"}}, milliseconds(3000)},
      {{{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"}}, milliseconds(10'000)},
      {{{"retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"}}, milliseconds(0)},
      {{{"retry-after", "-5"}}, milliseconds(0)},
      {{{"retry-after", "999999999999"}}, milliseconds(std::chrono::hours(24))},
      {{{"retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"}}, milliseconds(std::chrono::hours(24))},
      {{{"retry-after", "soon"}}, std::nullopt},
      {{{"retry-after", "nan"}}, std::nullopt},
      {{{"retry-after", ""}}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(read(429, "", headers_of(c.headers)).retry_after, c.expected)
        << (c.headers.empty() ? std::string("none") : c.headers.front().second);
  }
}

TEST(HttpDate, RefusesWhatIsNoDate) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), now);
  for (const std::string_view text :
       {"Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT", "06 Nov 1994",
        "Sun, 0x Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(OpenAiResponseHeaders, PassesWhatHelpsTheClientOnly) {
  const config::Provider settings = test::provider_settings();
  const auto provider = make_provider(settings);
  for (const std::string_view name : {"x-request-id", "X-Request-Id", "openai-processing-ms", "OpenAI-Version",
                                      "x-ratelimit-remaining-tokens", "retry-after", "retry-after-ms", "x-simulated"}) {
    EXPECT_TRUE(provider->passes_response_header(name)) << name;
  }
  for (const std::string_view name :
       {"set-cookie", "server", "content-length", "transfer-encoding", "connection", "content-type", "date", "via",
        "openai-organization", "openai-project", "content-encoding", "", "strict-transport-security"}) {
    EXPECT_FALSE(provider->passes_response_header(name)) << name;
  }
}

}  // namespace
}  // namespace triaged::provider
