#include "support/golden/files.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using test::headers_of;
using test::joined;
using test::provider_settings;
using test::request_of;
using test::target_of;
using triaged::test::golden_names;
using triaged::test::golden_text;

const std::string folder = "openai_chat/requests";

constexpr std::string_view hello = R"({"model":"auto","messages":[{"role":"user","content":"Hi"}]})";

Outgoing build(const config::Provider& settings, std::string_view body, const wire::Headers& headers = {},
               std::string model = "gpt-4.1-mini") {
  const chat::Request request = request_of(body);
  const config::Target target = target_of(std::move(model));
  return *make_provider(settings)->build({request, body, headers, target, 0, WallTime()});
}

bool has_line(const std::string& head, std::string_view line) {
  return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

TEST(OpenAiRequest, SplicesEveryGoldenBody) {
  const config::Provider settings = provider_settings();
  const auto names = golden_names(folder, ".upstream.json");
  ASSERT_GE(names.size(), 15U);
  for (const std::string& name : names) {
    const std::string body = golden_text(folder, name + ".json");
    const Outgoing outgoing = build(settings, body);
    EXPECT_EQ(joined(outgoing), golden_text(folder, name + ".upstream.json")) << name;
    EXPECT_EQ(outgoing.body_bytes, joined(outgoing).size()) << name;
    EXPECT_TRUE(has_line(outgoing.head, "Content-Length: " + std::to_string(outgoing.body_bytes)) ||
                has_line(outgoing.head, "content-length: " + std::to_string(outgoing.body_bytes)))
        << outgoing.head;
  }
}

TEST(OpenAiRequest, WritesItsOwnHead) {
  const config::Provider settings = provider_settings();

  const std::string head = build(settings, hello).head;

  EXPECT_TRUE(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")) << head;
  for (const std::string_view line :
       {"host: api.openai.com", "authorization: Bearer sk-test-key-0123456789", "content-type: application/json",
        "accept: application/json", "accept-encoding: identity", "user-agent: triaged/0.1"}) {
    EXPECT_TRUE(has_line(head, line)) << line << "\n" << head;
  }
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(OpenAiRequest, SendsTheKeyThatIsAskedFor) {
  config::Provider settings = provider_settings();
  settings.more_api_keys = {{"second"}, {"third"}};
  const auto provider = make_provider(settings);
  ASSERT_EQ(provider->keys(), 3U);
  const chat::Request request = request_of(hello);
  const std::vector<std::string> keys{"sk-test-key-0123456789", "second", "third"};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const wire::Headers none;
    const config::Target target = target_of("gpt-4.1-mini");
    const Outgoing outgoing = *provider->build({request, hello, none, target, i, WallTime()});
    EXPECT_TRUE(has_line(outgoing.head, "authorization: Bearer " + keys[i])) << outgoing.head;
  }
  settings.auth = config::Auth::none;
  EXPECT_EQ(make_provider(settings)->keys(), 1U);
  EXPECT_EQ(build(settings, hello).head.find("authorization"), std::string::npos);
}

TEST(OpenAiRequest, WritesAGetBelowTheBaseUrl) {
  config::Provider settings = provider_settings();
  settings.query = {{"api-version", "1"}};
  settings.headers = {{"x-team", "blue"}};

  const std::string head = make_provider(settings)->build_get("/models");

  EXPECT_TRUE(head.starts_with("GET /v1/models?api-version=1 HTTP/1.1\r\n")) << head;
  EXPECT_TRUE(has_line(head, "host: api.openai.com"));
  EXPECT_TRUE(has_line(head, "authorization: Bearer sk-test-key-0123456789"));
  EXPECT_TRUE(has_line(head, "x-team: blue"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(OpenAiRequest, AsksForAnEventStreamWhenTheClientStreams) {
  const std::string head =
      build(provider_settings(), R"({"stream":true,"messages":[{"role":"user","content":"Hi"}]})").head;
  EXPECT_TRUE(has_line(head, "accept: text/event-stream")) << head;
}

TEST(OpenAiRequest, NeverPassesTheClientsCredentialsOn) {
  const wire::Headers headers = headers_of({{"Authorization", "Bearer client-key"},
                                            {"api-key", "client-key"},
                                            {"x-api-key", "client-key"},
                                            {"Cookie", "client-key"},
                                            {"OpenAI-Organization", "client-key"},
                                            {"Proxy-Authorization", "client-key"},
                                            {"User-Agent", "client-key"},
                                            {"Host", "client-key"},
                                            {"X-Forwarded-For", "client-key"}});
  EXPECT_EQ(build(provider_settings(), hello, headers).head.find("client-key"), std::string::npos);
}

TEST(OpenAiRequest, PassesOnWhatMeansSomethingUpstream) {
  const wire::Headers headers = headers_of({{"Idempotency-Key", "i1"},
                                            {"X-Request-Id", "r1"},
                                            {"traceparent", "00-a-b-01"},
                                            {"tracestate", "k=v"},
                                            {"OpenAI-Beta", "assistants=v2"}});
  const std::string head = build(provider_settings(), hello, headers).head;
  for (const std::string_view line : {"idempotency-key: i1", "x-request-id: r1", "traceparent: 00-a-b-01",
                                      "tracestate: k=v", "openai-beta: assistants=v2"}) {
    EXPECT_TRUE(has_line(head, line)) << line;
  }
}

TEST(OpenAiRequest, DropsFieldsNamedInConnectionAndThoseConfigured) {
  config::Provider settings = provider_settings();
  settings.headers = {{"X-Request-Id", "ours"}, {"User-Agent", "custom/1"}, {"Transfer-Encoding", "chunked"}};
  const wire::Headers headers =
      headers_of({{"Connection", "close, traceparent"}, {"traceparent", "dropped"}, {"x-request-id", "theirs"}});

  const std::string head = build(settings, hello, headers).head;

  EXPECT_EQ(head.find("dropped"), std::string::npos);
  EXPECT_EQ(head.find("theirs"), std::string::npos);
  EXPECT_EQ(head.find("chunked"), std::string::npos);
  EXPECT_EQ(head.find("triaged/0.1"), std::string::npos);
  EXPECT_TRUE(has_line(head, "X-Request-Id: ours"));
}

TEST(OpenAiRequest, LetsNoHeaderBreakOutOfItsLine) {
  config::Provider settings = provider_settings();
  settings.headers = {{"x-note", "a\r\nx-evil: 1"}};
  const std::string head = build(settings, hello).head;
  EXPECT_EQ(head.find("\r\nx-evil"), std::string::npos) << head;
}

TEST(OpenAiRequest, PutsTheModelAndTheQueryIntoTheTarget) {
  config::Provider settings = provider_settings();
  settings.host = "x.openai.azure.com";
  settings.base_path = "/openai";
  settings.chat_path = "/deployments/{model}/chat/completions";
  settings.query = {{"api-version", "2024-10-21"}, {"a b", "c&d"}};
  settings.auth = config::Auth::header;
  settings.auth_header = "api-key";
  settings.forward_model = false;

  const Outgoing outgoing = build(settings, R"({"messages":[{"role":"user","content":"Hi"}]})", {}, "my model/1?é");

  EXPECT_TRUE(
      outgoing.head.starts_with("POST /openai/deployments/my%20model%2F1%3F%C3%A9/chat/completions"
                                "?api-version=2024-10-21&a%20b=c%26d HTTP/1.1\r\n"))
      << outgoing.head;
  EXPECT_TRUE(has_line(outgoing.head, "api-key: sk-test-key-0123456789"));
  EXPECT_EQ(joined(outgoing), R"({"messages":[{"role":"user","content":"Hi"}]})");
}

TEST(OpenAiRequest, SendsNoAuthenticationWithoutAKeyOrWhereNoneIsWanted) {
  config::Provider settings = provider_settings();
  settings.auth = config::Auth::none;
  EXPECT_EQ(build(settings, hello).head.find("authorization"), std::string::npos);
  settings.auth = config::Auth::bearer;
  settings.api_key.value.clear();
  EXPECT_EQ(build(settings, hello).head.find("authorization"), std::string::npos);
}

TEST(OpenAiRequest, NamesUnusualPortsAndIpv6HostsInHost) {
  config::Provider settings = provider_settings();
  settings.scheme = "http";
  settings.host = "::1";
  settings.port = 11434;
  EXPECT_TRUE(has_line(build(settings, hello).head, "host: [::1]:11434"));
  settings.host = "ollama";
  settings.port = 80;
  EXPECT_TRUE(has_line(build(settings, hello).head, "host: ollama"));
}

TEST(OpenAiRequest, EscapesTheModelName) {
  EXPECT_EQ(joined(build(provider_settings(), hello, {}, "a\"b\\c")),
            R"({"model":"a\"b\\c","messages":[{"role":"user","content":"Hi"}]})");
}

TEST(OpenAiRequest, KeepsALargeBodyByteForByteButForTheModel) {
  const std::string front = R"({"x":123456789012345678901234567890123,"x":1e999,"model":)";
  std::string back = R"(,"messages":[{"role":"user","content":")";
  while (back.size() < (2U << 20U)) back += R"(\ud83d\u0000 \/ é中)";
  back += "\"}],\"vendor\":{\"deep\":[[[{}]]],\"deep\":null}  }\n";
  const std::string body = front + "\"auto\"" + back;

  const Outgoing outgoing = build(provider_settings(), body);

  EXPECT_EQ(joined(outgoing), front + "\"gpt-4.1-mini\"" + back);
  EXPECT_EQ(outgoing.body.size(), 3U);
  EXPECT_EQ(outgoing.body.front().data(), body.data()) << "the client's bytes are viewed, not copied";
}

TEST(OpenAiRequest, KeepsPiecesValidWhenTheOutgoingMoves) {
  Outgoing first = build(provider_settings(), hello);
  const std::string before = joined(first);
  const Outgoing second = std::move(first);
  EXPECT_EQ(joined(second), before);
}

}  // namespace
}  // namespace triaged::provider
