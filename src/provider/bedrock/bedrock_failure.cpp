// Amazon's failures: the kind stands in a field of the head, the body is {"message":...}.
#include "triaged/base/text.hpp"

#include "provider/bedrock/bedrock.hpp"

#include <array>
#include <initializer_list>

namespace triaged::provider {
namespace {

struct Kind {
  std::string_view name;
  FailureClass failure_class;
};
constexpr std::array<Kind, 14> kinds{{{"ThrottlingException", FailureClass::rate_limited},
                                      {"TooManyRequestsException", FailureClass::rate_limited},
                                      {"ServiceQuotaExceededException", FailureClass::quota},
                                      {"ModelNotReadyException", FailureClass::overloaded},
                                      {"ServiceUnavailableException", FailureClass::overloaded},
                                      {"ModelTimeoutException", FailureClass::timeout},
                                      {"ModelErrorException", FailureClass::server_error},
                                      {"InternalServerException", FailureClass::server_error},
                                      {"AccessDeniedException", FailureClass::auth},
                                      {"UnrecognizedClientException", FailureClass::auth},
                                      {"InvalidSignatureException", FailureClass::auth},
                                      {"ExpiredTokenException", FailureClass::auth},
                                      {"IncompleteSignatureException", FailureClass::auth},
                                      {"ResourceNotFoundException", FailureClass::model_missing}}};

bool says_any(std::string_view message, std::initializer_list<std::string_view> phrases) {
  for (const std::string_view phrase : phrases) {
    if (message.find(phrase) != std::string_view::npos) return true;
  }
  return false;
}

FailureClass classify(const Failure& failure) {
  const std::string message = to_lower(failure.message);
  if (failure.code == "ThrottlingException" && says_any(message, {"per day", "daily"})) return FailureClass::quota;
  for (const Kind& kind : kinds) {
    if (failure.code == kind.name) return kind.failure_class;
  }
  if (failure.code != "ValidationException") return failure.failure_class;
  if (says_any(message, {"too long", "too many input tokens", "exceed context limit", "maximum context length",
                         "exceeds the maximum number of tokens", "input length and `max_tokens` exceed"})) {
    return FailureClass::context_length;
  }
  if (says_any(message, {"model identifier is invalid", "on-demand throughput isn", "end of its life"})) {
    return FailureClass::model_missing;
  }
  return failure.failure_class;
}

// "ValidationException:http://internal.amazon.com/...", or with a name space in front: "com.amazon.coral#Name".
std::string_view kind_in(std::string_view field) {
  field = trim(field.substr(0, field.find(':')));
  return field.substr(field.rfind('#') + 1);
}

}  // namespace

Failure BedrockProvider::read_failure(int status, const wire::Headers& headers, std::string_view body,
                                      WallTime now) const {
  Failure failure = HttpProvider::read_failure(status, headers, body, now);
  if (const auto field = headers.find("x-amzn-errortype")) failure.code = kind_in(*field).substr(0, 64);
  failure.failure_class = classify(failure);
  return failure;
}

}  // namespace triaged::provider
