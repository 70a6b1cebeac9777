// Requests to POST /v1/embeddings.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/conversation.hpp"

#include <string_view>

namespace triaged::api {

// The texts to embed become the parts of one turn; a provider gets the body as it came.
Result<chat::Conversation> read_embeddings(std::string_view body);

}  // namespace triaged::api
