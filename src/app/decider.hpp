// All that decisions rest on, loaded and tied together for one configuration.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/dispatch/pricing.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/routing/brain.hpp"

#include "app/past.hpp"

#include <memory>

namespace triaged::app {

class Decider {
 public:
  // Errors: a file of models, thresholds or past prompts that cannot be read, is damaged, or belongs to another model.
  static Result<std::unique_ptr<Decider>> load(const config::Settings& settings, const ledger::PriceBook& prices);
  const routing::Brain& brain() const { return brain_; }
  const Past& past() const { return past_; }  // without prompts where none are configured

 private:
  Decider(const config::Settings& settings, const ledger::PriceBook& prices,
          std::unique_ptr<routing::Classifier> classifier);
  Result<void> add_estimates(const config::Settings& settings);
  Result<void> add_routes(const config::Semantic& settings);
  Result<void> add_past(const config::Settings& settings);

  std::unique_ptr<routing::Classifier> classifier_;
  std::shared_ptr<const routing::EstimateModel> estimates_;
  std::unique_ptr<routing::Outcomes> outcomes_;
  std::shared_ptr<const routing::SemanticRoutes> routes_;
  Past past_;
  dispatch::TargetPricing pricing_;
  routing::Brain brain_;
};

// The configured prices file, or the built-in book.
Result<ledger::PriceBook> load_prices(const config::Ledger& settings);

}  // namespace triaged::app
