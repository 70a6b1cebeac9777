// What the tests of Anthropic's dialect share: the steps of a stream and a provider that speaks it.
#pragma once

#include "triaged/wire/sse.hpp"

#include "provider/anthropic/anthropic.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <string_view>
#include <vector>

namespace triaged::provider::test {

inline config::Provider anthropic_settings() {
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

// The steps of a stream that comes in these pieces.
inline triaged::test::Json steps_of(const std::vector<std::string_view>& pieces) {
  wire::SseReader sse;
  const auto reader = make_anthropic_reader();
  triaged::test::Steps steps;
  for (const std::string_view piece : pieces) {
    EXPECT_TRUE(sse.put(piece));
    while (const auto event = sse.next()) EXPECT_TRUE(reader->event(event->event, event->data, steps)) << event->data;
  }
  return steps.list;
}

}  // namespace triaged::provider::test
