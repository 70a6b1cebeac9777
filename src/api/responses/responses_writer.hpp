// Answers of OpenAI's Responses API, whole and streamed.
#pragma once

#include "api/answer_writer.hpp"

#include <memory>

namespace triaged::api {

std::unique_ptr<AnswerWriter> make_responses_writer(const ReplyContext& context);

// An event of a stream that fails: what OpenAI documents, and its error object besides, which its SDKs look for.
void append_responses_error_event(std::string& out, const Error& error, std::uint64_t number);

}  // namespace triaged::api
