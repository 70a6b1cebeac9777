// How Bedrock's models shall answer.
#pragma once

#include "provider/alternating.hpp"
#include "provider/bedrock/bedrock.hpp"
#include "provider/json_out.hpp"
#include "provider/unsaid.hpp"

namespace triaged::provider {

// Shall the model think? Claude's refuse to where the history that they have to go on from holds no proof of the
// thoughts that led to its calls, and where a tool has to be called.
bool bedrock_thinks(const chat::Conversation& conversation, BedrockModel model, const Alternating& sides);

// Appends inferenceConfig, additionalModelRequestFields and what else there is; what cannot be said goes to `unsaid`.
void write_bedrock_options(const chat::Conversation& conversation, BedrockModel model, bool thinks, JsonObject& body,
                           Unsaid& unsaid);

}  // namespace triaged::provider
