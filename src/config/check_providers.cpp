// Checks of `providers`.
#include "triaged/base/text.hpp"

#include "config/check.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <array>

namespace triaged::config {

namespace {

// One provider with where it stands.
struct Subject {
  const Provider& provider;
  std::string path;
  Report& report;

  std::string at(std::string_view key) const { return path + "." + std::string(key); }
  bool given(std::string_view key) const { return report.placed(at(key)); }
};

void check_url(const Subject& subject) {
  const std::string path = subject.at("base_url");
  if (subject.report.failed(path)) return;
  if (!subject.given("base_url")) {
    subject.report.error(path, "is needed", "for example https://api.openai.com/v1");
    return;
  }
  const UrlResult parsed = parse_url(subject.provider.base_url);
  if (!parsed.fault.empty()) {
    subject.report.error(path, std::string(parsed.fault), "for example https://api.openai.com/v1");
    return;
  }
  if (parsed.url.scheme == "http" && subject.provider.api_key.set() && !is_loopback(parsed.url.host)) {
    subject.report.warning(path, "the key is sent over plain HTTP to another machine", "use https://");
  }
}

void check_key(const Subject& subject, const MissingSecrets& missing) {
  const Provider& provider = subject.provider;
  const std::string path = subject.at("api_key");
  const bool wants_key = subject.given("auth") && (provider.auth == Auth::bearer || provider.auth == Auth::header);
  if (!subject.given("api_key")) {
    if (provider.use == UseWhen::if_key) {
      subject.report.error(subject.at("use"), "`if_key` needs an `api_key`", "for example api_key: ${OPENAI_API_KEY}");
    } else if (wants_key) {
      subject.report.error(subject.at("auth"), "needs an `api_key`", "or `auth: none`");
    }
    return;
  }
  const auto lacking = missing.find(path);
  if (lacking == missing.end() || provider.use == UseWhen::if_key) return;
  // An empty key is fine where the file asked for that: ${NAME:-} without a set variable.
  if (lacking->second == "it is empty" && subject.report.expanded(path) && !wants_key) return;
  subject.report.error(path, lacking->second, "set it, or `use: if_key` to leave the provider out without it");
}

void check_more_keys(const Subject& subject) {
  if (!subject.given("more_api_keys") || subject.given("api_key")) return;
  subject.report.error(subject.at("more_api_keys"), "there is no `api_key` that they would be further to",
                       "move one of them to `api_key`");
}

void check_health(const Subject& subject) {
  const std::string path = subject.at("health.path");
  const std::string& asked = subject.provider.health.path;
  if (asked.empty() || subject.report.failed(path)) return;
  if (asked.front() != '/' || asked.find_first_of("#{} ") != std::string::npos || has_control(asked)) {
    subject.report.error(path, "must be a path that begins with '/'", "for example /models");
  }
}

void check_headers(const Subject& subject) {
  constexpr std::array<std::string_view, 6> ours{"host",       "content-length", "transfer-encoding",
                                                 "connection", "content-type",   "expect"};
  const Provider& provider = subject.provider;
  if (!provider.auth_header.empty() && !is_header_name(provider.auth_header)) {
    subject.report.error(subject.at("auth_header"), "is no header field name", "for example api-key");
  }
  std::vector<std::string> seen;
  for (const auto& [name, value] : provider.headers) {
    const std::string path = subject.at("headers." + printable(name));
    const std::string lowered = to_lower(name);
    if (!is_header_name(name)) subject.report.error(path, "is no header field name");
    if (has_control(value)) subject.report.error(path, "holds a control character or a line break");
    if (std::find(ours.begin(), ours.end(), lowered) != ours.end()) {
      subject.report.error(path, "is set by triaged itself", "remove it");
    }
    const std::string carrier = provider.auth_header.empty() ? "authorization" : to_lower(provider.auth_header);
    if (lowered == carrier && provider.api_key.set() && provider.auth != Auth::none) {
      subject.report.error(path, "carries the key already", "remove it, or set `auth: none`");
    }
    if (std::find(seen.begin(), seen.end(), lowered) != seen.end()) {
      subject.report.error(path, "stands twice, upper and lower case being the same");
    }
    seen.push_back(lowered);
  }
}

void check_paths(const Subject& subject) {
  for (const auto& [name, value] : subject.provider.query) {
    const std::string key = subject.at("query." + printable(name));
    if (name.empty()) subject.report.error(key, "a parameter needs a name");
    if (has_control(name) || has_control(value)) {
      subject.report.error(key, "holds a control character or a line break");
    }
  }
  std::string path = subject.provider.chat_path;
  if (const std::size_t at = path.find("{model}"); at != std::string::npos) path.erase(at, 7);
  const bool good =
      !path.empty() && path.front() == '/' && path.find_first_of("?#{} ") == std::string::npos && !has_control(path);
  if (!good) {
    subject.report.error(subject.at("chat_path"), "must be a path that begins with '/'; use `query` for parameters",
                         "for example /chat/completions");
  }
}

void check_simulated(const Subject& subject) {
  for (const std::string_view key : {"base_url", "api_key", "more_api_keys", "auth", "health", "aws", "token_file",
                                     "token_command", "profile", "native", "on_unsupported"}) {
    if (subject.given(key)) {
      subject.report.error(subject.at(key), "has no meaning for the dialect `simulated`", "remove it");
    }
  }
  if (subject.provider.use == UseWhen::if_key) {
    subject.report.error(subject.at("use"), "a simulated provider has no key", "use `always` or `if_alone`");
  }
}

void check_dialect(const Subject& subject) {
  constexpr std::array<std::string_view, 2> known{"responses", "completions"};
  const Provider& provider = subject.provider;
  for (const std::string& dialect : provider.native) {
    if (std::find(known.begin(), known.end(), dialect) != known.end()) continue;
    subject.report.error(subject.at("native"), "knows `responses` and `completions`, not " +
                                                   subject.report.quoted(subject.at("native"), dialect));
  }
  const bool bedrock = provider.dialect == ProviderDialect::bedrock;
  if (!bedrock && subject.given("aws")) {
    subject.report.error(subject.at("aws"), "is for the dialect `bedrock` only", "remove it");
  }
  if (bedrock && !provider.api_key.set() && provider.aws.access_key_id.empty() && provider.use != UseWhen::if_key) {
    subject.report.error(subject.at("aws.access_key_id"), "is needed, with `secret_access_key`", "or an `api_key`");
  }
  if (bedrock && !provider.aws.access_key_id.empty() && !provider.aws.secret_access_key.set()) {
    subject.report.error(subject.at("aws.secret_access_key"), "is needed where there is an `access_key_id`");
  }
  if (!provider.token_file.empty() && provider.api_key.set()) {
    subject.report.error(subject.at("token_file"), "takes the place of `api_key`", "give one of them");
  }
  if (!provider.token_command.empty() && (provider.api_key.set() || !provider.token_file.empty())) {
    subject.report.error(subject.at("token_command"), "takes the place of `api_key` and `token_file`",
                         "give one of them");
  }
}

bool is_used(const Document& document, std::string_view provider) {
  if (passes_to(document.passthrough, provider)) return true;
  const auto of_provider = [provider](const std::string& target) { return split_target(target).first == provider; };
  if (of_provider(document.routing.semantic.upstream.model)) return true;
  if (std::any_of(document.embeddings.begin(), document.embeddings.end(), of_provider)) return true;
  return std::any_of(document.tiers.begin(), document.tiers.end(), [provider](const TierEntry& tier) {
    return std::any_of(tier.targets.begin(), tier.targets.end(),
                       [provider](const TargetEntry& target) { return split_target(target.target).first == provider; });
  });
}

}  // namespace

void check_providers(const Document& document, const MissingSecrets& missing, const Sources& sources,
                     const std::string& directory, Report& report) {
  if (document.providers.empty() && report.placed("providers") && !report.failed("providers")) {
    report.error("providers", "there is no provider", "describe at least one");
  }
  for (const Provider& provider : document.providers) {
    const Subject subject{provider, "providers." + printable(provider.name), report};
    if (report.failed(subject.path)) continue;
    if (provider.dialect == ProviderDialect::simulated) {
      check_simulated(subject);
    } else {
      check_url(subject);
      check_key(subject, missing);
      check_more_keys(subject);
      check_health(subject);
      check_dialect(subject);
      if (subject.given("simulation")) {
        report.error(subject.at("simulation"), "is for the dialect `simulated` only", "remove it");
      }
    }
    check_headers(subject);
    check_paths(subject);
    const std::string& ca = provider.tls_ca_file;
    if (!ca.empty() && sources.file && !sources.file(resolve_path(directory, ca))) {
      report.error(subject.at("tls.ca"), "the file " + report.quoted(subject.at("tls.ca"), ca) + " cannot be read",
                   "relative paths begin at the folder of the configuration file");
    }
    if (has_control(provider.tls_server_name)) report.error(subject.at("tls.server_name"), "holds a control character");
    if (!document.tiers.empty() && !is_used(document, provider.name)) {
      report.warning(subject.path, "no tier has a target of this provider", "remove it, or add a target");
    }
  }
}

}  // namespace triaged::config
