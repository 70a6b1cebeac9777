#include "provider/openai/insertion.hpp"

namespace triaged::provider {

std::string insert(chat::Request& request, std::string_view body, std::size_t place, std::string_view text) {
  std::string whole;
  whole.reserve(body.size() + text.size());
  whole.append(body.substr(0, place)).append(text).append(body.substr(place));
  for (auto* ranges : {&request.model_values, &request.stream_options_values, &request.models_members}) {
    for (chat::ByteRange& range : *ranges) {
      if (range.begin < place) continue;
      range.begin += text.size();
      range.end += text.size();
    }
  }
  if (request.messages_end >= place) request.messages_end += text.size();
  request.body_bytes = whole.size();
  return whole;
}

}  // namespace triaged::provider
