// The tokens' log probabilities, as OpenAI and those who follow it write them.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/event.hpp"

namespace triaged::provider {

// Adds up an array of objects with a `logprob`, which the reader stands before. One above 0, which none can be, counts
// as 0.
void add_token_probabilities(JsonReader& reader, chat::AnswerDetail& detail);

}  // namespace triaged::provider
