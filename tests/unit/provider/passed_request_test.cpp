// The head of a request that is passed on unread: the client's words where they mean something to the provider, and the
// provider's own key.
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using test::headers_of;
using test::provider_settings;

std::string head_of(const config::Provider& settings, std::string_view method, std::string_view path,
                    const wire::Headers& headers = {}) {
  return make_provider(settings)->build_passed({method, path, headers, false, std::nullopt, WallTime()});
}

bool has_line(const std::string& head, std::string_view line) {
  return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

TEST(PassedRequest, GoesBelowTheBaseUrlWithTheProvidersKey) {
  const std::string head = head_of(provider_settings(), "DELETE", "/files/file-1");

  EXPECT_TRUE(head.starts_with("DELETE /v1/files/file-1 HTTP/1.1\r\n")) << head;
  for (const std::string_view line : {"host: api.openai.com", "authorization: Bearer sk-test-key-0123456789",
                                      "accept-encoding: identity", "user-agent: triaged/0.1"}) {
    EXPECT_TRUE(has_line(head, line)) << line << "\n" << head;
  }
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_EQ(head.find("ontent-"), std::string::npos);
}

TEST(PassedRequest, KeepsTheClientsQueryInFrontOfTheProvidersOwn) {
  config::Provider settings = provider_settings();
  settings.query = {{"api-version", "1"}};

  EXPECT_TRUE(head_of(settings, "GET", "/files?limit=2&after=f")
                  .starts_with("GET /v1/files?limit=2&after=f&api-version=1 HTTP/1.1\r\n"));
  EXPECT_TRUE(head_of(settings, "GET", "/files").starts_with("GET /v1/files?api-version=1 HTTP/1.1\r\n"));
}

TEST(PassedRequest, PassesOnWhatTheProviderHasToKnow) {
  const wire::Headers headers = headers_of({{"Content-Type", "multipart/form-data; boundary=x"},
                                            {"Accept", "audio/mpeg"},
                                            {"Accept-Encoding", "gzip"},
                                            {"OpenAI-Beta", "assistants=v2"},
                                            {"Idempotency-Key", "i1"},
                                            {"Range", "bytes=0-9"}});

  const std::string head = head_of(provider_settings(), "POST", "/files", headers);

  for (const std::string_view line :
       {"Content-Type: multipart/form-data; boundary=x", "Accept: audio/mpeg", "Accept-Encoding: gzip",
        "OpenAI-Beta: assistants=v2", "Idempotency-Key: i1", "Range: bytes=0-9"}) {
    EXPECT_TRUE(has_line(head, line)) << line << "\n" << head;
  }
  EXPECT_EQ(head.find("identity"), std::string::npos) << head;
}

TEST(PassedRequest, KeepsBackWhatIsBetweenTheClientAndUs) {
  const wire::Headers headers = headers_of({{"Authorization", "Bearer secret"},
                                            {"x-api-key", "secret"},
                                            {"api-key", "secret"},
                                            {"Cookie", "secret"},
                                            {"OpenAI-Organization", "secret"},
                                            {"OpenAI-Project", "secret"},
                                            {"Proxy-Authorization", "secret"},
                                            {"Connection", "close, accept"},
                                            {"Accept", "secret"},
                                            {"Expect", "100-continue"},
                                            {"TE", "secret"},
                                            {"X-Forwarded-For", "secret"},
                                            {"x-triaged-provider", "secret"}});

  const std::string head = head_of(provider_settings(), "POST", "/files", headers);

  EXPECT_EQ(head.find("secret"), std::string::npos) << head;
  EXPECT_EQ(head.find("100-continue"), std::string::npos) << head;
  EXPECT_EQ(head.find("close"), std::string::npos) << head;
}

TEST(PassedRequest, ConfiguredFieldsStandInPlaceOfTheClients) {
  config::Provider settings = provider_settings();
  settings.headers = {{"OpenAI-Organization", "org-ours"}, {"openai-beta", "ours"}};

  const std::string head = head_of(settings, "POST", "/files",
                                   headers_of({{"OpenAI-Organization", "org-theirs"}, {"OpenAI-Beta", "theirs"}}));

  EXPECT_TRUE(has_line(head, "OpenAI-Organization: org-ours"));
  EXPECT_TRUE(has_line(head, "openai-beta: ours"));
  EXPECT_EQ(head.find("theirs"), std::string::npos) << head;
}

TEST(PassedRequest, SaysHowItsBodyIsFramed) {
  const wire::Headers none;
  const config::Provider settings = provider_settings();  // outlives what is made of it
  const auto provider = make_provider(settings);

  const std::string known = provider->build_passed({"POST", "/files", none, false, 12, WallTime()});
  const std::string unknown = provider->build_passed({"POST", "/files", none, true, std::nullopt, WallTime()});

  EXPECT_TRUE(has_line(known, "Content-Length: 12")) << known;
  EXPECT_EQ(known.find("chunked"), std::string::npos);
  EXPECT_TRUE(has_line(unknown, "transfer-encoding: chunked")) << unknown;
  EXPECT_EQ(unknown.find("Length"), std::string::npos);
}

}  // namespace
}  // namespace triaged::provider
