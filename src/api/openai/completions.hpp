// OpenAI's completions, the dialect before chat: one prompt, one text.
#pragma once

#include "triaged/chat/conversation.hpp"

#include "api/answer_writer.hpp"

#include <memory>
#include <string_view>

namespace triaged::api {

// The prompt as the user's only turn. What cannot be told so (prompts as tokens, several prompts) is for providers that
// speak this dialect themselves, and marked `native_only`.
Result<chat::Conversation> read_completions(std::string_view body);
std::unique_ptr<AnswerWriter> make_completions_writer(const ReplyContext& context);

}  // namespace triaged::api
