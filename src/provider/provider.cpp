#include "triaged/provider/provider.hpp"

#include "provider/anthropic/anthropic.hpp"
#include "provider/bedrock/bedrock.hpp"
#include "provider/gemini/gemini.hpp"
#include "provider/openai/openai.hpp"

namespace triaged::provider {

std::string_view name(FailureClass failure_class) {
  switch (failure_class) {
    case FailureClass::rate_limited: return "rate_limited";
    case FailureClass::quota: return "quota";
    case FailureClass::auth: return "auth";
    case FailureClass::overloaded: return "overloaded";
    case FailureClass::server_error: return "server_error";
    case FailureClass::timeout: return "timeout";
    case FailureClass::conflict: return "conflict";
    case FailureClass::context_length: return "context_length";
    case FailureClass::content_policy: return "content_policy";
    case FailureClass::model_missing: return "model_missing";
    case FailureClass::bad_request: return "bad_request";
  }
  return "bad_request";
}

// The simulated provider is reached over HTTP like any other, and speaks OpenAI's dialect.
std::unique_ptr<Provider> make_provider(const config::Provider& settings) {
  switch (settings.dialect) {
    case config::ProviderDialect::anthropic: return std::make_unique<AnthropicProvider>(settings);
    case config::ProviderDialect::gemini: return std::make_unique<GeminiProvider>(settings);
    case config::ProviderDialect::bedrock: return std::make_unique<BedrockProvider>(settings);
    case config::ProviderDialect::openai:
    case config::ProviderDialect::simulated: return std::make_unique<OpenAiProvider>(settings);
  }
  return std::make_unique<OpenAiProvider>(settings);
}

// Four characters to a token, the usual figure for European languages; an answer that is not empty has at least one.
chat::Usage estimate_usage(std::int64_t input_tokens, std::uint64_t output_characters) {
  constexpr std::uint64_t characters_per_token = 4;
  chat::Usage usage;
  usage.input = input_tokens < 0 ? 0 : input_tokens;
  usage.output = static_cast<std::int64_t>((output_characters + characters_per_token - 1) / characters_per_token);
  usage.certainty = chat::Certainty::estimated;
  return usage;
}

}  // namespace triaged::provider
