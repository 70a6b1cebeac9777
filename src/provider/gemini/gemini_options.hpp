// How Google's models shall answer.
#pragma once

#include "provider/gemini/gemini.hpp"
#include "provider/json_out.hpp"
#include "provider/unsaid.hpp"

namespace triaged::provider {

// Appends generationConfig, safetySettings and serviceTier; what cannot be said goes to `unsaid`.
void write_gemini_options(const chat::Conversation& conversation, GeminiModel model, JsonObject& body, Unsaid& unsaid);

}  // namespace triaged::provider
