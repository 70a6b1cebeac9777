#include "config/resolve_provider.hpp"

#include "triaged/base/text.hpp"

#include "config/reader.hpp"
#include "config/values.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace triaged::config {

namespace {

struct Host {
  std::string_view ending;
  Profile profile;
};

constexpr std::array<Host, 10> hosts{{
    {"api.openai.com", Profile::openai},
    {".openai.azure.com", Profile::azure},
    {".cognitiveservices.azure.com", Profile::azure},
    {".services.ai.azure.com", Profile::azure},
    {"api.mistral.ai", Profile::mistral},
    {"api.deepseek.com", Profile::deepseek},
    {"api.groq.com", Profile::groq},
    {"api.x.ai", Profile::xai},
    {"openrouter.ai", Profile::openrouter},
    {"aiplatform.googleapis.com", Profile::vertex},
}};

Profile profile_of(std::string_view host) {
  for (const Host& known : hosts) {
    if (host.ends_with(known.ending)) return known.profile;
  }
  return Profile::generic;
}

bool has_token(const Provider& provider) { return !provider.token_file.empty() || !provider.token_command.empty(); }

// In which header field the bare key stands where it is no bearer token; "" where it is one.
std::string_view key_field(const Provider& provider) {
  if (has_token(provider) || provider.profile == Profile::vertex) return {};
  if (provider.profile == Profile::azure) return "api-key";
  switch (provider.dialect) {
    case ProviderDialect::anthropic: return "x-api-key";
    case ProviderDialect::gemini: return "x-goog-api-key";
    case ProviderDialect::openai:
    case ProviderDialect::simulated:
    case ProviderDialect::bedrock: break;
  }
  return {};
}

void resolve_auth(Provider& provider) {
  const std::string_view field = key_field(provider);
  if (provider.auth == Auth::automatic) provider.auth = field.empty() ? Auth::bearer : Auth::header;
  if (!provider.api_key.set() && !has_token(provider)) provider.auth = Auth::none;
  provider.auth_header = to_lower(provider.auth_header);
  if (!provider.auth_header.empty()) return;
  provider.auth_header = provider.auth == Auth::header && !field.empty() ? field : "authorization";
}

// bedrock-runtime.REGION.amazonaws.com
std::string region_of(const std::string& host) {
  const auto parts = split(host, '.');
  return parts.size() > 2 && parts.front().starts_with("bedrock") ? std::string(parts[1]) : std::string();
}

std::vector<std::string> native_dialects(Profile profile) {
  switch (profile) {
    case Profile::openai:
    case Profile::azure: return {"responses"};
    case Profile::vllm:
    case Profile::llamacpp: return {"completions"};
    default: return {};
  }
}

}  // namespace

Provider resolve_provider(Provider provider, const std::string& directory) {
  const UrlResult parsed = parse_url(provider.base_url);
  if (parsed.fault.empty()) {
    provider.scheme = parsed.url.scheme;
    provider.host = parsed.url.host;
    provider.port = parsed.url.port;
    provider.base_path = parsed.url.path;
  }
  while (!provider.base_url.empty() && provider.base_url.back() == '/') provider.base_url.pop_back();
  if (provider.profile == Profile::automatic) provider.profile = profile_of(to_lower(provider.host));
  resolve_auth(provider);
  if (provider.dialect == ProviderDialect::openai && provider.native.empty()) {
    provider.native = native_dialects(provider.profile);
  }
  if (provider.aws.region.empty()) provider.aws.region = region_of(to_lower(provider.host));
  std::erase_if(provider.more_api_keys, [](const Secret& key) { return !key.set(); });
  provider.token_file = resolve_path(directory, provider.token_file);
  provider.tls_ca_file = resolve_path(directory, provider.tls_ca_file);
  if (provider.tls_server_name.empty()) provider.tls_server_name = provider.host;
  if (provider.price_provider.empty()) provider.price_provider = provider.name;
  return provider;
}

}  // namespace triaged::config
