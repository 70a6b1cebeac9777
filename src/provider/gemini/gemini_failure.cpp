// Google's failures: {"error":{"code":429,"message":...,"status":"RESOURCE_EXHAUSTED","details":[...]}}, also within an
// array. The status and the details say more than HTTP's.
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include "provider/gemini/gemini.hpp"

#include <simdjson.h>

#include <algorithm>
#include <string>

namespace triaged::provider {
namespace {

using std::chrono::milliseconds;

struct Details {
  std::string status;
  std::string message;
  std::string reason;    // of ErrorInfo
  std::string delay;     // of RetryInfo: "34.07s"
  bool used_up = false;  // of QuotaFailure: the day's share, not the minute's
};

// One of `details`: an ErrorInfo, a RetryInfo, a QuotaFailure or something else.
void read_detail(JsonReader& reader, Details& details) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("reason")) {
      if (const auto string = reader.string_or_skip()) details.reason = string->resolved();
    } else if (key.equals("retryDelay")) {
      if (const auto string = reader.string_or_skip()) details.delay = string->resolved();
    } else if (key.equals("violations") && reader.peek() == JsonType::array) {
      const std::string_view violations = reader.skip();
      details.used_up = details.used_up || violations.find("PerDay") != std::string_view::npos;
    } else {
      reader.skip();
    }
  }
}

void read_error(JsonReader& reader, Details& details) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("status")) {
      if (const auto string = reader.string_or_skip()) details.status = string->resolved();
    } else if (key.equals("message")) {
      if (const auto string = reader.string_or_skip()) details.message = to_lower(string->resolved());
    } else if (key.equals("details") && reader.peek() == JsonType::array) {
      reader.enter_array();
      while (reader.next_element()) read_detail(reader, details);
    } else {
      reader.skip();
    }
  }
}

Details read_details(std::string_view body) {
  Details details;
  if (!simdjson::validate_utf8(body.data(), body.size())) return details;
  JsonReader reader(body);
  if (reader.peek() == JsonType::array) {
    reader.enter_array();
    if (!reader.next_element()) return details;
  }
  if (reader.peek() != JsonType::object) return details;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("error")) {
      read_error(reader, details);
    } else {
      reader.skip();
    }
  }
  return reader.ok() ? details : Details();
}

bool says(const Details& details, std::string_view phrase) { return details.message.find(phrase) != std::string::npos; }

FailureClass classify(const Details& details, FailureClass otherwise) {
  if (details.reason == "API_KEY_INVALID" || details.reason == "API_KEY_EXPIRED") return FailureClass::auth;
  if (details.reason == "BILLING_DISABLED") return FailureClass::quota;
  if (details.status == "RESOURCE_EXHAUSTED") return details.used_up ? FailureClass::quota : FailureClass::rate_limited;
  if (details.status == "UNAUTHENTICATED" || details.status == "PERMISSION_DENIED") return FailureClass::auth;
  if (details.status == "UNAVAILABLE") return FailureClass::overloaded;
  if (details.status == "DEADLINE_EXCEEDED") return FailureClass::timeout;
  if (details.status == "CANCELLED") return FailureClass::server_error;
  if (details.status == "ABORTED") return FailureClass::conflict;
  // The account or its place is not served: nothing that the client can change.
  if (details.status == "FAILED_PRECONDITION") return FailureClass::auth;
  if (details.status != "INVALID_ARGUMENT") return otherwise;
  if (says(details, "api key not valid") || says(details, "api key expired")) return FailureClass::auth;
  const bool tokens = says(details, "token count") || says(details, "number of tokens");
  if (tokens && (says(details, "exceeds") || says(details, "exceeded"))) return FailureClass::context_length;
  return otherwise;
}

}  // namespace

Failure GeminiProvider::read_failure(int status, const wire::Headers& headers, std::string_view body,
                                     WallTime now) const {
  Failure failure = HttpProvider::read_failure(status, headers, body, now);
  const Details details = read_details(body);
  failure.failure_class = classify(details, failure.failure_class);
  if (!details.status.empty() && details.status.size() <= 64) failure.code = details.status;
  if (failure.retry_after) return failure;
  if (const auto delay = parse_duration(details.delay)) {
    constexpr milliseconds longest = std::chrono::hours(24);
    failure.retry_after = std::clamp(std::chrono::ceil<milliseconds>(*delay), milliseconds(0), longest);
  }
  return failure;
}

}  // namespace triaged::provider
