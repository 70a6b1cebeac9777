// What the configured targets cost, by the price book.
#pragma once

#include "triaged/config/settings.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/routing/brain.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace triaged::dispatch {

// By target; null where the book does not know it. `book` outlives them.
std::vector<const ledger::Price*> prices_of(const config::Settings& settings, const ledger::PriceBook& book);

class TargetPricing final : public routing::Pricing {
 public:
  // `book` outlives it.
  TargetPricing(const config::Settings& settings, const ledger::PriceBook& book)
      : book_(book), prices_(prices_of(settings, book)) {}
  std::optional<NanoDollars> cost(std::size_t target, const routing::ExpectedUsage& usage) const override;
  std::optional<NanoDollars> cost_of(std::string_view model, const routing::ExpectedUsage& usage) const override;

 private:
  const ledger::PriceBook& book_;
  std::vector<const ledger::Price*> prices_;
};

}  // namespace triaged::dispatch
