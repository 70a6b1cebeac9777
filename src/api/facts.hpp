// What routing wants to know of a request that was read into a Conversation, and where its body is spliced.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <string_view>

namespace triaged::api {

// `body`: what the conversation was read from.
chat::Request facts_of(const chat::Conversation& conversation, std::string_view body);

}  // namespace triaged::api
