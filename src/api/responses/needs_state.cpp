#include "api/responses/needs_state.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::api {
namespace {

constexpr std::array<std::string_view, 3> stateful_members{"previous_response_id", "conversation", "prompt"};
// Encrypted history, or items that are known by their id only.
constexpr std::array<std::string_view, 4> stateful_items{"item_reference", "compaction", "compaction_summary",
                                                         "context_compaction"};

Error refusal(std::string_view what, std::string param) {
  std::string sentence(what);
  sentence.append(" needs a target that keeps state: pin one that speaks the Responses API itself.");
  return client_error(ErrorKind::invalid_request, 400, std::move(sentence), "unsupported_parameter", std::move(param));
}

}  // namespace

std::optional<Error> needs_state(const chat::Conversation& conversation) {
  if (conversation.dialect != chat::Dialect::openai_responses) return {};
  for (const chat::Member& member : conversation.others) {
    for (const std::string_view name : stateful_members) {
      if (member.name.equals(name)) return refusal(name, std::string(name));
    }
  }
  for (const chat::Turn& turn : conversation.turns) {
    for (const chat::Part& part : turn.parts) {
      if (part.kind != chat::PartKind::foreign) continue;
      for (const std::string_view type : stateful_items) {
        if (part.name.equals(type)) return refusal("An input item of type " + std::string(type), "input");
      }
    }
  }
  return {};
}

}  // namespace triaged::api
