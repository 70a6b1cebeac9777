// The tools that a request to the Responses API offers, and which of them are to be used.
#include "api/responses/responses_reading.hpp"

#include <utility>

namespace triaged::api {
namespace {

constexpr std::string_view free_text_schema =
    R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false})";

}  // namespace

void ResponsesReading::read_tools(const Path& path) {
  in_.out.tools.clear();
  if (!in_.enter_array(path)) return;
  for (std::size_t i = 0; in_.json.next_element(); ++i) read_tool(path.element(i), {});
}

void ResponsesReading::read_tool(const Path& path, const JsonString& scope) {
  const std::size_t begin = in_.json.value_position();
  if (!in_.enter_object(path)) return;
  chat::Tool tool;
  tool.path = path.text();
  JsonString type, key, grammar;
  std::vector<std::string> unknown;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      type = in_.string(member).value_or(JsonString());
    } else if (key.equals("name")) {
      tool.name = in_.string(member).value_or(JsonString());
    } else if (key.equals("description")) {
      tool.description = in_.string(member).value_or(JsonString());
    } else if (key.equals("parameters")) {
      tool.schema = in_.json.skip();
      if (tool.schema == "null") tool.schema = {};
    } else if (key.equals("strict") && in_.json.peek() == JsonType::boolean) {
      tool.strict = in_.json.take_bool();
    } else if (key.equals("format") && in_.json.peek() == JsonType::object) {
      grammar = grammar_of(member);
    } else {
      const bool nothing = in_.json.peek() == JsonType::null;
      const std::string_view value = in_.json.skip();
      if (!nothing && value != "false") unknown.push_back(member.text());
    }
  }
  if (!in_.json.ok()) return;
  tool.raw = text_.substr(begin, in_.json.position() - begin);
  if (type.equals("namespace") && scope.empty()) return read_namespace(path, tool.raw);

  tool.custom = type.equals("custom");
  tool.hosted = !tool.custom && !type.equals("function");
  if (type.empty()) return in_.missing(path.member("type"));
  if (!tool.hosted && tool.name.empty()) return in_.missing(path.member("name"));
  if (!tool.hosted && !scope.empty()) {
    tool.scope = scope;
    tool.name = escaped(scoped_name(scope.raw, tool.name.raw));
  }
  if (tool.custom) {
    tool.schema = free_text_schema;
    // The grammar cannot be enforced elsewhere, but it can be told.
    if (!grammar.empty()) {
      std::string text(tool.description.raw);
      if (!text.empty()) text.append(R"(\n\n)");
      tool.description = escaped(text.append(grammar.raw));
    }
  }
  if (tool.hosted) {
    tool.name = type;
  } else {
    auto& lost = in_.out.lost;
    lost.insert(lost.end(), unknown.begin(), unknown.end());
  }
  in_.out.tools.push_back(std::move(tool));
}

// {"type": "namespace", "name": ..., "tools": [...]}: its tools are known elsewhere by both names. Its own name may
// stand behind its tools.
void ResponsesReading::read_namespace(const Path& path, std::string_view raw) {
  const JsonReader outside = in_.json;
  text_ = raw;
  JsonString scope, key;
  for (const bool names : {true, false}) {
    in_.json = JsonReader(raw);
    in_.json.enter_object();
    while (in_.json.next_member(key)) {
      const Path member = path.member(key.raw);
      if (names && key.equals("name")) {
        scope = in_.string(member).value_or(JsonString());
      } else if (!names && key.equals("tools") && in_.enter_array(member)) {
        for (std::size_t i = 0; in_.json.next_element(); ++i) read_tool(member.element(i), scope);
      } else if (names || key.equals("tools") || key.equals("name") || key.equals("type")) {
        in_.json.skip();
      } else {
        in_.lose(member);
      }
    }
  }
  in_.json = outside;
  text_ = body_;
}

// What a custom tool takes: {"type": "text"}, or {"type": "grammar", "syntax": "lark", "definition": ...}.
JsonString ResponsesReading::grammar_of(const Path& path) {
  in_.json.enter_object();
  JsonString syntax, definition, key;
  while (in_.json.next_member(key)) {
    if (key.equals("syntax")) {
      syntax = in_.json.string_or_skip().value_or(JsonString());
    } else if (key.equals("definition")) {
      definition = in_.json.string_or_skip().value_or(JsonString());
    } else if (key.equals("type")) {
      in_.json.skip();
    } else {
      in_.lose(path.member(key.raw));
    }
  }
  if (definition.empty()) return {};
  std::string text = "The input follows this grammar (";
  text.append(syntax.raw).append(R"():\n)").append(definition.raw);
  return escaped(std::move(text));
}

void ResponsesReading::read_tool_choice(const Path& path) {
  chat::ToolChoice& choice = in_.out.tool_choice;
  choice.use = chat::ToolUse::unset;
  choice.name = {};
  only_allowed_ = false;
  if (in_.null()) return;
  const std::size_t begin = in_.json.value_position();
  if (in_.json.peek() == JsonType::string) {
    const JsonString use = in_.json.take_string();
    if (use.equals("auto")) {
      choice.use = chat::ToolUse::automatic;
    } else if (use.equals("none")) {
      choice.use = chat::ToolUse::none;
    } else if (use.equals("required")) {
      choice.use = chat::ToolUse::required;
    } else {
      in_.fault(path, "Invalid value for 'tool_choice'. Supported are none, auto, required and an object.");
    }
  } else {
    read_chosen(path);
  }
  repeat("tool_choice", body_.substr(begin, in_.json.position() - begin));
}

void ResponsesReading::read_chosen(const Path& path) {
  chat::ToolChoice& choice = in_.out.tool_choice;
  if (!in_.enter_object(path)) return;
  JsonString type, name, scope, mode, key;
  allowed_.clear();
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      type = in_.string(member).value_or(JsonString());
    } else if (key.equals("name")) {
      name = in_.json.string_or_skip().value_or(JsonString());
    } else if (key.equals("namespace")) {
      scope = in_.json.string_or_skip().value_or(JsonString());
    } else if (key.equals("mode")) {
      mode = in_.string(member).value_or(JsonString());
    } else if (key.equals("tools") && in_.enter_array(member)) {
      for (std::size_t i = 0; in_.json.next_element(); ++i) {
        if (!in_.enter_object(member.element(i))) continue;
        JsonString own_name, own_type, inner;
        while (in_.json.next_member(inner)) {
          const auto string = in_.json.string_or_skip();
          if (inner.equals("name")) own_name = string.value_or(JsonString());
          if (inner.equals("type")) own_type = string.value_or(JsonString());
        }
        const bool ours = own_type.equals("function") || own_type.equals("custom");
        allowed_.push_back(ours ? own_name : own_type);
      }
    } else if (!key.equals("tools")) {
      in_.lose(member);
    }
  }
  if (type.equals("function") || type.equals("custom")) {
    choice.use = chat::ToolUse::named;
    choice.name = scope.empty() ? name : escaped(scoped_name(scope.raw, name.raw));
    if (name.empty()) in_.missing(path.member("name"));
  } else if (type.equals("allowed_tools")) {
    only_allowed_ = true;
    choice.use = mode.equals("required") ? chat::ToolUse::required : chat::ToolUse::automatic;
  } else if (type.empty()) {
    in_.missing(path.member("type"));
  } else {
    in_.out.lost.push_back(path.text());  // a hosted tool, which no other target has
  }
}

}  // namespace triaged::api
