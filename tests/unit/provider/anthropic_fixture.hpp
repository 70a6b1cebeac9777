// What the tests of Anthropic's dialect share: its golden files and a provider that speaks it.
#pragma once

#include "triaged/wire/sse.hpp"

#include "provider/anthropic/anthropic.hpp"
#include "unit/conversation_json.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider::test {

using Json = nlohmann::json;

inline std::filesystem::path anthropic_golden(std::string_view folder) {
  return std::filesystem::path(TRIAGED_TEST_DATA) / "anthropic" / folder;
}

// Names without ending of the files that have this ending.
inline std::vector<std::string> anthropic_names(std::string_view folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(anthropic_golden(folder))) {
    const std::string file = entry.path().filename().string();
    const bool plain = file.find('.') == file.size() - ending.size();  // "x.written.sse" is another file's
    if (file.ends_with(ending) && plain) names.push_back(file.substr(0, file.size() - ending.size()));
  }
  return names;
}

inline std::string anthropic_file(std::string_view folder, const std::string& name) {
  return read_file(anthropic_golden(folder) / name);
}

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
inline Json steps_of(const std::vector<std::string_view>& pieces) {
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
