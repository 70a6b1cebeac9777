// Whose tokenizer counts a request before anything is decided about it.
#pragma once

#include "triaged/base/tokens.hpp"
#include "triaged/config/settings.hpp"

#include <string_view>

namespace triaged::routing {

// Of the target or tier that `model` names, or of the model that it is the name of; else that of the default tier.
Tokenizer tokenizer_for(std::string_view model, const config::Settings& settings);

}  // namespace triaged::routing
