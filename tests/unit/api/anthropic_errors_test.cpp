#include "api/anthropic/anthropic.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::api {
namespace {

using nlohmann::json;

// By this its clients know that they have to send the whole history.
TEST(AnthropicErrorBody, TellsClientsWithThreadsToGoOnWithout) {
  const Error error = client_error(ErrorKind::invalid_request, 400, "No threads.", "unsupported_parameter", "thread");
  const json expected{{"type", "invalid_request_error"},
                      {"message", "No threads."},
                      {"details", {{"error_code", "thread_unsupported_request"}, {"unsupported", {"thread"}}}}};
  EXPECT_EQ(json::parse(anthropic_error_body(error))["error"], expected);
}

TEST(AnthropicErrorBody, HasNoDetailsOtherwise) {
  const Error error = client_error(ErrorKind::invalid_request, 400, "No.", "unsupported_parameter", "top_k");
  EXPECT_FALSE(json::parse(anthropic_error_body(error))["error"].contains("details"));
}

}  // namespace
}  // namespace triaged::api
