// A client's request with messages of the gateway's own behind its last one; everything else stays as it came.
#pragma once

#include "triaged/chat/request.hpp"

#include <span>
#include <string>
#include <string_view>

namespace triaged::provider {

struct MoreMessage {
  chat::Role role = chat::Role::user;
  std::string_view text;
};

// The new body. `request`, which was decoded from `body`, is changed to describe it: what stands behind the insertion
// has moved.
std::string with_messages(chat::Request& request, std::string_view body, std::span<const MoreMessage> more);

}  // namespace triaged::provider
