// Requests that mean something only to the provider which keeps what they refer to.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/conversation.hpp"

#include <optional>

namespace triaged::api {

// What is wrong with sending it to a target of another dialect: it refers to what only a provider of its own dialect
// keeps. Error: 400.
std::optional<Error> needs_state(const chat::Conversation& conversation);

}  // namespace triaged::api
