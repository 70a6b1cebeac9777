// One loaded configuration with all that belongs to it. A reload makes the next one; requests keep theirs until they
// end.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/routing/conversations.hpp"
#include "triaged/routing/upstream_routes.hpp"

#include "app/decider.hpp"

#include <memory>

namespace triaged::app {

// Immutable but for what conversations, outcomes and upstream routes learn; shared by all workers.
struct Generation {
  // Errors: a prices, model or thresholds file that cannot be used. `before`: the one that it replaces; null: it is the
  // first.
  static Result<std::shared_ptr<Generation>> load(std::shared_ptr<const config::Settings> settings,
                                                  const Generation* before);

  std::shared_ptr<const config::Settings> settings;
  ledger::PriceBook prices;
  std::unique_ptr<Decider> decider;
  std::unique_ptr<routing::Conversations> conversations;     // null: they are not kept where they are
  std::unique_ptr<routing::UpstreamRoutes> upstream_routes;  // null: no upstream embedder
};

}  // namespace triaged::app
