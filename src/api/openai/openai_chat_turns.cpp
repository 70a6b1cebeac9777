// The messages of a chat request as turns.
#include "api/media.hpp"
#include "api/openai/openai_chat_conversation.hpp"
#include "api/openai/reasoning_details.hpp"

#include <algorithm>
#include <array>

namespace triaged::api {
namespace {

using chat::Part;
using chat::PartKind;

struct RoleName {
  std::string_view text;
  chat::Role role;
};

constexpr std::array<RoleName, 6> roles{{{"user", chat::Role::user},
                                         {"assistant", chat::Role::assistant},
                                         {"system", chat::Role::system},
                                         {"developer", chat::Role::system},
                                         {"tool", chat::Role::tool},
                                         {"function", chat::Role::tool}}};

Part text_part(PartKind kind, const JsonString& text) {
  Part part;
  part.kind = kind;
  part.text = text;
  return part;
}

PartKind kind_of(const JsonString& type) {
  if (type.equals("text") || type.equals("input_text") || type.equals("output_text")) return PartKind::text;
  if (type.equals("image_url") || type.equals("input_image")) return PartKind::image;
  if (type.equals("input_audio")) return PartKind::audio;
  if (type.equals("file")) return PartKind::document;
  if (type.equals("refusal")) return PartKind::refusal;
  if (type.equals("thinking")) return PartKind::thinking;
  return PartKind::foreign;
}

bool says_something(const Part& part) {
  switch (part.kind) {
    case PartKind::text:
    case PartKind::refusal:
    case PartKind::thinking: return !part.text.empty();
    default: return true;
  }
}

}  // namespace

chat::CacheLife read_cache_mark(BodyReader& in, const Path& path) {
  if (!in.enter_object(path)) return chat::CacheLife::none;
  chat::CacheLife life = chat::CacheLife::five_minutes;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("ttl")) {
      const auto ttl = in.string(member);
      if (ttl && ttl->equals("1h")) life = chat::CacheLife::one_hour;
    } else if (key.equals("type")) {
      in.string(member);
    } else {
      in.lose(member);
    }
  }
  return life;
}

void ChatTurns::read(const Path& path) {
  in_.out.turns.clear();
  unnamed_.clear();
  if (in_.null()) {
    in_.missing(path);
    return;
  }
  if (!in_.enter_array(path)) return;
  std::size_t index = 0;
  while (in_.json.next_element()) read_message(path.element(index++));
  if (index == 0) {
    in_.fault(path, "Invalid 'messages': empty array. At least one message is expected.", "empty_array");
  }
}

void ChatTurns::read_message(const Path& path) {
  if (!in_.enter_object(path)) return;
  Draft draft;
  JsonString key;
  while (in_.json.next_member(key)) read_member(key, path.member(key.raw), draft);
  settle(draft, path);
}

void ChatTurns::read_member(const JsonString& key, const Path& path, Draft& draft) {
  if (key.equals("role")) {
    draft.role = in_.string(path);
  } else if (key.equals("content")) {
    draft.content.clear();
    read_content(path, draft.content);
  } else if (key.equals("name")) {
    draft.name = in_.string(path).value_or(JsonString());
  } else if (key.equals("tool_call_id")) {
    draft.call_id = in_.string(path).value_or(JsonString());
  } else if (key.equals("tool_calls")) {
    read_calls(path, draft);
  } else if (key.equals("function_call")) {
    if (in_.null()) return;
    Part call;
    call.kind = PartKind::tool_call;
    read_function(path, call, false);
    call.id = in_.out.keep("call_" + std::to_string(in_.out.turns.size()));
    unnamed_.emplace_back(call.name.resolved(), call.id);
    draft.calls.push_back(std::move(call));
  } else if (key.equals("refusal")) {
    draft.refusal = in_.string(path).value_or(JsonString());
  } else if (key.equals("reasoning_content") || key.equals("reasoning")) {
    // Some providers send the same thought under both names, and clients send both back.
    const auto thought = in_.string(path);
    if (thought && !thought->empty()) draft.thought = *thought;
  } else if (key.equals("cache_control")) {
    draft.cache = read_cache_mark(in_, path);
  } else if (key.equals("reasoning_details")) {
    draft.thoughts = read_reasoning_details(in_);
  } else if (key.equals("annotations")) {
    in_.json.skip();  // what an earlier answer cited: no dialect wants that back
  } else {
    in_.lose(path);
  }
}

void ChatTurns::read_content(const Path& path, std::vector<Part>& parts) {
  if (in_.json.peek() != JsonType::array) {
    if (in_.json.peek() == JsonType::object || in_.json.peek() == JsonType::number) {
      in_.fault(path, "Invalid type for '" + path.text() + "': a string or an array of content parts is expected.",
                "invalid_type");
      in_.json.skip();
      return;
    }
    const auto text = in_.string(path);
    if (text && !text->empty()) parts.push_back(text_part(PartKind::text, *text));
    return;
  }
  in_.json.enter_array();
  std::size_t index = 0;
  while (in_.json.next_element()) read_part(path.element(index++), parts);
}

// The type may stand behind what it is the type of, so a part's members are looked at once for it first.
void ChatTurns::read_part(const Path& path, std::vector<Part>& parts) {
  if (in_.json.peek() == JsonType::string) {  // taken by several servers
    parts.push_back(text_part(PartKind::text, in_.json.take_string()));
    parts.back().place.part = path.number();
    return;
  }
  if (!in_.enter_object(path)) return;
  Part part;
  part.place.part = path.number();
  bool typed = false;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      const auto type = in_.string(member);
      typed = type.has_value();
      if (type) part.kind = kind_of(*type);
      if (part.kind != PartKind::foreign) continue;
      in_.out.lost.push_back(path.text());
      while (in_.json.next_member(key)) in_.json.skip();
      return;
    }
    if (key.equals("text") || key.equals("refusal")) {
      part.text = in_.string(member).value_or(JsonString());
    } else if (key.equals("image_url")) {
      read_image(member, part);
    } else if (key.equals("input_audio")) {
      read_audio(member, part);
    } else if (key.equals("file")) {
      read_file(member, part);
    } else if (key.equals("detail")) {
      part.media.detail = in_.string(member).value_or(JsonString());
    } else if (key.equals("thinking")) {
      read_thoughts(member, part);
    } else if (key.equals("cache_control")) {
      part.cache = read_cache_mark(in_, member);
    } else {
      in_.lose(member);
    }
  }
  if (!typed) in_.missing(path.member("type"));
  if (says_something(part)) parts.push_back(std::move(part));
}

// {"url":...,"detail":...}, or the bare URL.
void ChatTurns::read_image(const Path& path, Part& part) {
  if (in_.json.peek() == JsonType::string) {
    set_url(in_.out, in_.json.take_string(), part.media);
    return;
  }
  if (!in_.enter_object(path)) return;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("url")) {
      if (const auto url = in_.string(member)) set_url(in_.out, *url, part.media);
    } else if (key.equals("detail")) {
      part.media.detail = in_.string(member).value_or(JsonString());
    } else {
      in_.lose(member);
    }
  }
}

void ChatTurns::read_audio(const Path& path, Part& part) {
  if (!in_.enter_object(path)) return;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("data")) {
      part.media.data = in_.string(member).value_or(JsonString());
    } else if (key.equals("format")) {
      const auto format = in_.string(member);
      if (format)
        part.media.media_type = in_.out.keep("audio/" + (format->equals("mp3") ? "mpeg" : format->resolved()));
    } else {
      in_.lose(member);
    }
  }
}

void ChatTurns::read_file(const Path& path, Part& part) {
  if (!in_.enter_object(path)) return;
  std::optional<JsonString> data;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("file_data")) {
      data = in_.string(member);
    } else if (key.equals("file_id")) {
      part.media.file_id = in_.string(member).value_or(JsonString());
    } else if (key.equals("filename")) {
      part.media.title = in_.string(member).value_or(JsonString());
    } else {
      in_.lose(member);
    }
  }
  if (data) set_file_data(in_.out, *data, part.media);
}

// Mistral's form: [{"type":"text","text":...}].
void ChatTurns::read_thoughts(const Path& path, Part& part) {
  if (in_.json.peek() == JsonType::string) {
    part.text = in_.json.take_string();
    return;
  }
  std::vector<Part> thoughts;
  read_content(path, thoughts);
  if (!thoughts.empty()) part.text = thoughts.size() == 1 ? thoughts[0].text : in_.out.keep(chat::text_of(thoughts));
}

void ChatTurns::read_calls(const Path& path, Draft& draft) {
  draft.calls.clear();
  if (!in_.enter_array(path)) return;
  std::size_t index = 0;
  while (in_.json.next_element()) read_call(path.element(index++), draft);
}

void ChatTurns::read_call(const Path& path, Draft& draft) {
  if (!in_.enter_object(path)) return;
  Part call;
  call.kind = PartKind::tool_call;
  call.place.part = path.number();
  bool known = false;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("id")) {
      call.id = in_.string(member).value_or(JsonString());
    } else if (key.equals("function") || key.equals("custom")) {
      known = true;
      read_function(member, call, key.equals("custom"));
    } else if (key.equals("type") || key.equals("index")) {
      in_.json.skip();  // the member beside it says the same; clients that assemble streams leave the index behind
    } else {
      in_.lose(member);
    }
  }
  if (!known) in_.missing(path.member("function"));
  if (call.arguments.empty()) call.arguments = "{}";
  draft.calls.push_back(std::move(call));
}

// {"name":...,"arguments":"{...}"}, or of a custom tool {"name":...,"input":"free text"}.
void ChatTurns::read_function(const Path& path, Part& call, bool custom) {
  call.arguments = "{}";
  if (!in_.enter_object(path)) return;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("name")) {
      call.name = in_.string(member).value_or(JsonString());
    } else if (custom && key.equals("input")) {
      std::string wrapped = R"({"input":)";
      chat::append_string(wrapped, in_.string(member).value_or(JsonString()));
      wrapped.push_back('}');
      call.arguments = in_.out.keep_json(std::move(wrapped));
    } else if (!custom && key.equals("arguments") && in_.json.peek() == JsonType::object) {
      call.arguments = in_.json.skip();  // some clients forget that it is a string
    } else if (!custom && key.equals("arguments")) {
      call.arguments = chat::object_in(in_.out, in_.string(member).value_or(JsonString()));
    } else {
      in_.lose(member);
    }
  }
}

// Results of the older form name the function only: it is the call of that name made last.
JsonString ChatTurns::id_of_result(const Draft& draft) {
  if (!draft.call_id.empty()) return draft.call_id;
  const std::string name = draft.name.resolved();
  const auto call =
      std::find_if(unnamed_.rbegin(), unnamed_.rend(), [&](const auto& each) { return each.first == name; });
  return call == unnamed_.rend() ? JsonString() : call->second;
}

void ChatTurns::settle(Draft& draft, const Path& path) {
  const Path role_path = path.member("role");
  if (!draft.role) {
    in_.missing(role_path);
    return;
  }
  const auto* const role =
      std::find_if(roles.begin(), roles.end(), [&](const RoleName& each) { return draft.role->equals(each.text); });
  if (role == roles.end()) {
    in_.fault(role_path, "Invalid value for '" + role_path.text() +
                             "'. Supported are system, developer, user, assistant, tool and function.");
    return;
  }
  chat::Turn& turn = in_.out.turns.emplace_back();
  turn.role = role->role;
  for (Part& part : draft.content) part.place.turn = path.number();
  if (turn.role == chat::Role::tool) {
    Part result;
    result.kind = PartKind::tool_result;
    result.id = id_of_result(draft);
    if (result.id.empty()) in_.missing(path.member("tool_call_id"));
    result.content = std::move(draft.content);
    result.cache = draft.cache;
    result.place.turn = path.number();
    turn.parts.push_back(std::move(result));
    return;
  }
  turn.name = draft.name;
  // The details tell what the text tells, and prove it.
  turn.parts = std::move(draft.thoughts);
  if (turn.parts.empty() && !draft.thought.empty()) turn.parts.push_back(text_part(PartKind::thinking, draft.thought));
  std::move(draft.content.begin(), draft.content.end(), std::back_inserter(turn.parts));
  if (!draft.refusal.empty()) turn.parts.push_back(text_part(PartKind::refusal, draft.refusal));
  std::move(draft.calls.begin(), draft.calls.end(), std::back_inserter(turn.parts));
  for (Part& part : turn.parts) part.place.turn = path.number();
  if (draft.cache != chat::CacheLife::none && !turn.parts.empty()) turn.parts.back().cache = draft.cache;
}

}  // namespace triaged::api
