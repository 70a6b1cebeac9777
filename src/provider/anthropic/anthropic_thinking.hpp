// How much an Anthropic model is told to think, and how many tokens it gets: one decision, because thoughts are paid
// out of the same limit.
#pragma once

#include "triaged/chat/conversation.hpp"

#include "provider/anthropic/anthropic_model.hpp"

#include <cstdint>
#include <string>

namespace triaged::provider {

struct AnthropicAsked {
  bool forces_tool = false;             // then no model may think
  bool in_unthought_tool_loop = false;  // then no model may think by budget: it would have begun with a thought
  std::int64_t max_output = 0;          // of the target; 0: unknown
};

struct AnthropicThought {
  std::int64_t max_tokens = 0;
  std::string thinking;  // the member, as JSON; "" none
  std::string effort;    // "" none
  bool on = false;       // asked to think
  bool told = true;      // the model is told what the client asked for, or the nearest that there is
};

AnthropicThought anthropic_thought(const chat::Conversation& conversation, const AnthropicModel& model,
                                   const AnthropicAsked& asked);

}  // namespace triaged::provider
