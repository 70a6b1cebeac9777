#include "triaged/dispatch/pricing.hpp"

#include <algorithm>

namespace triaged::dispatch {
namespace {

std::optional<NanoDollars> cost_by(const ledger::Price* price, const routing::ExpectedUsage& usage) {
  if (price == nullptr) return std::nullopt;
  chat::Usage expected;
  expected.cached_input = std::clamp<std::int64_t>(usage.cached, 0, usage.input);
  expected.input = usage.input - expected.cached_input;
  expected.output = usage.output;
  expected.certainty = chat::Certainty::estimated;
  return ledger::cost_of(*price, expected);
}

}  // namespace

std::vector<const ledger::Price*> prices_of(const config::Settings& settings, const ledger::PriceBook& book) {
  std::vector<const ledger::Price*> prices;
  prices.reserve(settings.targets.size());
  for (const config::Target& target : settings.targets) {
    prices.push_back(book.find(settings.providers[target.provider].price_provider, target.model));
  }
  return prices;
}

std::optional<NanoDollars> TargetPricing::cost(std::size_t target, const routing::ExpectedUsage& usage) const {
  return target < prices_.size() ? cost_by(prices_[target], usage) : std::nullopt;
}

std::optional<NanoDollars> TargetPricing::cost_of(std::string_view model, const routing::ExpectedUsage& usage) const {
  return cost_by(book_.find_any(model), usage);
}

}  // namespace triaged::dispatch
