// Cut-offs between a strong and a weak model, from labelled outcomes and the model that is to be used.
#pragma once

#include "triaged/learn/outcome_data.hpp"
#include "triaged/routing/thresholds.hpp"

#include <optional>
#include <span>
#include <vector>

namespace triaged::learn {

struct CalibrationOptions {
  double quality = 0.95;             // share of the strong model's quality to keep
  std::optional<double> extra_cost;  // dollars that a strong answer costs more: for willingness_to_pay
};

// The largest share of weak answers that kept the quality on these rows. An error with fewer than 50 rows, or when the
// data were read with another classifier than the model was trained with.
Result<routing::Thresholds> calibrate(const OutcomeData& data, const std::vector<Pair>& pairs,
                                      const routing::EstimateModel& model, const CalibrationOptions& options);

}  // namespace triaged::learn
