// Google's usageMetadata.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/usage.hpp"

#include <optional>

namespace triaged::provider {

// Reads the value at the cursor. Nothing where it has no figures.
std::optional<chat::Usage> read_gemini_usage(JsonReader& reader);

}  // namespace triaged::provider
