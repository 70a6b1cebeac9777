// A conversation as a request of Anthropic's Messages API.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/config/settings.hpp"

#include <string>
#include <vector>

namespace triaged::provider {

struct AnthropicBody {
  std::string members;               // all but `model`, without the braces around them
  std::vector<std::string> dropped;  // what the target cannot be told, by the client's names
};

// `size`: about how long it will be.
AnthropicBody write_anthropic(const chat::Conversation& conversation, const config::Target& target,
                              std::size_t size = 0);

}  // namespace triaged::provider
