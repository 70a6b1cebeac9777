// What `cost_aware` saves among several priced models, five-fold: each prompt is decided by estimates and expected
// costs from the other folds, and pays what its answer really cost.
#pragma once

#include "triaged/learn/outcome_data.hpp"
#include "triaged/learn/router_metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct PricedRow {
  std::size_t example = 0;      // index into OutcomeData::examples
  std::vector<double> dollars;  // of each model's answer
};

struct PricedOutcomes {
  std::vector<std::size_t> models;  // indices into OutcomeData::models
  std::vector<PricedRow> rows;      // each with outcomes and costs of all these models
};

struct CostTraining {
  std::uint64_t seed = 1;
  double dense_penalty = 100;  // of each model's distance from what all share; a tenth of it on what they share
  double text_penalty = 100;
  double prune_margin = 0.0;  // a model is dropped unless it is better than cheaper mixes by this much
  unsigned steps = 25;
};

inline constexpr std::array saving_shares{0.95, 0.99, 1.0};  // of the best model's quality

struct Saving {
  std::optional<double> router;      // percent of the best model's cost; none: that quality is not reached
  std::optional<Interval> interval;  // 95 %, if nearly all resamples reach it
  std::optional<double> mix;         // of single models at random
  std::optional<double> oracle;      // who knows each outcome and cost
};

struct CostReport {
  struct Model {
    std::string name;
    double quality = 0;
    double dollars = 0;    // mean
    std::size_t kept = 0;  // folds in which it was not dominated
  };
  std::size_t rows = 0;
  std::vector<Model> models;  // cheapest first
  std::size_t best = 0;       // index of the model of highest quality
  std::array<Saving, saving_shares.size()> savings{};
};

CostReport evaluate_costs(const OutcomeData& data, const PricedOutcomes& outcomes, const CostTraining& options,
                          const std::function<void(std::string_view)>& progress);
std::string report_json(const CostReport& report);
std::string report_text(const CostReport& report);

}  // namespace triaged::learn
