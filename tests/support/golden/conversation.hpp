// A chat::Conversation as JSON, and back: golden files state it so. Members are named, nested and ordered as in
// chat/conversation.hpp, where they are explained; those that have their default are left out. A part that is nothing
// but text is that text. Where parts stand in the client's body is not told.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <nlohmann/json.hpp>

namespace triaged::test {

using Json = nlohmann::ordered_json;

Json to_json(chat::Conversation conversation);

// Throws where the JSON has a member or a name that there is not. Parts get the places that they would have in a body
// of the dialect's own form.
chat::Conversation conversation_of(const Json& json);

}  // namespace triaged::test
