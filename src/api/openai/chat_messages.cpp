// The messages of a chat request.
#include "api/openai/chat_reading.hpp"

#include <algorithm>
#include <array>

namespace triaged::api {
namespace {

std::string path(std::size_t index, std::string_view field) {
  std::string param = "messages[" + std::to_string(index) + "]";
  if (!field.empty()) param.append(".").append(field);
  return param;
}

std::optional<chat::Role> find_role(const JsonString& name) {
  static constexpr std::array<std::pair<std::string_view, chat::Role>, 6> roles{{{"user", chat::Role::user},
                                                                                 {"assistant", chat::Role::assistant},
                                                                                 {"system", chat::Role::system},
                                                                                 {"developer", chat::Role::system},
                                                                                 {"tool", chat::Role::tool},
                                                                                 {"function", chat::Role::tool}}};
  for (const auto& [text, role] : roles) {
    if (name.equals(text)) return role;
  }
  return {};
}

// At most 40 bytes, not cut inside a character.
std::string_view short_form(std::string_view text) {
  std::size_t size = std::min<std::size_t>(text.size(), 40);
  while (size != text.size() && size != 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

enum class PartKind : std::uint8_t { other, text, image, audio, file };

PartKind kind_of(const JsonString& type) {
  static constexpr std::array<std::pair<std::string_view, PartKind>, 7> kinds{{{"text", PartKind::text},
                                                                               {"refusal", PartKind::text},
                                                                               {"image_url", PartKind::image},
                                                                               {"image", PartKind::image},
                                                                               {"input_image", PartKind::image},
                                                                               {"input_audio", PartKind::audio},
                                                                               {"file", PartKind::file}}};
  for (const auto& [text, kind] : kinds) {
    if (type.equals(text)) return kind;
  }
  return PartKind::other;
}

void count_one(std::uint16_t& counter) {
  if (counter != UINT16_MAX) ++counter;
}

}  // namespace

void ChatReading::read_messages() {
  messages_seen_ = true;
  request_.messages.clear();
  scratch_.messages.clear();
  if (wrong_type({JsonType::array}, "messages", "an array of messages")) return;
  reader_.enter_array();
  std::size_t index = 0;
  while (reader_.next_element()) read_message(index++);
  if (reader_.ok()) request_.messages_end = reader_.position() - 1;
  if (index == 0 && reader_.ok()) {
    fault("messages", "Invalid 'messages': empty array. At least one message is expected.", "empty_array");
  }
}

void ChatReading::read_message(std::size_t index) {
  if (reader_.peek() != JsonType::object) {
    wrong_type({}, path(index, ""), "an object");
    return;
  }
  chat::Message& message = request_.messages.emplace_back();
  scratch_.messages.emplace_back();
  bool role_seen = false;
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (key.equals("role")) {
      role_seen = true;
      read_role(index, message);
    } else if (key.equals("content")) {
      read_content(index, message);
    } else if (key.equals("tool_calls") || key.equals("function_call")) {
      read_tool_calls(message);
    } else {
      reader_.skip();
    }
  }
  if (role_seen || fault_) return;
  const std::string param = path(index, "role");
  fault(param, "Missing required parameter: '" + param + "'.", "missing_required_parameter");
}

void ChatReading::read_role(std::size_t index, chat::Message& message) {
  if (reader_.peek() != JsonType::string) {
    wrong_type({}, path(index, "role"), "a string");
    return;
  }
  const JsonString name = reader_.take_string();
  if (const auto role = find_role(name)) {
    message.role = *role;
    return;
  }
  const std::string param = path(index, "role");
  std::string sentence = "Invalid value for '" + param + "': \"";
  sentence.append(short_form(name.raw));
  sentence.append("\". Supported are system, developer, user, assistant, tool and function.");
  fault(param, std::move(sentence), "invalid_value");
}

void ChatReading::read_content(std::size_t index, chat::Message& message) {
  message.images = message.audios = message.files = 0;
  Span& span = scratch_.messages.back();
  span = {};
  if (is_null()) return;
  if (reader_.peek() == JsonType::string) {
    span = append(reader_.take_string());
    return;
  }
  if (reader_.peek() != JsonType::array) {
    wrong_type({}, path(index, "content"), "a string or an array of content parts");
    return;
  }
  span.begin = scratch_.text.size();
  reader_.enter_array();
  for (std::size_t part = 0; reader_.next_element(); ++part) read_part(index, part, message);
  span.size = scratch_.text.size() - span.begin;
}

// The type may stand behind the text, so the text is taken first and dropped again if it is of no interest.
void ChatReading::read_part(std::size_t index, std::size_t part, chat::Message& message) {
  if (reader_.peek() != JsonType::object) {
    wrong_type({}, path(index, "content[" + std::to_string(part) + "]"), "an object");
    return;
  }
  const std::size_t begin = scratch_.text.size();
  PartKind kind = PartKind::other;
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (reader_.peek() != JsonType::string) {
      reader_.skip();
    } else if (key.equals("type")) {
      kind = kind_of(reader_.take_string());
    } else if (key.equals("text") || key.equals("refusal")) {
      scratch_.text.resize(begin);
      if (begin != scratch_.messages.back().begin) scratch_.text.push_back('\n');
      append(reader_.take_string());
    } else {
      reader_.skip();
    }
  }
  if (kind != PartKind::text) scratch_.text.resize(begin);
  if (kind == PartKind::image) count_one(message.images);
  if (kind == PartKind::audio) count_one(message.audios);
  if (kind == PartKind::file) count_one(message.files);
}

// An array of calls, or the older single function_call.
void ChatReading::read_tool_calls(chat::Message& message) {
  if (reader_.peek() == JsonType::object) {
    reader_.skip();
    count_one(message.tool_calls);
    return;
  }
  if (!reader_.enter_array_or_skip()) return;
  while (reader_.next_element()) {
    reader_.skip();
    count_one(message.tool_calls);
  }
}

}  // namespace triaged::api
