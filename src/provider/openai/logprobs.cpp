#include "triaged/provider/logprobs.hpp"

#include "triaged/base/json.hpp"
#include "triaged/chat/conversation.hpp"

#include "provider/openai/insertion.hpp"

#include <memory>
#include <utility>

namespace triaged::provider {
namespace {

constexpr std::string_view member = R"("logprobs":true,)";

// Copies up to the value at the cursor, writes null for it, and goes on behind it.
void write_null(JsonReader& reader, std::string_view raw, std::size_t& copied, std::string& out) {
  const std::size_t begin = reader.value_position();
  const std::string_view value = reader.skip();
  out.append(raw.substr(copied, begin - copied)).append("null");
  copied = begin + value.size();
}

void clean_choice(JsonReader& reader, std::string_view raw, std::size_t& copied, std::string& out) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("logprobs"))
      write_null(reader, raw, copied, out);
    else
      reader.skip();
  }
}

}  // namespace

std::string with_logprobs(chat::Request& request, std::string_view body) {
  if (request.conversation) {
    auto asking = std::make_shared<chat::Conversation>(*request.conversation);
    asking->logprobs = true;
    request.conversation = std::move(asking);
  }
  if (request.dialect != chat::Dialect::openai_chat) return std::string(body);
  return insert(request, body, request.object_begin, member);
}

std::string_view without_logprobs(std::string_view raw, std::string& out) {
  out.clear();
  JsonReader reader(raw, 256);
  if (reader.peek() != JsonType::object) return raw;
  std::size_t copied = 0;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (!key.equals("choices") || reader.peek() != JsonType::array) {
      reader.skip();
      continue;
    }
    reader.enter_array();
    while (reader.next_element()) clean_choice(reader, raw, copied, out);
  }
  if (!reader.ok() || copied == 0) return raw;
  out.append(raw.substr(copied));
  return out;
}

}  // namespace triaged::provider
