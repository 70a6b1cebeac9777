// Reading a failure: what kind of failure an HTTP status and an error body mean. Codes decide before the status does,
// since one status stands for several things (429: rate or money; 400: anything).
#include "triaged/base/text.hpp"

#include "provider/http_provider.hpp"
#include "provider/openai/openai_delta.hpp"
#include "provider/redact.hpp"
#include "provider/retry_after.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace triaged::provider {
namespace {

bool holds(std::string_view text, std::string_view phrase) { return text.find(phrase) != std::string_view::npos; }

bool holds_any(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [text](std::string_view phrase) { return holds(text, phrase); });
}

// All words of an error in lower case, to look for names and phrases in.
struct Words {
  std::string names;  // code, type, inner code: each between spaces
  std::string message;

  bool named(std::initializer_list<std::string_view> wanted) const {
    return std::any_of(wanted.begin(), wanted.end(),
                       [this](std::string_view name) { return holds(names, " " + std::string(name) + " "); });
  }
};

bool means_context_length(int status, const Words& words) {
  if (words.named({"context_length_exceeded", "exceed_context_size_error", "string_above_max_length"})) return true;
  if (status == 413) return true;
  if (status != 400 && status != 422 && status != 500) return false;
  return holds_any(words.message,
                   {"maximum context length", "context length exceeded", "exceeds the available context size",
                    "exceeds the context window", "context window exceeds", "prompt is too long",
                    "exceed context limit", "reduce the length of the messages", "exceeds the model's context"});
}

bool means_content_policy(const Words& words) {
  return words.named({"content_policy_violation", "content_filter", "responsibleaipolicyviolation",
                      "moderation_blocked", "content_policy", "data_inspection_failed", "prompt_blocked", "bio_policy",
                      "image_content_policy_violation"}) ||
         holds_any(words.message, {"content management policy", "requires moderation", "flagged by our safety",
                                   "content filtering policy"});
}

bool means_quota(int status, const Words& words) {
  if (status == 402) return true;
  return words.named({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance",
                      "insufficient_credits", "billing_error"}) ||
         holds_any(words.message, {"exceeded your current quota", "insufficient balance", "insufficient credits",
                                   "credit balance is too low", "specified api usage limits"});
}

bool means_auth(int status, const Words& words) {
  if (status == 401 || status == 403) return true;
  return words.named({"invalid_api_key", "authentication_error", "api_key_invalid"}) ||
         (status == 400 && holds_any(words.message, {"incorrect api key", "invalid api key", "api key not valid"}));
}

bool means_model_missing(int status, const Words& words) {
  return status == 404 ||
         words.named({"model_not_found", "deploymentnotfound", "model_decommissioned", "invalid_model"});
}

FailureClass classify(int status, const Words& words) {
  if (means_context_length(status, words)) return FailureClass::context_length;
  if (means_content_policy(words)) return FailureClass::content_policy;
  if (means_quota(status, words)) return FailureClass::quota;
  if (means_auth(status, words)) return FailureClass::auth;
  if (means_model_missing(status, words)) return FailureClass::model_missing;
  if (status == 429 || words.named({"rate_limit_exceeded", "rate_limit_error"})) return FailureClass::rate_limited;
  const bool overloaded =
      status == 503 || status == 529 || status == 498 || words.named({"overloaded_error", "overloaded"});
  if (overloaded) return FailureClass::overloaded;
  if (status == 408 || status == 504 || status == 522 || status == 524) return FailureClass::timeout;
  if (status == 409) return FailureClass::conflict;
  return status >= 400 && status < 500 ? FailureClass::bad_request : FailureClass::server_error;
}

// {"response": {"error": ...}}, in an event of the Responses API.
bool read_failed_response(JsonReader& reader, ErrorFacts& facts) {
  bool found = false;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("error") && reader.peek() != JsonType::null) {
      found = true;
      read_error(reader, facts);
    } else {
      reader.skip();
    }
  }
  return found;
}

// The members of an error body: {"error":...}, [{"error":...}], or message and code at the top.
bool read_body(std::string_view body, ErrorFacts& facts) {
  if (!simdjson::validate_utf8(body)) return false;
  JsonReader reader(body);
  if (reader.peek() == JsonType::array) {
    reader.enter_array();
    if (!reader.next_element()) return false;
  }
  if (reader.peek() != JsonType::object) return false;
  ErrorFacts flat;
  bool nested = false;
  const auto take = [&reader](std::string& text) {
    text.clear();
    reader.take_string().append_to(text);
  };
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    const bool string = reader.peek() == JsonType::string;
    if (key.equals("error") && reader.peek() != JsonType::null) {
      nested = true;
      read_error(reader, facts);
    } else if (key.equals("response") && reader.peek() == JsonType::object) {
      nested = read_failed_response(reader, facts) || nested;
    } else if (string && (key.equals("message") || key.equals("detail"))) {
      take(flat.message);
    } else if (string && key.equals("code")) {
      take(flat.code);
    } else if (string && key.equals("type")) {
      take(flat.type);
    } else {
      reader.skip();
    }
  }
  if (!reader.ok()) return false;
  if (!nested || facts.message.empty()) facts.message = std::move(flat.message);
  if (!nested || facts.code.empty()) facts.code = std::move(flat.code);
  if (!nested || facts.type.empty()) facts.type = std::move(flat.type);
  return true;
}

// Some gateways answer 200 and put the status into the error's code.
int effective_status(int status, std::string_view code) {
  if (status >= 400) return status;
  const auto number = parse_uint(code);
  return number && *number >= 400 && *number <= 599 ? static_cast<int>(*number) : status;
}

constexpr std::array<std::string_view, 10> passed_fields{
    "x-request-id", "request-id",     "apim-request-id", "x-ms-region",     "x-ms-request-id",
    "retry-after",  "retry-after-ms", "x-simulated",     "x-generation-id", "x-ms-client-request-id"};
constexpr std::array<std::string_view, 3> passed_prefixes{"openai-", "x-ratelimit-", "x-groq-"};

}  // namespace

Failure HttpProvider::read_failure(int status, const wire::Headers& headers, std::string_view body,
                                   WallTime now) const {
  ErrorFacts facts;
  if (!read_body(body, facts)) facts = {};
  Failure failure;
  failure.status = effective_status(status, facts.code);
  failure.retry_after = read_retry_after(headers, now);
  failure.message = redact(facts.message, secrets_);
  if (failure.message.empty()) failure.message = "HTTP " + std::to_string(failure.status) + " from upstream";
  failure.code = redact(facts.code.empty() ? facts.type : facts.code, secrets_);

  const Words words{to_lower(" " + facts.code + " " + facts.type + " " + facts.inner_code + " "),
                    to_lower(facts.message)};
  failure.failure_class = classify(failure.status, words);
  return failure;
}

bool HttpProvider::passes_response_header(std::string_view name) const {
  const auto is = [name](std::string_view other) { return iequals(name, other); };
  const auto begins = [name](std::string_view prefix) { return iequals(name.substr(0, prefix.size()), prefix); };
  // These name the account that pays, which is not the client's.
  if (is("openai-organization") || is("openai-project")) return false;
  return std::any_of(passed_fields.begin(), passed_fields.end(), is) ||
         std::any_of(passed_prefixes.begin(), passed_prefixes.end(), begins);
}

}  // namespace triaged::provider
