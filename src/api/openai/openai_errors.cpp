#include "triaged/api/codec.hpp"
#include "triaged/base/text.hpp"

namespace triaged::api {
namespace {

// OpenAI names the kind of limit in the type of a 429: "tokens", "requests" or "insufficient_quota".
std::string_view type_of_limit(const Error& error) {
  if (error.code == "insufficient_quota") return "insufficient_quota";
  if (error.detail.find("tokens per") != std::string::npos || error.detail.find("TPM") != std::string::npos)
    return "tokens";
  return "requests";
}

std::string_view type_of(const Error& error) {
  if (error.status == 429) return type_of_limit(error);
  return error.status >= 500 ? "server_error" : "invalid_request_error";
}

void append_or_null(std::string& out, std::string_view text) {
  if (text.empty()) {
    out.append("null");
  } else {
    append_json_string(out, text);
  }
}

}  // namespace

std::string openai_error_body(const Error& error) {
  std::string body = R"({"error":{"message":)";
  append_json_string(body, error.detail);
  body.append(R"(,"type":)");
  append_json_string(body, type_of(error));
  body.append(R"(,"param":)");
  append_or_null(body, error.param);
  body.append(R"(,"code":)");
  append_or_null(body, error.code);
  body.append("}}");
  return body;
}

}  // namespace triaged::api
