// A Conversation written as a body of OpenAI's chat completions.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/conversation.hpp"

#include "provider/openai/openai_profiles.hpp"
#include "provider/unsaid.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

struct WrittenChat {
  std::string body;
  std::vector<std::string> dropped;  // by the names of the client's dialect
};

WrittenChat write_openai_chat(const chat::Conversation& conversation, std::string_view model, config::Profile profile);

// The word of effort for a number of tokens to think.
std::string_view effort_of_budget(std::int64_t tokens);

// The turns as messages: `"messages":[...]`.
void append_messages(std::string& out, const chat::Conversation& conversation, const OpenAiProfile& profile,
                     Unsaid& unsaid);

}  // namespace triaged::provider
