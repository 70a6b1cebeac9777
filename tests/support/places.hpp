// Where the parts of a Conversation that a test spelled stood in its client's body: as readers of bodies note it.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace triaged::test {

inline chat::Conversation placed(chat::Conversation conversation) {
  const bool anthropic = conversation.dialect == chat::Dialect::anthropic;
  std::uint32_t message = 0;
  for (chat::Turn& turn : conversation.turns) {
    const bool beside = anthropic && turn.role == chat::Role::system;
    for (std::size_t i = 0; i < turn.parts.size(); ++i) {
      chat::Place& place = turn.parts[i].place;
      if (!beside) place.turn = message;
      place.part = static_cast<std::uint32_t>(i);
      std::uint32_t inner = 0;
      for (chat::Part& part : turn.parts[i].content) part.place.part = inner++;
    }
    if (!beside) ++message;
  }
  for (std::size_t i = 0; i < conversation.tools.size(); ++i) {
    conversation.tools[i].path = "tools[" + std::to_string(i) + "]";
  }
  return conversation;
}

}  // namespace triaged::test
