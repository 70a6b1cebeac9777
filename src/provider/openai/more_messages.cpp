#include "triaged/provider/more_messages.hpp"

#include "triaged/base/text.hpp"
#include "triaged/chat/conversation.hpp"

#include "provider/openai/insertion.hpp"

#include <memory>
#include <utility>

namespace triaged::provider {

std::string with_messages(chat::Request& request, std::string_view body, std::span<const MoreMessage> more) {
  if (request.conversation) {
    auto longer = std::make_shared<chat::Conversation>(*request.conversation);
    for (const MoreMessage& message : more) {
      chat::Part part;
      part.text = longer->keep(message.text);
      chat::Turn& turn = longer->turns.emplace_back();
      turn.role = message.role;
      turn.parts.push_back(std::move(part));
    }
    request.conversation = std::move(longer);
  }
  if (request.messages_end == 0) return std::string(body);
  std::string inserted;
  for (const MoreMessage& message : more) {
    inserted.append(R"(,{"role":")").append(chat::name(message.role)).append(R"(","content":)");
    append_json_string(inserted, message.text);
    inserted.push_back('}');
  }
  return insert(request, body, request.messages_end, inserted);
}

}  // namespace triaged::provider
