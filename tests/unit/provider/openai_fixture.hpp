// What the tests of the OpenAI dialect share: a provider, and a Request for a body.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/provider/provider.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider::test {

// The ranges of a body, found independently of the client codec.
inline chat::Request request_of(std::string_view body) {
  chat::Request request;
  JsonReader reader(body);
  JsonString key;
  bool kept = false;
  bool open = false;
  EXPECT_TRUE(reader.enter_object());
  request.object_begin = reader.position();
  while (reader.next_member(key)) {
    if (open) request.models_members.back().end = reader.comma_position() + 1;
    open = false;
    const std::size_t key_begin = reader.key_position();
    const std::size_t comma = reader.comma_position();
    const std::size_t begin = reader.value_position();
    const std::string_view value = reader.skip();
    const chat::ByteRange range{begin, begin + value.size()};
    if (key.equals("model")) request.model_values.push_back(range);
    if (key.equals("stream")) request.stream = value == "true";
    if (key.equals("stream_options")) request.stream_options_values.push_back(range);
    if (!key.equals("models")) {
      kept = true;
      continue;
    }
    request.models_members.push_back({kept ? comma : key_begin, range.end});
    open = !kept;
  }
  EXPECT_TRUE(reader.at_end());
  return request;
}

inline config::Provider provider_settings() {
  config::Provider settings;
  settings.name = "openai";
  settings.scheme = "https";
  settings.host = "api.openai.com";
  settings.port = 443;
  settings.base_path = "/v1";
  settings.api_key.value = "sk-test-key-0123456789";
  settings.auth = config::Auth::bearer;
  settings.auth_header = "authorization";
  return settings;
}

// OpenAI itself, which speaks the Responses API too.
inline config::Provider responses_settings() {
  config::Provider settings = provider_settings();
  settings.native = {"responses"};
  return settings;
}

inline config::Target target_of(std::string model) {
  config::Target target;
  target.name = "openai/" + model;
  target.model = std::move(model);
  return target;
}

inline std::string joined(const Outgoing& outgoing) {
  std::string body;
  for (const std::string_view piece : outgoing.body) body += piece;
  return body;
}

inline std::string first_line(const std::string& head) { return head.substr(0, head.find("\r\n")); }

inline wire::Headers headers_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  wire::Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

}  // namespace triaged::provider::test
