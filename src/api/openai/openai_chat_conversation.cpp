#include "api/openai/openai_chat_conversation.hpp"

#include <algorithm>
#include <array>

namespace triaged::api {
namespace {

using chat::ToolUse;

// What is settled when all members are known.
struct Reading {
  explicit Reading(std::string_view body) : in(body, chat::Dialect::openai_chat) {}

  BodyReader in;
  std::optional<std::int64_t> completion_limit;
  std::vector<chat::Tool> functions;
  bool messages = false;
  bool only_allowed = false;
  std::vector<std::string> allowed;  // of tool_choice: no other tools may be called
  chat::JsonText safety_identifier;  // with its quotes
  bool effort = false;               // by the dialect's own member
};

// {"name":...,"description":...,"parameters":{...},"strict":true}
void read_definition(BodyReader& in, const Path& path, chat::Tool& tool) {
  if (!in.enter_object(path)) return;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("name")) {
      tool.name = in.string(member).value_or(JsonString());
    } else if (key.equals("description")) {
      tool.description = in.string(member).value_or(JsonString());
    } else if (key.equals("parameters")) {
      tool.schema = in.object(member);
    } else if (key.equals("strict")) {
      tool.strict = in.flag(member);
    } else {
      in.lose(member);  // of custom tools: their grammar
    }
  }
  if (tool.name.empty()) in.missing(path.member("name"));
}

constexpr std::string_view free_text =
    R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false})";

void read_tool(BodyReader& in, const Path& path) {
  if (in.json.peek() != JsonType::object) {
    in.object(path);  // says what is wrong with it
    return;
  }
  const std::string_view text = in.json.skip();
  chat::Tool tool;
  tool.path = path.text();
  bool known = false;
  JsonReader first(text);  // the kind of a tool that is the provider's own decides how all of it is read
  first.enter_object();
  JsonString key;
  JsonString type;
  while (first.next_member(key)) {
    if (key.equals("type")) {
      type = first.string_or_skip().value_or(JsonString());
    } else {
      first.skip();
    }
  }
  if (!type.equals("function") && !type.equals("custom") && !type.empty()) {
    tool.hosted = true;
    tool.name = type;
    tool.raw = text;
    in.out.tools.push_back(tool);
    return;
  }
  JsonReader outside = in.json;
  in.json = JsonReader(text);
  in.json.enter_object();
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      in.json.skip();
    } else if (key.equals("function") || key.equals("custom")) {
      known = true;
      tool.custom = key.equals("custom");
      read_definition(in, member, tool);
    } else if (key.equals("cache_control")) {
      tool.cache = read_cache_mark(in, member);
    } else {
      in.lose(member);
    }
  }
  if (tool.custom) tool.schema = free_text;
  if (!known) in.missing(path.member("function"));
  in.json = outside;
  in.out.tools.push_back(tool);
}

void read_tools(Reading& reading, const Path& path) {
  reading.in.out.tools.clear();
  if (!reading.in.enter_array(path)) return;
  std::size_t index = 0;
  while (reading.in.json.next_element()) read_tool(reading.in, path.element(index++));
}

void read_functions(Reading& reading, const Path& path) {
  reading.functions.clear();
  if (!reading.in.enter_array(path)) return;
  std::size_t index = 0;
  while (reading.in.json.next_element()) {
    const Path element = path.element(index++);
    chat::Tool& function = reading.functions.emplace_back();
    function.path = element.text();
    read_definition(reading.in, element, function);
  }
}

std::optional<ToolUse> use_of(const JsonString& word) {
  if (word.equals("none")) return ToolUse::none;
  if (word.equals("auto")) return ToolUse::automatic;
  if (word.equals("required") || word.equals("any")) return ToolUse::required;
  return std::nullopt;
}

void read_use(BodyReader& in, const Path& path) {
  const auto word = in.string(path);
  if (!word) return;
  const auto use = use_of(*word);
  if (!use) in.fault(path, "Invalid value for '" + path.text() + "'. Supported are none, auto and required.");
  in.out.tool_choice.use = use.value_or(ToolUse::unset);
}

// {"name":...}
JsonString read_name(BodyReader& in, const Path& path) {
  JsonString name;
  if (!in.enter_object(path)) return name;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("name")) {
      name = in.string(member).value_or(JsonString());
    } else {
      in.lose(member);
    }
  }
  return name;
}

// {"mode":"auto","tools":[{"type":"function","function":{"name":...}}]}
void read_allowed(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  if (!in.enter_object(path)) return;
  reading.only_allowed = true;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("mode")) {
      read_use(in, member);
    } else if (key.equals("tools") && in.enter_array(member)) {
      for (std::size_t i = 0; in.json.next_element(); ++i) {
        const Path element = member.element(i);
        if (!in.enter_object(element)) continue;
        JsonString kind;
        while (in.json.next_member(kind)) {
          if (kind.equals("type")) {
            in.json.skip();
          } else {
            reading.allowed.push_back(read_name(in, element.member(kind.raw)).resolved());
          }
        }
      }
    } else if (!key.equals("tools")) {
      in.lose(member);
    }
  }
}

void read_tool_choice(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  chat::ToolChoice& choice = in.out.tool_choice;
  if (in.json.peek() == JsonType::string) {
    read_use(in, path);
    return;
  }
  if (!in.enter_object(path)) return;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("function") || key.equals("custom")) {
      choice.use = ToolUse::named;
      choice.name = read_name(in, member);
    } else if (key.equals("allowed_tools")) {
      read_allowed(reading, member);
    } else if (key.equals("type")) {
      in.string(member);
    } else {
      in.lose(member);
    }
  }
}

void read_function_call(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  if (in.json.peek() == JsonType::string) {
    read_use(in, path);
    return;
  }
  if (in.null()) return;
  in.out.tool_choice.name = read_name(in, path);
  in.out.tool_choice.use = ToolUse::named;
}

void spell(Reading& reading, std::string_view usual, std::string_view written) {
  reading.in.out.spelled.emplace_back(usual, written);
}

void read_schema(BodyReader& in, const Path& path) {
  chat::Format& format = in.out.format;
  if (!in.enter_object(path)) return;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("name")) {
      format.name = in.string(member).value_or(JsonString());
    } else if (key.equals("description")) {
      format.description = in.string(member).value_or(JsonString());
    } else if (key.equals("schema")) {
      format.schema = in.object(member);
    } else if (key.equals("strict")) {
      format.strict = in.flag(member);
    } else {
      in.lose(member);
    }
  }
}

void read_format(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  in.out.format = {};
  if (!in.enter_object(path)) return;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      const auto type = in.string(member);
      if (!type || type->equals("text")) continue;
      if (type->equals("json_object")) {
        in.out.format.kind = chat::OutputFormat::json_object;
      } else if (type->equals("json_schema")) {
        in.out.format.kind = chat::OutputFormat::json_schema;
      } else {
        in.out.lost.push_back(member.text());
      }
    } else if (key.equals("json_schema")) {
      read_schema(in, member);
    } else {
      in.lose(member);
    }
  }
}

// OpenRouter's form: {"effort":"high","max_tokens":2000,"exclude":true,"enabled":true}.
void read_reasoning(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  chat::Reasoning& reasoning = in.out.reasoning;
  if (!in.enter_object(path)) return;
  if (!reading.effort) spell(reading, "reasoning_effort", "reasoning");
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("effort")) {
      reasoning.effort = in.string(member).value_or(JsonString());
    } else if (key.equals("max_tokens")) {
      reasoning.budget = in.integer(member);
    } else if (key.equals("exclude")) {
      if (const auto exclude = in.flag(member)) reasoning.shown = !*exclude;
      spell(reading, "include_reasoning", "reasoning.exclude");
    } else if (key.equals("enabled")) {
      if (const auto on = in.flag(member))
        reasoning.mode = *on ? chat::Reasoning::Mode::on : chat::Reasoning::Mode::off;
    } else if (key.equals("summary")) {
      reasoning.summary = in.string(member).value_or(JsonString());
    } else {
      in.lose(member);
    }
  }
}

// Anthropic's form, which several servers take too: {"type":"enabled","budget_tokens":2000}.
void read_thinking(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  chat::Reasoning& reasoning = in.out.reasoning;
  if (!in.enter_object(path)) return;
  if (!reading.effort) spell(reading, "reasoning_effort", "thinking");
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      const JsonString type = in.string(member).value_or(JsonString());
      if (type.equals("enabled")) {
        reasoning.mode = chat::Reasoning::Mode::on;
      } else if (type.equals("disabled")) {
        reasoning.mode = chat::Reasoning::Mode::off;
      } else if (type.equals("adaptive") || type.equals("auto")) {
        reasoning.mode = chat::Reasoning::Mode::adaptive;
      } else if (!type.empty()) {
        in.out.lost.push_back(member.text());
      }
    } else if (key.equals("budget_tokens")) {
      reasoning.budget = in.integer(member);
    } else {
      in.lose(member);
    }
  }
}

// Text alone is what everyone answers with: it need not be asked for.
void read_modalities(Reading& reading, const Path& path) {
  chat::JsonText modalities = reading.in.array(path);
  JsonReader reader(modalities);
  bool more = false;
  if (!modalities.empty() && reader.enter_array()) {
    while (reader.next_element()) {
      const auto each = reader.string_or_skip();
      more = more || !each || !each->equals("text");
    }
  }
  reading.in.out.modalities = more ? modalities : chat::JsonText();
}

void read_safety_identifier(Reading& reading, const Path& path) {
  BodyReader& in = reading.in;
  if (in.json.peek() == JsonType::string) {
    reading.safety_identifier = in.json.skip();
  } else {
    in.string(path);  // null, or says what is wrong with it
  }
}

using Read = void (*)(Reading&, const Path&);

struct Named {
  std::string_view name;
  Read read;
};

constexpr std::array<Named, 25> members{{
    {"messages",
     [](Reading& reading, const Path& path) {
       reading.messages = true;
       ChatTurns(reading.in).read(path);
     }},
    {"tools", read_tools},
    {"functions", read_functions},
    {"tool_choice", read_tool_choice},
    {"function_call", read_function_call},
    {"parallel_tool_calls", [](Reading& r, const Path& path) { r.in.out.tool_choice.parallel = r.in.flag(path); }},
    {"response_format", read_format},
    {"max_completion_tokens", [](Reading& r, const Path& path) { r.completion_limit = r.in.integer(path); }},
    {"reasoning_effort",
     [](Reading& r, const Path& path) {
       r.in.out.reasoning.effort = r.in.string(path).value_or(JsonString());
       r.effort = !r.in.out.reasoning.effort.empty();
       if (r.effort) std::erase_if(r.in.out.spelled, [](const auto& each) { return each.first == "reasoning_effort"; });
     }},
    {"reasoning", read_reasoning},
    {"thinking", read_thinking},
    {"top_k", [](Reading& r, const Path& path) { r.in.out.sampling.top_k = r.in.number(path); }},
    {"logprobs", [](Reading& r, const Path& path) { r.in.out.logprobs = r.in.flag(path).value_or(false); }},
    {"top_logprobs", [](Reading& r, const Path& path) { r.in.out.top_logprobs = r.in.integer(path); }},
    {"metadata", [](Reading& r, const Path& path) { r.in.out.metadata = r.in.object(path); }},
    {"store",
     [](Reading& r, const Path& path) {
       const auto store = r.in.flag(path);
       r.in.out.store = store ? (*store ? "true" : "false") : "";
     }},
    {"safety_identifier", read_safety_identifier},
    {"prompt_cache_key",
     [](Reading& r, const Path& path) { r.in.out.cache_key = r.in.string(path).value_or(JsonString()); }},
    {"service_tier",
     [](Reading& r, const Path& path) { r.in.out.service_tier = r.in.string(path).value_or(JsonString()); }},
    {"verbosity", [](Reading& r, const Path& path) { r.in.out.verbosity = r.in.string(path).value_or(JsonString()); }},
    {"modalities", read_modalities},
    {"audio", [](Reading& r, const Path& path) { r.in.out.audio = r.in.object(path); }},
    {"prediction", [](Reading& r, const Path& path) { r.in.out.prediction = r.in.object(path); }},
    {"random_seed",
     [](Reading& r, const Path& path) {
       r.in.out.sampling.seed = r.in.number(path);
       spell(r, "seed", "random_seed");
     }},
    {"include_reasoning", [](Reading& r, const Path& path) { r.in.out.reasoning.shown = r.in.flag(path); }},
}};

void read_root(Reading& reading) {
  JsonString key;
  reading.in.json.enter_object();
  while (reading.in.json.next_member(key)) {
    if (read_common_member(reading.in, key)) continue;
    const auto* const known =
        std::find_if(members.begin(), members.end(), [&](const Named& each) { return key.equals(each.name); });
    if (known == members.end()) {
      reading.in.keep(key);
    } else {
      known->read(reading, Path{nullptr, known->name});
    }
  }
}

void settle_tools(Reading& reading) {
  chat::Conversation& out = reading.in.out;
  out.legacy_functions = out.tools.empty() && !reading.functions.empty();
  if (out.legacy_functions) spell(reading, "tool_choice", "function_call");
  std::move(reading.functions.begin(), reading.functions.end(), std::back_inserter(out.tools));
  if (!reading.only_allowed) return;
  std::erase_if(out.tools, [&](const chat::Tool& tool) {
    return std::find(reading.allowed.begin(), reading.allowed.end(), tool.name.resolved()) == reading.allowed.end();
  });
}

}  // namespace

Result<chat::Conversation> read_openai_chat(std::string_view body) {
  Reading reading(body);
  if (reading.in.json.peek() == JsonType::object) {
    read_root(reading);
    if (!reading.messages) reading.in.missing(Path{nullptr, "messages"});
  } else {
    reading.in.object(Path{});
  }
  chat::Conversation& out = reading.in.out;
  if (reading.completion_limit && *reading.completion_limit > 0) out.max_output_tokens = reading.completion_limit;
  settle_tools(reading);
  // Both name the end user; the newer one is sent where there is no other.
  if (!reading.safety_identifier.empty() && out.user.empty()) {
    out.user = JsonReader(reading.safety_identifier).take_string();
    spell(reading, "user", "safety_identifier");
  } else if (!reading.safety_identifier.empty()) {
    out.others.push_back({JsonString{"safety_identifier"}, reading.safety_identifier});
  }
  return reading.in.finish();
}

}  // namespace triaged::api
