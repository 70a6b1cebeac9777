// Usage as OpenAI's completions tell it.
#pragma once

#include "triaged/chat/usage.hpp"

#include <string>

namespace triaged::api {

// The object: overlapping counts, made of the disjoint classes. What a cache was given is not one of OpenAI's counts;
// it stands under the name that gateways use, where there is any.
void append_openai_usage(std::string& out, const chat::Usage& usage);

}  // namespace triaged::api
