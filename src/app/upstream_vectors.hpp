// The vectors of many texts from the upstream embedder of a configuration, without a daemon.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/embedder.hpp"

#include <memory>
#include <string>
#include <vector>

namespace triaged::app {

// They cost what the provider takes for them; no ledger is written. Errors: no upstream embedder is configured, its
// provider is the simulated one, or it failed too often in a row.
Result<std::shared_ptr<const routing::Embedder>> fetch_vectors(std::shared_ptr<const config::Settings> settings,
                                                               const std::vector<std::string>& texts);

}  // namespace triaged::app
