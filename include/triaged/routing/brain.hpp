// What decisions rest on besides the request and the settings: models, prices, and what was learned since.
#pragma once

#include "triaged/base/money.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/cost_aware.hpp"
#include "triaged/routing/estimates.hpp"
#include "triaged/routing/outcomes.hpp"
#include "triaged/routing/past_prompts.hpp"
#include "triaged/routing/semantic_routes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::routing {

// Tokens that a request is expected to use.
struct ExpectedUsage {
  std::int64_t input = 0;   // all of it, what is cached included
  std::int64_t cached = 0;  // of the input, read from the provider's prompt cache
  std::int64_t output = 0;  // with the reasoning
};

// What targets cost. Immutable, used by all workers at once.
class Pricing {
 public:
  virtual ~Pricing() = default;
  // None: the target has no price.
  virtual std::optional<NanoDollars> cost(std::size_t target, const ExpectedUsage& usage) const = 0;
  // Of a model that is no target, whoever sells it.
  virtual std::optional<NanoDollars> cost_of(std::string_view model, const ExpectedUsage& usage) const = 0;
};

// One serves all workers; what it points to outlives every decision.
struct Brain {
  // A classifier alone makes decisions by table. NOLINTNEXTLINE(google-explicit-constructor)
  Brain(const Classifier& task) : classifier(task) {}

  const Classifier& classifier;
  const EstimateModel* estimates = nullptr;  // null: no estimates
  const Outcomes* outcomes = nullptr;        // null: the model's estimates as they are
  const SemanticRoutes* routes = nullptr;    // null: no routes by example
  const PastPrompts* past = nullptr;         // null: no outcomes of earlier prompts are known
  const Pricing* pricing = nullptr;          // null: no target has a price
  CostAware cost_aware;
};

}  // namespace triaged::routing
