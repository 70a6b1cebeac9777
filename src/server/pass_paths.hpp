// The endpoints whose requests are handed to a provider unread.
#pragma once

#include "triaged/config/passthrough.hpp"

#include <optional>
#include <string_view>

namespace triaged::server {

struct PassPath {
  config::PassFamily family = config::PassFamily::audio;
  std::string_view name;     // for logs, metrics and the ledger
  std::string_view methods;  // "GET, POST"
};

// `path` is without `/v1` and query. The ids in it are those that providers give: letters, digits and . _ ~ - only, so
// that nothing leads out of the endpoint.
std::optional<PassPath> find_pass_path(std::string_view path);

}  // namespace triaged::server
