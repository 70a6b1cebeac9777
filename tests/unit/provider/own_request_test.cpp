#include "triaged/provider/own_request.hpp"

#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace triaged::provider {
namespace {

using nlohmann::json;

TEST(OwnRequest, IsAChatThatTheProvidersCodecCompletes) {
  config::Provider settings;
  settings.host = "up.test";
  settings.base_path = "/v1";
  config::Target target;
  target.model = "small";
  const OwnRequest own = write_own_request({"Say \"yes\".", "line\nbreak", 32, OwnStyle::classic});

  const wire::Headers none;
  const Outgoing outgoing = *make_provider(settings)->build({own.request, own.body, none, target, 0, WallTime()});

  std::string body;
  for (const std::string_view piece : outgoing.body) body.append(piece);
  EXPECT_EQ(json::parse(body), json::parse(R"({"model":"small","messages":[
    {"role":"system","content":"Say \"yes\"."},{"role":"user","content":"line\nbreak"}],
    "max_tokens":32,"temperature":0})"));
  EXPECT_EQ(outgoing.body_bytes, body.size());
  EXPECT_NE(outgoing.head.find("accept: application/json"), std::string::npos) << outgoing.head;
}

TEST(OwnRequest, LeavesOutWhatModelsThatThinkRefuse) {
  const OwnRequest own = write_own_request({"s", "u", 32, OwnStyle::recent});
  const json body = json::parse(own.body);
  EXPECT_FALSE(body.contains("max_tokens"));
  EXPECT_FALSE(body.contains("temperature"));
  EXPECT_EQ(body["max_completion_tokens"], 544);
  EXPECT_EQ(own.request.max_output_tokens, 544);
}

TEST(OwnRequest, OwnsItsTexts) {
  OwnRequest own = write_own_request({std::string("system"), std::string("user"), 1, OwnStyle::classic});
  const chat::Request moved = std::move(own.request);
  ASSERT_EQ(moved.messages.size(), 2U);
  EXPECT_EQ(moved.messages[0].role, chat::Role::system);
  EXPECT_EQ(moved.messages[0].text, "system");
  EXPECT_EQ(moved.messages[1].role, chat::Role::user);
  EXPECT_EQ(moved.messages[1].text, "user");
  EXPECT_FALSE(moved.stream);
}

TEST(OwnStyle, ChangesOnlyWhenAMemberOfItWasRefused) {
  const struct {
    OwnStyle used;
    FailureClass failure_class;
    const char* message;
    OwnStyle next;
  } rows[] = {
      {OwnStyle::classic, FailureClass::bad_request,
       "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
       OwnStyle::recent},
      {OwnStyle::classic, FailureClass::bad_request, "Unsupported value: 'temperature' does not support 0",
       OwnStyle::recent},
      {OwnStyle::classic, FailureClass::bad_request, "messages must not be empty", OwnStyle::classic},
      {OwnStyle::classic, FailureClass::server_error, "max_tokens", OwnStyle::classic},
      {OwnStyle::recent, FailureClass::bad_request, "unknown field max_completion_tokens", OwnStyle::classic},
      {OwnStyle::recent, FailureClass::bad_request, "temperature", OwnStyle::recent},
      {OwnStyle::recent, FailureClass::overloaded, "max_completion_tokens", OwnStyle::recent},
  };
  for (const auto& row : rows) {
    Failure failure;
    failure.failure_class = row.failure_class;
    failure.message = row.message;
    EXPECT_EQ(style_after(row.used, failure), row.next) << row.message;
  }
}

}  // namespace
}  // namespace triaged::provider
