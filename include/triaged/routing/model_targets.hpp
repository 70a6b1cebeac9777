// Which targets a model's name means, for data that know models and not targets.
#pragma once

#include "triaged/config/settings.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace triaged::routing {

// The targets of tiers that the name fits best, in rising order: "provider/model" in full; else the model's name alone;
// else either without what its end says of its version, on both sides. Empty: no tier has that model.
std::vector<std::size_t> targets_of_model(std::string_view model, const config::Settings& settings);

}  // namespace triaged::routing
