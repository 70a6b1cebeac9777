#include "app/generation.hpp"

#include <utility>

namespace triaged::app {

Result<std::shared_ptr<Generation>> Generation::load(std::shared_ptr<const config::Settings> settings) {
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
  generation->settings = std::move(settings);
  return generation;
}

}  // namespace triaged::app
