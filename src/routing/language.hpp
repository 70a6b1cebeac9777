// Language by script, then by the commonest words.
#pragma once

#include "triaged/routing/features.hpp"

#include "routing/words.hpp"

#include <string_view>

namespace triaged::routing {

Language detect_language(std::string_view text, const Words& words);

}  // namespace triaged::routing
