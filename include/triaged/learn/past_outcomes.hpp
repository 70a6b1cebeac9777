// Outcomes as past prompts: the rows of outcome_data.hpp's files with their texts, and scores by tier.
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
  std::size_t scored = 0;                      // rows that know a tier
  std::map<std::string, std::size_t> unknown;  // models that belong to no tier, and in how many rows they stand
};

// The tiers that a model belongs to; asked once for each name.
using TiersOfModel = std::function<std::vector<std::size_t>(std::string_view)>;

// The score of a tier is the mean of those of its models. Errors name file and line.
Result<PastOutcomes> read_past_outcomes(const std::vector<std::string>& paths, std::size_t tiers,
                                        const TiersOfModel& tiers_of);

}  // namespace triaged::learn
