// Anthropic's Messages, as clients speak them.
#pragma once

#include "triaged/api/codec.hpp"

#include "api/answer_writer.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace triaged::api {

Result<chat::Conversation> read_anthropic(std::string_view body);
// Of a body whose tokens are to be counted: it asks for no answer, and so for no number of tokens.
Result<chat::Conversation> read_anthropic_count(std::string_view body);

std::unique_ptr<AnswerWriter> make_anthropic_writer(const ReplyContext& context);

std::string anthropic_error_body(const Error& error);
// The answer of POST /v1/messages/count_tokens.
std::string count_tokens_body(std::int64_t input_tokens);

}  // namespace triaged::api
