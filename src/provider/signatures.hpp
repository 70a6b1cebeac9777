// Whose proof a thought carries. Clients give all of a history to whoever answers next, and a maker refuses proofs that
// are not its own.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <string_view>

namespace triaged::provider {

// A signature of Google's, on its way through a client that gives it back in its history, begins with this: so that it
// is sent to no other maker's model, and no other maker's to Google's.
inline constexpr std::string_view gemini_signature_mark = "gemini.";

// Was it Anthropic's models that proved, or encrypted, this thought in a client's history?
inline bool proved_by_anthropic(const chat::Part& part) {
  const bool thought = part.kind == chat::PartKind::thinking || part.kind == chat::PartKind::hidden_thinking;
  return thought && !part.signature.empty() && !part.signature.raw.starts_with(gemini_signature_mark);
}

}  // namespace triaged::provider
