#include "app/generation.hpp"

#include <utility>

namespace triaged::app {

namespace {

const config::Provider& embedding_provider(const config::Settings& settings) {
  return settings.providers[settings.targets[settings.routing.semantic.upstream->target].provider];
}

// A name may lead somewhere else now; the embedder itself is compared by who uses its vectors.
std::shared_ptr<const routing::SemanticRoutes> known_routes(const Generation* before,
                                                            const config::Settings& settings) {
  if (before == nullptr || !before->upstream_routes) return nullptr;
  const config::Provider& then = embedding_provider(*before->settings);
  const config::Provider& now = embedding_provider(settings);
  if (then.base_url != now.base_url || then.simulation != now.simulation) return nullptr;
  return before->upstream_routes->find();
}

}  // namespace

Result<std::shared_ptr<Generation>> Generation::load(std::shared_ptr<const config::Settings> settings,
                                                     const Generation* before) {
  auto generation = std::make_shared<Generation>();
  Result<ledger::PriceBook> book = load_prices(settings->ledger);
  if (!book) return book.error();
  generation->prices = std::move(*book);
  Result<std::unique_ptr<Decider>> decider = Decider::load(*settings, generation->prices);
  if (!decider) return decider.error();
  generation->decider = std::move(*decider);
  const config::Conversations& conversations = settings->routing.conversations;
  if (conversations.sticky) {
    generation->conversations = std::make_unique<routing::Conversations>(conversations.memory);
  }
  if (settings->routing.semantic.upstream) {
    generation->upstream_routes = std::make_unique<routing::UpstreamRoutes>(known_routes(before, *settings));
  }
  generation->settings = std::move(settings);
  return generation;
}

}  // namespace triaged::app
