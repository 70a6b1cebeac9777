// Outcomes as past prompts: the rows of outcome_data.hpp's files with their texts, and scores by target.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/past_prompts.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct PastOutcomes {
  std::vector<routing::PastPrompt> rows;       // every row of the files, in order
  std::size_t scored = 0;                      // rows that know a target
  std::map<std::string, std::size_t> unknown;  // models that are no target, and in how many rows they stand
};

// The targets that a model's name means; asked once for each name.
using TargetsOfModel = std::function<std::vector<std::size_t>(std::string_view)>;

// The score of a target is the mean of those of the names that mean it. Errors name file and line.
Result<PastOutcomes> read_past_outcomes(const std::vector<std::string>& paths, std::size_t targets,
                                        const TargetsOfModel& targets_of);

}  // namespace triaged::learn
