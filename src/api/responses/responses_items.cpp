// The input of a request to the Responses API: its items, and the parts of their content.
#include "triaged/chat/carried_thoughts.hpp"

#include "api/media.hpp"
#include "api/responses/responses_reading.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::api {
namespace {

using chat::PartKind;

std::optional<chat::Role> find_role(const JsonString& name) {
  static constexpr std::array<std::pair<std::string_view, chat::Role>, 4> roles{{{"user", chat::Role::user},
                                                                                 {"assistant", chat::Role::assistant},
                                                                                 {"system", chat::Role::system},
                                                                                 {"developer", chat::Role::system}}};
  for (const auto& [text, role] : roles) {
    if (name.equals(text)) return role;
  }
  return {};
}

// Assigned by the server that made the item, or a hint for the models of its maker only.
bool of_no_meaning(const JsonString& key) {
  static constexpr std::array<std::string_view, 6> keys{"id", "status", "phase", "caller", "annotations", "logprobs"};
  return std::any_of(keys.begin(), keys.end(), [&key](std::string_view each) { return key.equals(each); });
}

// A part's members, whatever its type.
struct PartMembers {
  JsonString type, text, url, file_id, data, file_name, detail;
  bool has_text = false;
  bool marked = false;
  std::vector<std::string> unknown;
};

bool is_text(const JsonString& type) {
  return type.equals("input_text") || type.equals("output_text") || type.equals("text") ||
         type.equals("summary_text") || type.equals("reasoning_text");
}

}  // namespace

std::string scoped_name(std::string_view scope, std::string_view name) {
  std::string scoped(scope);
  if (!scope.empty() && !scope.ends_with("__")) scoped.append("__");
  return scoped.append(name);
}

void ResponsesReading::read_input(const Path& path) {
  has_input_ = true;
  in_.out.turns.clear();
  if (in_.json.peek() == JsonType::string) {
    chat::Turn& turn = in_.out.turns.emplace_back();
    turn.parts.emplace_back().text = in_.json.take_string();
    return;
  }
  if (in_.json.peek() == JsonType::null) has_input_ = false;
  if (!in_.enter_array(path)) return;
  for (std::size_t i = 0; in_.json.next_element(); ++i) read_item(path.element(i));
}

void ResponsesReading::read_item(const Path& path) {
  const std::size_t begin = in_.json.value_position();
  if (!in_.enter_object(path)) return;
  ResponsesItem item;
  JsonString key;
  while (in_.json.next_member(key)) read_item_member(key, path.member(key.raw), item);
  if (!in_.json.ok()) return;

  const bool message = item.type.equals("message") || (item.type.empty() && item.has_role);
  if (message) {
    add_message(path, item);
  } else if (item.type.equals("function_call")) {
    add_call(path, item);
  } else if (item.type.equals("custom_tool_call")) {
    add_custom_call(path, item);
  } else if (item.type.equals("function_call_output") || item.type.equals("custom_tool_call_output")) {
    add_result(path, item);
  } else if (item.type.equals("reasoning")) {
    add_thoughts(path, item);
  } else if (item.type.empty()) {
    in_.missing(path.member("type"));
  } else {
    add_foreign(path, body_.substr(begin, in_.json.position() - begin), item);
    return;  // all of it is foreign, not just what is not known
  }
  auto& lost = in_.out.lost;
  lost.insert(lost.end(), item.unknown.begin(), item.unknown.end());
}

void ResponsesReading::read_item_member(const JsonString& key, const Path& path, ResponsesItem& item) {
  const auto take = [&](JsonString& into, bool& has) {
    const auto string = in_.json.string_or_skip();
    has = string.has_value();
    into = string.value_or(JsonString());
  };
  bool ignored = false;
  if (key.equals("type")) {
    item.type = in_.string(path).value_or(JsonString());
  } else if (key.equals("role")) {
    take(item.role, item.has_role);
  } else if (key.equals("content") && in_.json.peek() != JsonType::null) {
    item.has_content = read_parts(path, item.content);
  } else if (key.equals("output")) {
    item.has_output = in_.json.peek() != JsonType::null && read_parts(path, item.output);
  } else if (key.equals("call_id")) {
    take(item.call_id, item.has_call_id);
  } else if (key.equals("name")) {
    take(item.name, item.has_name);
  } else if (key.equals("namespace")) {
    take(item.scope, ignored);
  } else if (key.equals("arguments")) {
    take(item.arguments, item.has_arguments);
  } else if (key.equals("input")) {
    take(item.input, item.has_input);
  } else if (key.equals("summary")) {
    read_thoughts(path, item);
  } else if (key.equals("encrypted_content")) {
    take(item.encrypted, ignored);
  } else if (key.equals("id")) {
    take(item.id, ignored);
  } else if (in_.json.peek() == JsonType::null || of_no_meaning(key)) {
    in_.json.skip();
  } else {
    in_.json.skip();
    item.unknown.push_back(path.text());
  }
}

chat::Turn& ResponsesReading::assistant_turn() {
  auto& turns = in_.out.turns;
  if (turns.empty() || turns.back().role != chat::Role::assistant) {
    turns.emplace_back().role = chat::Role::assistant;
  }
  return turns.back();
}

void ResponsesReading::add_message(const Path& path, ResponsesItem& item) {
  const Path role_path = path.member("role");
  if (item.role.empty()) return in_.missing(role_path);
  const auto role = find_role(item.role);
  if (!role) {
    return in_.fault(role_path, "Invalid value for '" + role_path.text() +
                                    "'. Supported are user, assistant, system and developer.");
  }
  if (!item.has_content) return in_.missing(path.member("content"));
  chat::Turn* turn = nullptr;
  if (*role == chat::Role::assistant) {
    turn = &assistant_turn();
  } else {
    turn = &in_.out.turns.emplace_back();
    turn->role = *role;
  }
  for (chat::Part& part : item.content) part.place.turn = path.number();
  turn->parts.insert(turn->parts.end(), std::make_move_iterator(item.content.begin()),
                     std::make_move_iterator(item.content.end()));
}

void ResponsesReading::add_call(const Path& path, const ResponsesItem& item) {
  if (!item.has_call_id) return in_.missing(path.member("call_id"));
  if (!item.has_name) return in_.missing(path.member("name"));
  if (!item.has_arguments) return in_.missing(path.member("arguments"));
  chat::Part& part = assistant_turn().parts.emplace_back();
  part.kind = PartKind::tool_call;
  part.place.turn = path.number();
  part.id = item.call_id;
  part.name = item.scope.empty() ? item.name : escaped(scoped_name(item.scope.raw, item.name.raw));
  part.arguments = chat::object_in(in_.out, item.arguments);
}

// Free text is put in an object, as the schema of such tools says.
void ResponsesReading::add_custom_call(const Path& path, const ResponsesItem& item) {
  if (!item.has_call_id) return in_.missing(path.member("call_id"));
  if (!item.has_name) return in_.missing(path.member("name"));
  if (!item.has_input) return in_.missing(path.member("input"));
  chat::Part& part = assistant_turn().parts.emplace_back();
  part.kind = PartKind::tool_call;
  part.place.turn = path.number();
  part.id = item.call_id;
  part.name = item.scope.empty() ? item.name : escaped(scoped_name(item.scope.raw, item.name.raw));
  std::string arguments = R"({"input":)";
  chat::append_string(arguments, item.input);
  arguments.push_back('}');
  part.arguments = in_.out.keep_json(std::move(arguments));
}

void ResponsesReading::add_result(const Path& path, ResponsesItem& item) {
  if (!item.has_call_id) return in_.missing(path.member("call_id"));
  if (!item.has_output) return in_.missing(path.member("output"));
  chat::Turn& turn = in_.out.turns.emplace_back();
  turn.role = chat::Role::tool;
  chat::Part& part = turn.parts.emplace_back();
  part.kind = PartKind::tool_result;
  part.place.turn = path.number();
  part.id = item.call_id;
  part.content = std::move(item.output);
}

// What OpenAI encrypted is nobody's business here: whoever can read it gets the client's own bytes.
void ResponsesReading::add_thoughts(const Path& path, const ResponsesItem& item) {
  chat::Turn& turn = assistant_turn();
  std::vector<JsonString> thoughts = item.thoughts;
  for (const chat::Part& part : item.content) thoughts.push_back(part.text);
  for (const JsonString& thought : thoughts) {
    chat::Part& part = turn.parts.emplace_back();
    part.kind = PartKind::thinking;
    part.text = thought;
    part.place.turn = path.number();
  }
  const auto carried = [&item](std::string_view mark) {
    JsonString text = item.encrypted;
    text.raw.remove_prefix(mark.size());
    return text;
  };
  const bool hidden = item.encrypted.raw.starts_with(chat::carried_thought_mark);
  const bool proved = item.encrypted.raw.starts_with(chat::carried_proof_mark);
  if (hidden || (proved && thoughts.empty())) {
    chat::Part& part = turn.parts.emplace_back();
    part.kind = hidden ? PartKind::hidden_thinking : PartKind::thinking;
    part.place.turn = path.number();
  }
  if (hidden) turn.parts.back().signature = carried(chat::carried_thought_mark);
  if (proved) turn.parts.back().signature = carried(chat::carried_proof_mark);
}

void ResponsesReading::add_foreign(const Path& path, std::string_view raw, const ResponsesItem& item) {
  const bool said_by_client = item.type.raw.ends_with("_output") || item.type.raw.ends_with("_response");
  chat::Turn& turn = said_by_client ? in_.out.turns.emplace_back() : assistant_turn();
  chat::Part& part = turn.parts.emplace_back();
  part.kind = PartKind::foreign;
  part.place.turn = path.number();
  part.name = item.type;
  part.raw = raw;
}

// [{"type": "summary_text", "text": ...}]
void ResponsesReading::read_thoughts(const Path& path, ResponsesItem& item) {
  if (!in_.enter_array(path)) return;
  for (std::size_t i = 0; in_.json.next_element(); ++i) {
    const Path at = path.element(i);
    if (!in_.enter_object(at)) continue;
    JsonString key;
    while (in_.json.next_member(key)) {
      if (!key.equals("text")) {
        in_.json.skip();
        continue;
      }
      const auto text = in_.string(at.member("text"));
      if (text && !text->empty()) item.thoughts.push_back(*text);
    }
  }
}

// A string, or an array of parts. Hosted tools put other things here, which are not looked at: false.
bool ResponsesReading::read_parts(const Path& path, std::vector<chat::Part>& parts) {
  if (in_.json.peek() == JsonType::string) {
    parts.emplace_back().text = in_.json.take_string();
    return true;
  }
  if (in_.json.peek() == JsonType::object) {
    in_.json.skip();
    return false;
  }
  if (!in_.enter_array(path)) return true;
  for (std::size_t i = 0; in_.json.next_element(); ++i) read_part(path.element(i), parts);
  return true;
}

void ResponsesReading::read_part(const Path& path, std::vector<chat::Part>& parts) {
  const std::size_t begin = in_.json.value_position();
  if (!in_.enter_object(path)) return;
  chat::Part part;
  part.place.part = path.number();
  PartMembers found;
  JsonString key;
  const auto take = [&](JsonString& into) { into = in_.json.string_or_skip().value_or(JsonString()); };
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      take(found.type);
    } else if (key.equals("text") || key.equals("refusal")) {
      found.has_text = in_.json.peek() == JsonType::string;
      take(found.text);
    } else if (key.equals("image_url") || key.equals("file_url")) {
      take(found.url);
    } else if (key.equals("file_id")) {
      take(found.file_id);
    } else if (key.equals("file_data")) {
      take(found.data);
    } else if (key.equals("filename")) {
      take(found.file_name);
    } else if (key.equals("detail")) {
      take(found.detail);
    } else if (key.equals("input_audio")) {
      read_audio(member, part);
    } else if (key.equals("prompt_cache_breakpoint")) {
      found.marked = in_.json.peek() != JsonType::null;
      in_.json.skip();
    } else if (in_.json.peek() == JsonType::null || of_no_meaning(key)) {
      in_.json.skip();
    } else {
      in_.json.skip();
      found.unknown.push_back(member.text());
    }
  }
  if (!in_.json.ok()) return;

  if (found.marked) part.cache = chat::CacheLife::five_minutes;
  if (is_text(found.type) || found.type.equals("refusal")) {
    part.kind = found.type.equals("refusal") ? PartKind::refusal : PartKind::text;
    part.text = found.text;
    if (!found.has_text) in_.missing(path.member(found.type.equals("refusal") ? "refusal" : "text"));
  } else if (found.type.equals("input_image")) {
    part.kind = PartKind::image;
    part.media.detail = found.detail;
    part.media.file_id = found.file_id;
    if (!found.url.empty()) set_url(in_.out, found.url, part.media);
    if (found.url.empty() && found.file_id.empty()) in_.missing(path.member("image_url"));
  } else if (found.type.equals("input_file")) {
    part.kind = PartKind::document;
    part.media.title = found.file_name;
    part.media.file_id = found.file_id;
    if (!found.url.empty()) part.media.url = found.url;
    if (!found.data.empty()) set_file_data(in_.out, found.data, part.media);
    if (found.url.empty() && found.file_id.empty() && found.data.empty()) in_.missing(path.member("file_data"));
  } else if (found.type.equals("input_audio")) {
    part.kind = PartKind::audio;
  } else if (found.type.empty()) {
    in_.missing(path.member("type"));
  } else {
    part.kind = PartKind::foreign;
    part.name = found.type;
    part.raw = body_.substr(begin, in_.json.position() - begin);
    found.unknown.clear();
  }
  auto& lost = in_.out.lost;
  lost.insert(lost.end(), found.unknown.begin(), found.unknown.end());
  parts.push_back(std::move(part));
}

void ResponsesReading::read_audio(const Path& path, chat::Part& part) {
  if (!in_.enter_object(path)) return;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("data")) {
      part.media.data = in_.string(member).value_or(JsonString());
    } else if (key.equals("format")) {
      const auto format = in_.string(member);
      if (format) part.media.media_type = escaped("audio/" + std::string(format->raw));
    } else {
      in_.lose(member);
    }
  }
}

}  // namespace triaged::api
