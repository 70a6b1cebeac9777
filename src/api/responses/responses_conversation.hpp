// Requests to OpenAI's Responses API.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/conversation.hpp"

#include <string_view>

namespace triaged::api {

// Reads a body whose UTF-8 is valid. The body outlives the result.
Result<chat::Conversation> read_responses(std::string_view body);

}  // namespace triaged::api
