// The tokens' probabilities, asked for on the gateway's own account and taken out of the answer again.
#pragma once

#include "triaged/chat/request.hpp"

#include <string>
#include <string_view>

namespace triaged::provider {

// The body with `"logprobs":true` as its first member. `request`, which was decoded from `body`, is changed to describe
// it. For requests whose client did not ask (Request::wants_logprobs).
std::string with_logprobs(chat::Request& request, std::string_view body);

// A whole answer or an event with `null` for each choice's probabilities, as where nobody asked; written to `out`,
// which is used again. What is no JSON stays as it is.
std::string_view without_logprobs(std::string_view raw, std::string& out);

}  // namespace triaged::provider
