// Requests to the Responses API.
#include "dialects/random_request.hpp"

namespace triaged::dialects {
namespace {

using chat::Dialect;

class ResponsesMaker : public RandomMaker {
 public:
  using RandomMaker::RandomMaker;
  RandomRequest make();

 private:
  void add_item();
  void add_message(Json item, const std::string& path);
  void add_call(Json item, const std::string& path);
  void add_result(const std::string& id, bool custom);
  void add_thoughts(Json item, const std::string& path);
  void add_foreign(Json item, const std::string& path);
  Json text(const std::string& path, std::string_view type);
  Json part(const std::string& path);
  Json picture(const std::string& path);
  Json file(const std::string& path);
  void add_tools();
  Json tool(const std::string& path, const std::string& name);
  void add_tool_choice(const std::string& name);
  void add_format();
  void add_options();
  void add_labels();
  Json& input() { return made.body["input"]; }
};

ResponsesMaker::Json ResponsesMaker::text(const std::string& path, std::string_view type) {
  Json text{{"type", type}};
  add_word(text, path, "text");
  add_unknown(text, path);
  if (maybe(6)) {
    text["prompt_cache_breakpoint"] = {{"type", "ephemeral"}};
    trace(path + ".prompt_cache_breakpoint")
        .form(Dialect::anthropic, R"("cache_control":{"type":"ephemeral")")
        .form(Dialect::bedrock, R"("cachePoint":{"type":"default")")
        .hint(caching);
  }
  return text;
}

ResponsesMaker::Json ResponsesMaker::picture(const std::string& path) {
  Json image{{"type", "input_image"}};
  std::string content;
  switch (pick(3)) {
    case 0:
      content = RandomMaker::image();
      image["image_url"] = "data:image/png;base64," + content;
      break;
    case 1: image["image_url"] = content = "https://pictures.test/" + plain() + ".png"; break;
    default: image["file_id"] = content = "file-" + plain();
  }
  trace(path, {content});
  if (maybe()) {
    image["detail"] = "low";
    trace(path + ".detail")
        .form(Dialect::openai_chat, R"("detail":"low")")
        .form(Dialect::gemini, R"("mediaResolution":{"level":"MEDIA_RESOLUTION_LOW")");
  }
  add_unknown(image, path);
  return image;
}

ResponsesMaker::Json ResponsesMaker::file(const std::string& path) {
  Json file{{"type", "input_file"}};
  std::string content;
  switch (pick(4)) {
    case 0:
      content = pdf();
      file["file_data"] = "data:application/pdf;base64," + content;
      break;
    case 1: file["file_data"] = "data:text/plain;base64," + encoded(content); break;
    case 2: file["file_url"] = content = "https://files.test/" + plain() + ".pdf"; break;
    default: file["file_id"] = content = "file-" + plain();
  }
  trace(path, {content});
  if (maybe()) {
    file["filename"] = plain();
    Trace& told = trace(path + ".filename", {file["filename"].get<std::string>()});
    if (file.contains("file_id")) told.hint(everyone);  // the id of an uploaded file knows its name
  }
  add_unknown(file, path);
  return file;
}

ResponsesMaker::Json ResponsesMaker::part(const std::string& path) {
  switch (pick(8)) {
    case 0:
    case 1: return picture(path);
    case 2: return file(path);
    case 3: {
      const std::string sound = RandomMaker::image();
      trace(path, {sound});
      return {{"type", "input_audio"}, {"input_audio", {{"data", sound}, {"format", maybe() ? "wav" : "mp3"}}}};
    }
    case 4: {
      Json other{{"type", "x_" + plain()}};
      trace(path, {other["type"].get<std::string>()});
      return other;
    }
    default: return text(path, "input_text");
  }
}

void ResponsesMaker::add_message(Json item, const std::string& path) {
  constexpr std::array<std::string_view, 5> roles{"user", "user", "assistant", "system", "developer"};
  const std::string_view role = one_of(roles);
  if (maybe()) item["type"] = "message";
  item["role"] = role;
  if (maybe(3)) {
    add_word(item, path, "content");
  } else {
    const std::size_t count = 1 + pick(4);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string place = at(path + ".content", i);
      if (role == "user") {
        item["content"].push_back(part(place));
      } else if (role == "assistant" && maybe(4)) {
        Json refusal{{"type", "refusal"}};
        add_word(refusal, place, "refusal");
        item["content"].push_back(refusal);
      } else {
        item["content"].push_back(text(place, role == "assistant" ? "output_text" : "input_text"));
      }
    }
  }
  input().push_back(item);
}

void ResponsesMaker::add_result(const std::string& id, bool custom) {
  const std::string path = at("input", input().size());
  Json item{{"type", custom ? "custom_tool_call_output" : "function_call_output"}, {"call_id", id}};
  if (maybe()) {
    add_word(item, path, "output");
  } else {
    const std::size_t count = 1 + pick(3);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string place = at(path + ".output", i);
      switch (pick(4)) {
        case 0: item["output"].push_back(picture(place)); break;
        case 1: item["output"].push_back(file(place)); break;
        default: item["output"].push_back(text(place, "input_text"));
      }
    }
  }
  add_unknown(item, path);
  input().push_back(item);
}

void ResponsesMaker::add_call(Json item, const std::string& path) {
  const bool custom = maybe(4);
  const std::string id = "call_" + plain();
  const std::string argument = word();
  item["type"] = custom ? "custom_tool_call" : "function_call";
  item["call_id"] = id;
  item["name"] = plain();
  if (custom) {
    item["input"] = argument;
  } else {
    item["arguments"] = Json{{"a", argument}}.dump();
  }
  trace(path, {argument, item["name"].get<std::string>()});
  if (maybe(4)) {
    item["namespace"] = plain();
    trace(path + ".namespace", {item["namespace"].get<std::string>()});
  }
  input().push_back(item);
  if (!maybe(6)) add_result(id, custom);
}

// They mean something to their maker only.
void ResponsesMaker::add_thoughts(Json item, const std::string& path) {
  item["type"] = "reasoning";
  item["summary"] = {{{"type", "summary_text"}, {"text", word()}}};
  if (maybe()) item["encrypted_content"] = plain();
  trace(path + ".summary", {item["summary"][0]["text"].get<std::string>()}).hint(everyone);
  input().push_back(item);
}

void ResponsesMaker::add_foreign(Json item, const std::string& path) {
  item["type"] = maybe() ? "web_search_call" : "computer_call_output";
  item["what"] = plain();
  trace(path, {item["what"].get<std::string>()});
  input().push_back(item);
}

void ResponsesMaker::add_item() {
  const std::string path = at("input", input().size());
  Json item = Json::object();
  if (maybe(4)) item["id"] = "item_" + plain();
  add_unknown(item, path);
  switch (pick(8)) {
    case 0:
    case 1: return add_call(std::move(item), path);
    case 2: return add_thoughts(std::move(item), path);
    case 3:
      if (maybe()) return add_foreign(std::move(item), path);
      return add_message(std::move(item), path);
    default: return add_message(std::move(item), path);
  }
}

ResponsesMaker::Json ResponsesMaker::tool(const std::string& path, const std::string& name) {
  if (maybe(6)) {
    Json hosted{{"type", "x_" + plain()}};
    add_word(hosted, path, "place");
    return hosted;
  }
  const bool custom = maybe(5);
  Json tool{{"type", custom ? "custom" : "function"}, {"name", name}};
  trace(path, {name});
  if (maybe()) add_word(tool, path, "description");
  if (custom && maybe()) {
    tool["format"] = {{"type", "grammar"}, {"syntax", "lark"}};
    add_word(tool["format"], path + ".format", "definition");
    add_unknown(tool["format"], path + ".format");
  }
  if (!custom && maybe()) tool["parameters"] = schema(path + ".parameters");
  if (!custom && maybe()) {
    tool["strict"] = true;
    trace(path + ".strict")
        .form(Dialect::openai_chat, R"("strict":true)")
        .form(Dialect::anthropic, R"("strict":true)")
        .form(Dialect::gemini, R"("mode":")")
        .form(Dialect::bedrock, R"("strict":true)");
  }
  add_unknown(tool, path);
  return tool;
}

void ResponsesMaker::add_tool_choice(const std::string& name) {
  Json& choice = made.body["tool_choice"];
  Trace& told = trace("tool_choice");
  switch (pick(4)) {
    case 0:
      choice = "none";
      if (made.body["tools"][0].contains("place")) {  // of the provider's own: there may be none left
        told.hint(everyone);
        break;
      }
      told.form(Dialect::openai_chat, R"("tool_choice":"none")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"none")")
          .form(Dialect::gemini, R"("mode":"NONE")")
          .hint({Dialect::bedrock});  // told by leaving out the tools, where the history allows it
      break;
    case 1:
      choice = made.body["tools"].size() > 1 || !made.body["tools"][0].contains("name") || maybe()
                   ? Json("required")
                   : Json{{"type", "allowed_tools"},
                          {"mode", "required"},
                          {"tools", {{{"type", "function"}, {"name", name}}}}};
      told.form(Dialect::openai_chat, R"("tool_choice":"required")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"any")")
          .form(Dialect::gemini, R"("mode":"ANY")")
          .form(Dialect::bedrock, R"("toolChoice":{"any":{}})");
      break;
    case 2: choice = {{"type", "x_" + plain()}}; break;
    default:
      choice = {{"type", "function"}, {"name", name}};
      told.form(Dialect::openai_chat, R"("tool_choice":{)")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"tool","name":")" + name)
          .form(Dialect::gemini, R"("allowedFunctionNames":[")" + name)
          .form(Dialect::bedrock, R"("toolChoice":{"tool":{"name":")" + name);
  }
  if (choice.is_object()) add_unknown(choice, "tool_choice");
}

void ResponsesMaker::add_tools() {
  const std::string name = plain();
  if (maybe(4)) {
    Json space{{"type", "namespace"}, {"name", plain()}, {"tools", {tool("tools[0].tools[0]", name)}}};
    if (space["tools"][0].contains("name")) trace("tools[0].name", {space["name"].get<std::string>()});
    if (maybe()) add_word(space, "tools[0]", "description");
    add_unknown(space, "tools[0]");
    made.body["tools"].push_back(space);
  } else if (!maybe(3)) {
    made.body["tools"].push_back(tool("tools[0]", name));
    if (maybe()) made.body["tools"].push_back(tool("tools[1]", plain()));
    if (maybe()) add_tool_choice(name);
  }
  add_parallel_calls();
}

void ResponsesMaker::add_format() {
  if (maybe()) return;
  Json& text = made.body["text"];
  text = Json::object();
  if (maybe()) {
    text["verbosity"] = "low";
    trace("text.verbosity").form(Dialect::openai_chat, R"("verbosity":"low")");
  }
  add_unknown(text, "text");
  if (maybe(4)) {
    text["format"] = {{"type", "json_object"}};
    trace("text.format")
        .form(Dialect::openai_chat, R"("response_format":{"type":"json_object"})")
        .form(Dialect::gemini, R"("responseMimeType":"application/json")");
  } else if (maybe()) {
    Json format{{"type", "json_schema"}, {"name", plain()}, {"schema", schema("text.format.schema")}};
    trace("text.format.name", {format["name"].get<std::string>()}).hint({Dialect::anthropic, Dialect::gemini});
    if (maybe()) add_word(format, "text.format", "description");
    if (maybe()) format["strict"] = true;
    add_unknown(format, "text.format");
    text["format"] = format;
  }
}

void ResponsesMaker::add_options() {
  if (maybe(3)) add_number(made.body, "", "temperature", maybe(4) ? 1 + fraction() : fraction());
  if (maybe(3)) add_number(made.body, "", "top_p", fraction());
  if (maybe(3)) add_number(made.body, "", "max_output_tokens", whole());
  if (maybe(4)) add_number(made.body, "", "top_logprobs", whole());
  if (maybe(4)) {
    made.body["include"] = {"message.output_text.logprobs", "reasoning.encrypted_content"};
    trace("include")
        .form(Dialect::openai_chat, R"("logprobs":true)")
        .form(Dialect::gemini, R"("responseLogprobs":true)");
  }
  if (maybe(3)) {
    Json reasoning = Json::object();
    constexpr std::array<std::string_view, 6> efforts{"minimal", "low", "medium", "high", "xhigh", "x_odd"};
    if (maybe(3)) {
      reasoning["summary"] = "detailed";
      trace("reasoning.summary")
          .form(Dialect::anthropic, R"("display":"summarized")")
          .form(Dialect::gemini, R"("includeThoughts":true)")
          .form(Dialect::bedrock, R"("thinking":{)")
          .form(Dialect::bedrock, R"("reasoningConfig":{)")
          .form(Dialect::bedrock, R"("reasoning_effort":)");
    }
    if (maybe()) {
      reasoning["effort"] = one_of(efforts);
      trace("reasoning.effort")
          .form(Dialect::openai_chat, R"("reasoning_effort":")")
          .form(Dialect::anthropic, R"("thinking":{)")
          .form(Dialect::gemini, R"("thinkingConfig":{"thinking)")
          .form(Dialect::gemini, R"("includeThoughts":true,"thinking)")
          .form(Dialect::bedrock, R"("thinking":{)")
          .form(Dialect::bedrock, R"("reasoningConfig":{)")
          .form(Dialect::bedrock, R"("reasoning_effort":)");
    }
    add_unknown(reasoning, "reasoning");
    made.body["reasoning"] = reasoning;
  }
}

void ResponsesMaker::add_labels() {
  if (maybe(3)) add_word(made.body, "", "user");
  if (maybe(4)) add_word(made.body, "", "safety_identifier");
  if (maybe(4)) {
    made.body["metadata"] = {{plain(), maybe() ? word() : plain()}};
    trace("metadata", {made.body["metadata"].begin().key(), made.body["metadata"].begin()->get<std::string>()});
  }
  if (maybe(4)) {
    made.body["store"] = true;
    trace("store").form(Dialect::openai_chat, R"("store":true)");
  }
  if (maybe(4)) add_word(made.body, "", "prompt_cache_key").hint(everyone);
  if (maybe(4)) {
    made.body["service_tier"] = "flex";
    trace("service_tier")
        .form(Dialect::openai_chat, R"("service_tier":"flex")")
        .form(Dialect::gemini, R"("serviceTier":"flex")")
        .form(Dialect::bedrock, R"("serviceTier":{"type":"flex")");
  }
  if (maybe(4)) {
    made.body["truncation"] = "auto";
    trace("truncation");
  }
  if (maybe(4)) add_number(made.body, "", "max_tool_calls", whole());
  if (maybe()) made.body["stream"] = true;
  add_unknown(made.body, "");
  if (maybe(6)) made.body["models"] = {"a/b"};  // ours
}

RandomRequest ResponsesMaker::make() {
  made.body["model"] = "auto";
  if (maybe(3)) add_word(made.body, "", "instructions");
  if (maybe(4)) {
    add_word(made.body, "", "input");
  } else {
    input() = Json::array();
    const std::size_t count = 1 + pick(7);
    for (std::size_t i = 0; i < count; ++i) add_item();
  }
  add_tools();
  add_format();
  add_options();
  add_labels();
  return std::move(made);
}

}  // namespace

RandomRequest random_responses(std::uint32_t seed) { return ResponsesMaker(seed).make(); }

}  // namespace triaged::dialects
