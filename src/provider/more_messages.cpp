#include "triaged/provider/more_messages.hpp"

#include "triaged/base/text.hpp"

namespace triaged::provider {
namespace {

void move_behind(std::size_t place, std::size_t by, std::vector<chat::ByteRange>& ranges) {
  for (chat::ByteRange& range : ranges) {
    if (range.begin < place) continue;
    range.begin += by;
    range.end += by;
  }
}

}  // namespace

std::string with_messages(chat::Request& request, std::string_view body, std::span<const MoreMessage> more) {
  std::string inserted;
  for (const MoreMessage& message : more) {
    inserted.append(R"(,{"role":")").append(chat::name(message.role)).append(R"(","content":)");
    append_json_string(inserted, message.text);
    inserted.push_back('}');
  }
  const std::size_t place = request.messages_end;
  std::string whole;
  whole.reserve(body.size() + inserted.size());
  whole.append(body.substr(0, place)).append(inserted).append(body.substr(place));
  for (auto* ranges : {&request.model_values, &request.stream_options_values, &request.models_members}) {
    move_behind(place, inserted.size(), *ranges);
  }
  request.messages_end += inserted.size();
  request.body_bytes = whole.size();
  return whole;
}

}  // namespace triaged::provider
