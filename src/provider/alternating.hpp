// A conversation for dialects in which the user and the model speak in turn: whatever a client sent, the two sides
// alternate, the user begins and has the last word, and each call is followed by its result.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace triaged::provider {

struct Piece {
  const chat::Part* part = nullptr;
  const chat::Part* call = nullptr;  // of a result: the call that it answers
  std::size_t turn = 0;              // where it stands in the conversation
  std::size_t index = 0;
};

struct Side {
  bool model = false;
  std::vector<Piece> pieces;  // results first, in the order of their calls
};

struct Alternating {
  // All instructions, from wherever they stood: what holds for the whole conversation is told once, in front of it.
  std::vector<Piece> system;
  std::vector<Side> sides;
};

// Points into the conversation, which outlives the result. Parts without content are left out. A call without a result
// is given one that says so; a result without a call becomes text of the user's. Where the model had the last word the
// user asks it to go on from there.
Alternating alternate(const chat::Conversation& conversation);

// Nothing, or nothing but white space.
bool is_blank(const JsonString& text);

}  // namespace triaged::provider
