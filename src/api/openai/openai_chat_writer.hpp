// Answers as OpenAI's chat completions.
#pragma once

#include "api/answer_writer.hpp"

#include <memory>

namespace triaged::api {

std::unique_ptr<AnswerWriter> make_openai_chat_writer(const ReplyContext& context);

}  // namespace triaged::api
