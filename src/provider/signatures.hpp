// Whose proof a thought carries. Clients give all of a history to whoever answers next, and a maker refuses proofs that
// are not its own.
#pragma once

#include "triaged/chat/carried_thoughts.hpp"
#include "triaged/chat/conversation.hpp"

namespace triaged::provider {

using chat::gemini_signature_mark;

// Was it Anthropic's models that proved, or encrypted, this thought in a client's history?
inline bool proved_by_anthropic(const chat::Part& part) {
  const bool thought = part.kind == chat::PartKind::thinking || part.kind == chat::PartKind::hidden_thinking;
  return thought && !part.signature.empty() && !part.signature.raw.starts_with(gemini_signature_mark);
}

}  // namespace triaged::provider
