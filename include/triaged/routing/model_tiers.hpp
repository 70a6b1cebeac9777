// Which tiers a model's name belongs to, for data that know models and not tiers.
#pragma once

#include "triaged/config/settings.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace triaged::routing {

// The tiers, in order, whose targets the name fits best: "provider/model" in full; else the model's name alone; else
// either without what its end says of its version, on both sides. Empty: no target has that model.
std::vector<std::size_t> tiers_of_model(std::string_view model, const config::Settings& settings);

}  // namespace triaged::routing
