// Putting text of the gateway's own into a client's body.
#pragma once

#include "triaged/chat/request.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace triaged::provider {

// The body with `text` before its byte `place`. `request`, which was decoded from `body`, is changed to describe it:
// what stands behind the place has moved.
std::string insert(chat::Request& request, std::string_view body, std::size_t place, std::string_view text);

}  // namespace triaged::provider
