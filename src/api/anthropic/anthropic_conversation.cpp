// Reading a request of Anthropic's Messages.
#include "api/anthropic/anthropic.hpp"
#include "api/anthropic/anthropic_blocks.hpp"

#include <utility>

namespace triaged::api {
namespace {

using chat::ToolUse;

class Reading {
 public:
  explicit Reading(std::string_view body) : reader_(body, chat::Dialect::anthropic) {}
  Result<chat::Conversation> read(bool answer_wanted);

 private:
  chat::Conversation& out() { return reader_.out; }
  bool read_member(const JsonString& key, const Path& path);
  bool read_option(const JsonString& key, const Path& path);
  void read_system(const Path& path);
  void read_messages(const Path& path);
  void read_message(const Path& path);
  void read_tools(const Path& path);
  void read_tool(const Path& path);
  void read_tool_choice(const Path& path);
  void read_thinking(const Path& path);
  void read_output_config(const Path& path);
  void read_format(const Path& path);
  void read_metadata(const Path& path);
  void read_stops(const Path& path);
  void mark_last_block();
  void bind_to_maker();

  BodyReader reader_;
  bool has_messages_ = false;
  chat::CacheLife cache_ = chat::CacheLife::none;  // of the whole request
};

void Reading::read_system(const Path& path) {
  chat::Turn turn;
  turn.role = chat::Role::system;
  read_anthropic_content(reader_, path, turn.parts);
  // Members come in any order, the system's word first.
  if (!turn.parts.empty()) out().turns.insert(out().turns.begin(), std::move(turn));
}

void Reading::read_message(const Path& path) {
  if (!reader_.enter_object(path)) return;
  chat::Turn turn;
  bool has_role = false, has_content = false;
  JsonString key;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("role")) {
      const auto role = reader_.string(member);
      has_role = role.has_value();
      if (!role || role->equals("user")) continue;
      if (role->equals("assistant")) {
        turn.role = chat::Role::assistant;
      } else if (role->equals("system")) {
        turn.role = chat::Role::system;
      } else {
        reader_.fault(member, "Invalid value for '" + member.text() + "': 'user' or 'assistant' is expected.");
      }
    } else if (key.equals("content")) {
      has_content = reader_.json.peek() != JsonType::null;
      read_anthropic_content(reader_, member, turn.parts);
    } else {
      reader_.lose(member);
    }
  }
  if (!has_role) reader_.missing(path.member("role"));
  if (!has_content) reader_.missing(path.member("content"));
  for (chat::Part& part : turn.parts) part.place.turn = path.number();
  out().turns.push_back(std::move(turn));
}

void Reading::read_messages(const Path& path) {
  has_messages_ = true;
  if (!reader_.enter_array(path)) return;
  std::size_t i = 0;
  while (reader_.json.next_element()) read_message(path.element(i++));
  if (i == 0) reader_.fault(path, "'messages' is empty: at least one message is required.");
}

void Reading::read_tool(const Path& path) {
  chat::Tool tool;
  tool.path = path.text();
  if (reader_.json.peek() == JsonType::object) {
    JsonReader ahead = reader_.json;
    tool.raw = ahead.skip();
  }
  if (!reader_.enter_object(path)) return;
  JsonString key, type;
  std::vector<std::string> lost_before = out().lost;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      type = reader_.string(member).value_or(JsonString());
    } else if (key.equals("name")) {
      tool.name = reader_.string(member).value_or(JsonString());
    } else if (key.equals("description")) {
      tool.description = reader_.string(member).value_or(JsonString());
    } else if (key.equals("input_schema")) {
      tool.schema = reader_.object(member);
    } else if (key.equals("strict")) {
      tool.strict = reader_.flag(member);
    } else if (key.equals("cache_control")) {
      tool.cache = read_cache_control(reader_, member);
    } else {
      reader_.lose(member);
    }
  }
  // One that the provider runs itself, or knows: it is kept as it is.
  tool.hosted = !type.empty() && !type.equals("custom");
  if (tool.hosted) {
    tool.name = type;
    out().lost = std::move(lost_before);
  } else {
    tool.raw = {};
    if (tool.name.empty()) reader_.missing(path.member("name"));
  }
  out().tools.push_back(std::move(tool));
}

void Reading::read_tools(const Path& path) {
  if (!reader_.enter_array(path)) return;
  for (std::size_t i = 0; reader_.json.next_element(); ++i) read_tool(path.element(i));
}

void Reading::read_tool_choice(const Path& path) {
  if (!reader_.enter_object(path)) return;
  chat::ToolChoice& choice = out().tool_choice;
  JsonString key;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      const JsonString type = reader_.string(member).value_or(JsonString());
      if (type.equals("auto"))
        choice.use = ToolUse::automatic;
      else if (type.equals("any"))
        choice.use = ToolUse::required;
      else if (type.equals("tool"))
        choice.use = ToolUse::named;
      else if (type.equals("none"))
        choice.use = ToolUse::none;
      else
        reader_.fault(member, "Invalid value for 'tool_choice.type': 'auto', 'any', 'tool' or 'none' is expected.");
    } else if (key.equals("name")) {
      choice.name = reader_.string(member).value_or(JsonString());
    } else if (key.equals("disable_parallel_tool_use")) {
      if (const auto disabled = reader_.flag(member)) choice.parallel = !*disabled;
    } else {
      reader_.lose(member);
    }
  }
  if (choice.use == ToolUse::named && choice.name.empty()) reader_.missing(path.member("name"));
}

void Reading::read_thinking(const Path& path) {
  if (!reader_.enter_object(path)) return;
  chat::Reasoning& reasoning = out().reasoning;
  JsonString key;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      const JsonString type = reader_.string(member).value_or(JsonString());
      if (type.equals("enabled"))
        reasoning.mode = chat::Reasoning::Mode::on;
      else if (type.equals("adaptive"))
        reasoning.mode = chat::Reasoning::Mode::adaptive;
      // "between_tools" is the least that some models can do.
      else if (type.equals("disabled") || type.equals("between_tools"))
        reasoning.mode = chat::Reasoning::Mode::off;
      else
        reader_.fault(member, "Invalid value for 'thinking.type': 'enabled', 'adaptive' or 'disabled' is expected.");
    } else if (key.equals("budget_tokens")) {
      reasoning.budget = reader_.integer(member);
    } else if (key.equals("display")) {
      const auto display = reader_.string(member);
      if (display) reasoning.shown = !display->equals("omitted");
      out().spelled.emplace_back("include_reasoning", "thinking.display");
    } else {
      reader_.lose(member);
    }
  }
}

void Reading::read_format(const Path& path) {
  if (!reader_.enter_object(path)) return;
  JsonString key;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      const JsonString type = reader_.string(member).value_or(JsonString());
      if (type.equals("json_schema"))
        out().format.kind = chat::OutputFormat::json_schema;
      else
        reader_.fault(member, "Invalid value for '" + member.text() + "': 'json_schema' is expected.");
    } else if (key.equals("schema")) {
      out().format.schema = reader_.object(member);
    } else {
      reader_.lose(member);
    }
  }
  // Anthropic keeps to a schema, always.
  out().format.strict = true;
}

void Reading::read_output_config(const Path& path) {
  if (!reader_.enter_object(path)) return;
  JsonString key;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("effort")) {
      out().reasoning.effort = reader_.string(member).value_or(JsonString());
    } else if (key.equals("format")) {
      read_format(member);
    } else {
      reader_.lose(member);
    }
  }
}

void Reading::read_metadata(const Path& path) {
  if (!reader_.enter_object(path)) return;
  JsonString key;
  while (reader_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("user_id")) {
      out().user = reader_.string(member).value_or(JsonString());
    } else {
      reader_.lose(member);
    }
  }
}

void Reading::read_stops(const Path& path) {
  if (!reader_.enter_array(path)) return;
  for (std::size_t i = 0; reader_.json.next_element(); ++i) {
    if (const auto stop = reader_.string(path.element(i))) out().stops.push_back(*stop);
  }
}

bool Reading::read_option(const JsonString& key, const Path& path) {
  if (key.equals("max_tokens")) {
    out().max_output_tokens = reader_.integer(path);
    if (out().max_output_tokens && *out().max_output_tokens < 1) {
      reader_.fault(path, "Invalid value for 'max_tokens': at least 1 is expected.");
    }
  } else if (key.equals("temperature")) {
    out().sampling.temperature = reader_.number(path);
  } else if (key.equals("top_p")) {
    out().sampling.top_p = reader_.number(path);
  } else if (key.equals("top_k")) {
    out().sampling.top_k = reader_.number(path);
  } else if (key.equals("stop_sequences")) {
    read_stops(path);
  } else if (key.equals("stream")) {
    out().stream = reader_.flag(path).value_or(false);
  } else if (key.equals("metadata")) {
    read_metadata(path);
  } else if (key.equals("service_tier")) {
    out().service_tier = reader_.string(path).value_or(JsonString());
  } else if (key.equals("cache_control")) {
    cache_ = read_cache_control(reader_, path);
  } else {
    return false;
  }
  return true;
}

bool Reading::read_member(const JsonString& key, const Path& path) {
  if (key.equals("model")) {
    out().model = reader_.string(path).value_or(JsonString());  // optional here: without it, routing chooses freely
  } else if (key.equals("messages")) {
    read_messages(path);
  } else if (key.equals("system")) {
    read_system(path);
  } else if (key.equals("tools")) {
    read_tools(path);
  } else if (key.equals("tool_choice")) {
    read_tool_choice(path);
  } else if (key.equals("thinking")) {
    read_thinking(path);
  } else if (key.equals("output_config")) {
    read_output_config(path);
  } else if (key.equals("output_format")) {
    out().spelled.emplace_back("response_format", "output_format");
    read_format(path);
  } else {
    return read_option(key, path);
  }
  return true;
}

// The mark of a whole request stands for one at its last block.
void Reading::mark_last_block() {
  if (cache_ == chat::CacheLife::none || out().turns.empty()) return;
  for (auto part = out().turns.back().parts.rbegin(); part != out().turns.back().parts.rend(); ++part) {
    if (part->kind == chat::PartKind::thinking || part->kind == chat::PartKind::hidden_thinking) continue;
    if (part->cache != chat::CacheLife::none) return;
    part->cache = cache_;
    out().marked = part->place;
    return;
  }
}

// Also where a thread only begins: the next request would go on from an answer that nobody kept.
void Reading::bind_to_maker() {
  out().native_only =
      "`thread` leaves the history to a provider that keeps it: send the whole of it, without a thread.";
  out().native_only_param = "thread";
}

Result<chat::Conversation> Reading::read(bool answer_wanted) {
  if (reader_.json.peek() == JsonType::object) {
    reader_.json.enter_object();
    JsonString key;
    while (reader_.json.next_member(key)) {
      if (read_member(key, Path{nullptr, key.raw})) continue;
      if (key.equals("thread") && reader_.json.peek() != JsonType::null) bind_to_maker();
      reader_.keep(key);
    }
    if (!has_messages_) reader_.missing(Path{nullptr, "messages"});
    if (answer_wanted && !out().max_output_tokens) reader_.missing(Path{nullptr, "max_tokens"});
  } else {
    reader_.fault(Path{}, "The request body must be a JSON object.", "invalid_type");
    reader_.json.skip();
  }
  const chat::Reasoning& reasoning = out().reasoning;
  if (reasoning.mode == chat::Reasoning::Mode::unset && !reasoning.effort.empty()) {
    out().spelled.emplace_back("reasoning_effort", "output_config.effort");
  }
  out().include_usage = true;  // every answer tells it
  mark_last_block();
  return reader_.finish();
}

}  // namespace

Result<chat::Conversation> read_anthropic(std::string_view body) { return Reading(body).read(true); }

Result<chat::Conversation> read_anthropic_count(std::string_view body) { return Reading(body).read(false); }

}  // namespace triaged::api
