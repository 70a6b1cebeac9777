// Answers of OpenAI's Responses API as steps.
#pragma once

#include "triaged/chat/delta.hpp"

#include <memory>

namespace triaged::provider {

std::unique_ptr<chat::AnswerReader> make_responses_reader();

}  // namespace triaged::provider
