#include "config/check.hpp"

namespace triaged::config {

std::pair<std::string_view, std::string_view> split_target(std::string_view target) {
  const std::size_t slash = target.find('/');
  if (slash == std::string_view::npos) return {};
  return {target.substr(0, slash), target.substr(slash + 1)};
}

bool lacks_key(const Provider& provider, const MissingSecrets& missing) {
  return provider.use == UseWhen::if_key && missing.count("providers." + provider.name + ".api_key") > 0;
}

void check(const Document& document, const MissingSecrets& missing, const Sources& sources,
           const std::string& directory, Report& report) {
  check_server(document, sources, directory, report);
  check_providers(document, missing, sources, directory, report);
  check_tiers(document, report);
  check_semantic(document, report);
  check_quality(document, report);
  check_embeddings(document, report);
  check_passthrough(document, report);
  check_routing(document, report);
}

}  // namespace triaged::config
