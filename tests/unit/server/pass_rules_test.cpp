// Who a request is handed to unread, and what of the answer's head the client gets.
#include "server/pass_rules.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace triaged::server {
namespace {

using config::PassFamily;

config::Settings settings() {
  config::Settings settings;
  settings.providers.resize(3);
  settings.providers[0].name = "claude";
  settings.providers[0].dialect = config::ProviderDialect::anthropic;
  settings.providers[1].name = "one";
  settings.providers[2].name = "two";
  settings.passthrough.ways[static_cast<std::size_t>(PassFamily::audio)].provider = 1;
  settings.passthrough.ways[static_cast<std::size_t>(PassFamily::images)].open = false;
  settings.passthrough.by_request = true;
  return settings;
}

wire::Headers headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  wire::Headers out;
  for (const auto& [name, value] : fields) out.add(name, value);
  return out;
}

std::string passed(const wire::Headers& upstream) {
  std::string fields;
  append_answer_fields(upstream, fields);
  return fields;
}

TEST(PassRules, TheConfiguredProviderAnswers) {
  EXPECT_EQ(*choose_provider(settings(), PassFamily::audio, "POST", {}), 1U);
}

TEST(PassRules, TheRequestsOwnWordComesFirst) {
  const wire::Headers named = headers({{"X-Triaged-Provider", "two"}});

  EXPECT_EQ(*choose_provider(settings(), PassFamily::audio, "POST", named), 2U);
  EXPECT_EQ(*choose_provider(settings(), PassFamily::files, "GET", named), 2U);
}

TEST(PassRules, WithoutAProviderTheErrorSaysWhatToConfigure) {
  const Result<std::size_t> none = choose_provider(settings(), PassFamily::files, "GET", {});

  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().status, 503);
  EXPECT_EQ(none.error().code, "no_provider");
  for (const std::string_view word : {"passthrough.files", "passthrough.provider", "x-triaged-provider"}) {
    EXPECT_NE(none.error().detail.find(word), std::string::npos) << word;
  }
}

TEST(PassRules, ProvidersThatAreNotThereOrSpeakOtherwiseAreRefused) {
  for (const std::string_view name : {"", "three", "claude"}) {
    const Result<std::size_t> refused =
        choose_provider(settings(), PassFamily::audio, "POST", headers({{"x-triaged-provider", name}}));
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().status, 400);
    EXPECT_EQ(refused.error().code, "invalid_provider");
    EXPECT_EQ(refused.error().param, "x-triaged-provider");
  }
}

TEST(PassRules, ARequestHasNoWordWhereItMayNot) {
  config::Settings closed = settings();
  closed.passthrough.by_request = false;

  const Result<std::size_t> refused =
      choose_provider(closed, PassFamily::audio, "POST", headers({{"x-triaged-provider", "two"}}));
  const Result<std::size_t> none = choose_provider(closed, PassFamily::files, "GET", {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 400);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().detail.find("x-triaged-provider"), std::string::npos);
}

TEST(PassRules, WhatIsClosedIsClosedForEveryProvider) {
  const Result<std::size_t> refused =
      choose_provider(settings(), PassFamily::images, "POST", headers({{"x-triaged-provider", "two"}}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 404);
  EXPECT_EQ(refused.error().code, "unknown_url");
}

TEST(PassRules, WhereUnknownPricesAreRefusedOnlyLookingUpIsLeft) {
  config::Settings strict = settings();
  strict.ledger.on_unknown_price = config::OnUnknownPrice::refuse;

  const Result<std::size_t> refused = choose_provider(strict, PassFamily::audio, "POST", {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 403);
  EXPECT_EQ(refused.error().code, "unknown_price");
  EXPECT_TRUE(choose_provider(strict, PassFamily::files, "GET", headers({{"x-triaged-provider", "two"}})));
}

TEST(PassRules, TheAnswersHeadIsTheClients) {
  EXPECT_EQ(passed(headers({{"Content-Type", "audio/mpeg"}, {"x-request-id", "r"}, {"Vary", "a"}, {"Vary", "b"}})),
            "Content-Type: audio/mpeg\r\nx-request-id: r\r\nVary: a\r\nVary: b\r\n");
}

TEST(PassRules, WhatEndsHereOrBindsToTheProviderStaysHere) {
  EXPECT_EQ(passed(headers({{"Connection", "keep-alive, x-hop"},
                            {"X-Hop", "1"},
                            {"Keep-Alive", "1"},
                            {"Transfer-Encoding", "chunked"},
                            {"Content-Length", "1"},
                            {"Trailer", "a"},
                            {"Upgrade", "h2"},
                            {"Proxy-Authenticate", "a"},
                            {"Set-Cookie", "session"},
                            {"Alt-Svc", "h3=\":443\""},
                            {"Strict-Transport-Security", "max-age=1"},
                            {"OpenAI-Organization", "org"},
                            {"openai-project", "proj"},
                            {"X-Triaged-Id", "forged"}})),
            "");
}

}  // namespace
}  // namespace triaged::server
