// The members of a row of outcomes, as all who read such files take them. Errors go behind file and line.
#pragma once

#include "triaged/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::learn {

// A view into the row.
Result<std::string_view> prompt_of(const nlohmann::json& row);

const nlohmann::json& scores_of(const nlohmann::json& row);  // null where there are none

// What is null is left out; true is 1. An error: no object, or what is no number from 0 to `most`.
using NumbersByModel = std::vector<std::pair<std::string, float>>;
Result<NumbersByModel> numbers_by_model(const nlohmann::json& object, const std::string& what, double most);

}  // namespace triaged::learn
