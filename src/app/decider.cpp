#include "app/decider.hpp"

#include "triaged/base/embedded.hpp"
#include "triaged/routing/thresholds.hpp"

#include "app/files.hpp"
#include "app/models.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace triaged::app {

namespace {

bool needs_estimates(const config::Routing& routing) {
  const auto& all = routing.strategies;
  return !routing.cost_aware.model_file.empty() ||
         std::find(all.begin(), all.end(), config::Strategy::cost_aware) != all.end();
}

}  // namespace

Decider::Decider(const config::Settings& settings, const ledger::PriceBook& prices,
                 std::unique_ptr<routing::Classifier> classifier)
    : classifier_(std::move(classifier)), pricing_(settings, prices), brain_(*classifier_) {
  brain_.pricing = &pricing_;
  brain_.cost_aware.quality_floor = settings.routing.cost_aware.quality_floor;
  if (settings.routing.cost_aware.willingness_to_pay > 0) {
    brain_.cost_aware.willingness_to_pay = settings.routing.cost_aware.willingness_to_pay;
  }
}

Result<std::unique_ptr<Decider>> Decider::load(const config::Settings& settings, const ledger::PriceBook& prices) {
  Result<std::unique_ptr<routing::Classifier>> classifier = load_classifier(settings.routing.classifier);
  if (!classifier) return classifier.error();
  std::unique_ptr<Decider> decider(new Decider(settings, prices, std::move(*classifier)));
  if (Result<void> added = decider->add_estimates(settings); !added) return added.error();
  if (Result<void> added = decider->add_routes(settings.routing.semantic); !added) return added.error();
  if (Result<void> added = decider->add_past(settings); !added) return added.error();
  return decider;
}

Result<void> Decider::add_estimates(const config::Settings& settings) {
  const config::CostAware& options = settings.routing.cost_aware;
  auto model = load_estimates(options.model_file);
  if (!model) return model.error();
  if ((*model)->classifier() != classifier_->version()) {
    // Estimates read what the classifier says: those of another one would be guesses.
    if (!needs_estimates(settings.routing)) return {};
    return gateway_error(ErrorKind::storage, 500,
                         (options.model_file.empty() ? std::string("the built-in outcome model") : options.model_file) +
                             " was trained with the classifier " + (*model)->classifier() + ", but " +
                             std::string(classifier_->version()) +
                             " is in use: train it again with `triaged train outcomes --classifier`, or remove "
                             "routing.classifier.model");
  }
  estimates_ = std::move(*model);
  if (!options.thresholds_file.empty()) {
    const Result<std::string> yaml = read_file(options.thresholds_file);
    if (!yaml) return yaml.error();
    const auto thresholds = routing::parse_thresholds(*yaml, *estimates_, options.thresholds_file);
    if (!thresholds) return thresholds.error();
    brain_.cost_aware = {thresholds->quality_floor, thresholds->willingness_to_pay};
  }
  routing::Outcomes::Options memory;
  memory.prior_weight = estimates_->prior_weight();
  outcomes_ = std::make_unique<routing::Outcomes>(settings.tiers.size(), memory);
  brain_.estimates = estimates_.get();
  brain_.outcomes = outcomes_.get();
  return {};
}

// Without routes the table of the embedder stays where it is: on disk.
Result<void> Decider::add_routes(const config::Semantic& settings) {
  if (settings.routes.empty()) return {};
  auto embedder = routing::built_in_embedder();
  if (!embedder) return embedder.error();
  auto routes = routing::SemanticRoutes::make(settings, std::move(*embedder));
  if (!routes) return routes.error();
  routes_ = std::move(*routes);
  brain_.routes = routes_.get();
  return {};
}

Result<void> Decider::add_past(const config::Settings& settings) {
  if (!settings.routing.semantic.past) return {};
  Result<Past> past = load_past(*settings.routing.semantic.past, settings);
  if (!past) return past.error();
  past_ = *std::move(past);
  brain_.past = past_.prompts->size() > 0 ? past_.prompts.get() : nullptr;
  return {};
}

Result<ledger::PriceBook> load_prices(const config::Ledger& settings) {
  if (settings.prices_file.empty()) return ledger::PriceBook::parse(embedded_prices());
  const Result<std::string> text = read_file(settings.prices_file);
  if (!text) return text.error();
  Result<ledger::PriceBook> book = ledger::PriceBook::parse(*text);
  if (!book) return gateway_error(ErrorKind::storage, 500, settings.prices_file + ": " + book.error().detail);
  return book;
}

}  // namespace triaged::app
