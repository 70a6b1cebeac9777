#include "triaged/base/text.hpp"

#include "api/anthropic/anthropic.hpp"

namespace triaged::api {
namespace {

std::string_view type_of(int status) {
  switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 408:
    case 504: return "timeout_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 503:
    case 529: return "overloaded_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

}  // namespace

std::string anthropic_error_body(const Error& error) {
  std::string body = R"({"type":"error","error":{"type":")";
  body.append(type_of(error.status)).append(R"(","message":)");
  append_json_string(body, error.detail);
  // What clients that leave their history to the provider go by: they start over with all of it, and without a thread.
  if (error.code == "unsupported_parameter" && error.param == "thread") {
    body.append(R"(,"details":{"error_code":"thread_unsupported_request","unsupported":["thread"]})");
  }
  return body.append(R"(},"request_id":null})");
}

std::string count_tokens_body(std::int64_t input_tokens) {
  return R"({"input_tokens":)" + std::to_string(input_tokens) + "}";
}

}  // namespace triaged::api
