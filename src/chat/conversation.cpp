#include "triaged/chat/conversation.hpp"

#include "triaged/base/text.hpp"

namespace triaged::chat {

JsonString Conversation::keep(std::string_view plain) {
  std::string text;
  append_json_escaped(text, plain);
  const auto& kept = own.emplace_back(std::make_shared<const std::string>(std::move(text)));
  return JsonString{*kept, kept->find('\\') != std::string::npos};
}

JsonText Conversation::keep_json(std::string text) {
  return *own.emplace_back(std::make_shared<const std::string>(std::move(text)));
}

void append_string(std::string& out, const JsonString& string) {
  out.push_back('"');
  out.append(string.raw);
  out.push_back('"');
}

std::string text_of(const std::vector<Part>& parts) {
  std::string text;
  bool first = true;
  for (const Part& part : parts) {
    if (part.kind != PartKind::text) continue;
    if (!first) text.push_back('\n');
    first = false;
    part.text.append_to(text);
  }
  return text;
}

JsonText object_in(Conversation& conversation, const JsonString& string) {
  if (trim(string.raw).empty()) return "{}";
  const JsonText json = string.escaped ? conversation.keep_json(string.resolved()) : string.raw;
  JsonReader reader(json, 512);
  if (reader.peek() == JsonType::object) {
    reader.skip();
    if (reader.at_end()) return json;
  }
  std::string wrapped = R"({"input":)";
  append_string(wrapped, string);
  wrapped.push_back('}');
  return conversation.keep_json(std::move(wrapped));
}

}  // namespace triaged::chat
