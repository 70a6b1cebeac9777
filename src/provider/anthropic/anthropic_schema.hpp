// JSON schemas as Anthropic takes them for structured outputs: a subset, in which every object is closed.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <string>
#include <vector>

namespace triaged::provider {

// The schema with every object closed and without the keywords that would be refused. Where they stood is added to
// `cut`, of each keyword the first place: "properties.city.maxLength".
std::string anthropic_schema(chat::JsonText schema, std::vector<std::string>& cut);

}  // namespace triaged::provider
