#include "triaged/provider/more_messages.hpp"

#include "triaged/base/text.hpp"

#include "provider/insertion.hpp"

namespace triaged::provider {

std::string with_messages(chat::Request& request, std::string_view body, std::span<const MoreMessage> more) {
  std::string inserted;
  for (const MoreMessage& message : more) {
    inserted.append(R"(,{"role":")").append(chat::name(message.role)).append(R"(","content":)");
    append_json_string(inserted, message.text);
    inserted.push_back('}');
  }
  return insert(request, body, request.messages_end, inserted);
}

}  // namespace triaged::provider
