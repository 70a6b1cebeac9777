#include "server/pass_rules.hpp"

#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace triaged::server {
namespace {

Error bad_choice(std::string sentence) {
  return client_error(ErrorKind::invalid_request, 400, std::move(sentence), "invalid_provider",
                      std::string(provider_field));
}

Result<std::size_t> named_provider(const config::Settings& settings, std::string_view name) {
  if (!settings.passthrough.by_request) {
    return bad_choice("a request may not name its provider here (passthrough.by_request is off)");
  }
  const std::optional<std::size_t> provider = settings.find_provider(name);
  if (!provider) return bad_choice("there is no provider of the name that x-triaged-provider gives");
  if (settings.providers[*provider].dialect != config::ProviderDialect::openai) {
    return bad_choice("provider " + settings.providers[*provider].name +
                      " does not speak OpenAI's dialect: it cannot be handed this request");
  }
  return *provider;
}

constexpr std::array<std::string_view, 5> kept_back{"set-cookie", "alt-svc", "strict-transport-security",
                                                    "openai-organization", "openai-project"};
constexpr std::string_view own_prefix = "x-triaged-";

bool is_clients(const wire::Headers& upstream, std::string_view name) {
  if (wire::is_hop_by_hop(name) || wire::named_in_connection(upstream, name)) return false;
  if (iequals(name.substr(0, own_prefix.size()), own_prefix)) return false;
  return std::none_of(kept_back.begin(), kept_back.end(),
                      [name](std::string_view other) { return iequals(name, other); });
}

}  // namespace

Result<std::size_t> choose_provider(const config::Settings& settings, config::PassFamily family,
                                    std::string_view method, const wire::Headers& headers) {
  const std::string family_name(config::name(family));
  const config::Passthrough::Way& way = settings.passthrough.way(family);
  if (!way.open) {
    return client_error(ErrorKind::not_found, 404, "this path is closed here (passthrough." + family_name + " is none)",
                        "unknown_url");
  }
  if (method == "POST" && settings.ledger.on_unknown_price == config::OnUnknownPrice::refuse) {
    Error error = gateway_error(ErrorKind::forbidden, 403,
                                "what this request costs is not known, and such requests are refused here "
                                "(ledger.on_unknown_price is refuse)");
    error.code = "unknown_price";
    return error;
  }
  if (const auto name = headers.find(provider_field)) return named_provider(settings, *name);
  if (way.provider) return *way.provider;
  Error error = gateway_error(ErrorKind::no_target, 503,
                              "no provider is configured for this path: set passthrough." + family_name +
                                  " or passthrough.provider to a provider of the dialect openai");
  if (settings.passthrough.by_request) error.detail += ", or name one with the header x-triaged-provider";
  error.code = "no_provider";
  return error;
}

void append_answer_fields(const wire::Headers& upstream, std::string& fields) {
  for (std::size_t i = 0; i < upstream.size(); ++i) {
    const wire::Headers::Field field = upstream[i];
    if (is_clients(upstream, field.name)) wire::append_field(fields, field.name, field.value);
  }
}

}  // namespace triaged::server
