// How what only the maker of a thought can read travels through clients of other dialects. With it a model takes up its
// thought again where a tool was called in between. Clients of the Responses API have it as `encrypted_content` of its
// item, behind a mark, which tells it from OpenAI's own; those of chat completions as `reasoning_details`.
#pragma once

#include <string_view>

namespace triaged::chat {

inline constexpr std::string_view carried_mark = "triaged.";                    // what both begin with
inline constexpr std::string_view carried_proof_mark = "triaged.proof.";        // DeltaKind::signature
inline constexpr std::string_view carried_thought_mark = "triaged.encrypted.";  // DeltaKind::hidden_thinking

// A signature of Google's, on its way through a client that gives it back in its history, begins with this: so that it
// is sent to no other maker's model, and no other maker's to Google's.
inline constexpr std::string_view gemini_signature_mark = "gemini.";

}  // namespace triaged::chat
