// Cut-offs found by `triaged calibrate`. They mean nothing beside another model, so the file names the one they are of.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/estimates.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::routing {

struct Thresholds {
  std::string model;         // EstimateModel::version()
  std::size_t rows = 0;      // labelled outcomes behind it
  double quality = 0;        // share of the strong model's quality that was asked for
  double quality_floor = 0;  // for cost_aware, with lower bounds as Outcomes gives them before any outcome
  double gain_cutoff = 0;    // the strong model where Outlook::gain is above
  double strong_share = 0;   // share of requests that it then gets
  std::optional<double> willingness_to_pay;  // dollars per answer of full quality
};

std::string thresholds_yaml(const Thresholds& thresholds);
// Errors begin with `origin` (a file name): a line that is wrong, something missing, thresholds of another model.
Result<Thresholds> parse_thresholds(std::string_view yaml, const EstimateModel& model, std::string_view origin);

}  // namespace triaged::routing
