// Amazon's usage.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/usage.hpp"

#include <optional>

namespace triaged::provider {

// Reads the value at the cursor. Nothing where it has no figures.
std::optional<chat::Usage> read_bedrock_usage(JsonReader& reader);

}  // namespace triaged::provider
