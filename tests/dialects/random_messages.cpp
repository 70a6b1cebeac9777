// Requests of Anthropic's Messages.
#include "dialects/random_request.hpp"

namespace triaged::dialects {
namespace {

using chat::Dialect;

// Told by Anthropic's own writer as it is; elsewhere only where the dialect has a word for it.
class MessagesMaker : public RandomMaker {
 public:
  using RandomMaker::RandomMaker;
  RandomRequest make();

 private:
  void add_system();
  void add_message();
  void add_user(const std::string& path);
  void add_assistant(const std::string& path);
  void add_results(const std::vector<std::string>& ids);
  Json text(const std::string& path);
  Json picture(const std::string& path);
  Json document(const std::string& path);
  Json shown(const std::string& path);
  Json thought(const std::string& path);
  Json foreign(const std::string& path);
  void add_tools();
  Json tool(const std::string& path, const std::string& name);
  void add_tool_choice(const std::string& name);
  void add_options();
  void add_thinking();
  void add_output();
  Json& messages() { return made.body["messages"]; }
};

MessagesMaker::Json MessagesMaker::text(const std::string& path) {
  Json block{{"type", "text"}};
  add_word(block, path, "text");
  add_cache_mark(block, path);
  add_unknown(block, path);
  return block;
}

MessagesMaker::Json MessagesMaker::picture(const std::string& path) {
  Json source = Json::object();
  std::string content;
  switch (pick(3)) {
    case 0:
      content = image();
      source = {{"type", "base64"}, {"media_type", "image/png"}, {"data", content}};
      break;
    case 1:
      content = "https://pictures.test/" + plain() + ".png";
      source = {{"type", "url"}, {"url", content}};
      break;
    default: content = "file_" + plain(); source = {{"type", "file"}, {"file_id", content}};
  }
  trace(path, {content});
  add_unknown(source, path + ".source");
  Json block{{"type", "image"}, {"source", source}};
  add_cache_mark(block, path, 8);
  add_unknown(block, path);
  return block;
}

MessagesMaker::Json MessagesMaker::document(const std::string& path) {
  Json source = Json::object();
  std::string content;
  switch (pick(5)) {
    case 0:
      content = pdf();
      source = {{"type", "base64"}, {"media_type", "application/pdf"}, {"data", content}};
      break;
    case 1:
      content = word();
      source = {{"type", "text"}, {"media_type", "text/plain"}, {"data", content}};
      break;
    case 2:
      content = word();
      source = {{"type", "content"}, {"content", {{{"type", "text"}, {"text", content}}}}};
      if (maybe()) source["content"].push_back(picture(path + ".source.content[1]"));
      break;
    case 3:
      content = "https://files.test/" + plain() + ".pdf";
      source = {{"type", "url"}, {"url", content}};
      break;
    default: content = "file_" + plain(); source = {{"type", "file"}, {"file_id", content}};
  }
  trace(path, {content});
  Json block{{"type", "document"}, {"source", source}};
  if (maybe(3)) {
    block["title"] = plain();
    trace(path + ".title", {block["title"].get<std::string>()});
  }
  if (maybe(3)) add_word(block, path, "context");
  if (maybe(4)) {
    block["citations"] = {{"enabled", true}};
    trace(path + ".citations")
        .form(Dialect::anthropic, R"("citations":{"enabled":true})")
        .form(Dialect::bedrock, R"("citations":{"enabled":true})");
  }
  add_cache_mark(block, path, 8);
  add_unknown(block, path);
  return block;
}

MessagesMaker::Json MessagesMaker::shown(const std::string& path) {
  switch (pick(6)) {
    case 0: return picture(path);
    case 1: return document(path);
    default: return text(path);
  }
}

// Its proof goes back to its maker; to others it means nothing.
MessagesMaker::Json MessagesMaker::thought(const std::string& path) {
  if (maybe(3)) {
    const std::string hidden = plain();
    trace(path, {hidden}).hint({Dialect::openai_chat, Dialect::gemini, Dialect::bedrock});
    return {{"type", "redacted_thinking"}, {"data", hidden}};
  }
  Json block{{"type", "thinking"}, {"thinking", word()}};
  const bool proved = !maybe(3);
  if (proved) block["signature"] = plain();
  Trace& told = trace(path, {block["thinking"].get<std::string>()});
  told.hint(proved ? std::vector<Dialect>{Dialect::openai_chat, Dialect::gemini, Dialect::bedrock} : everyone);
  return block;
}

MessagesMaker::Json MessagesMaker::foreign(const std::string& path) {
  Json block{{"type", "x_" + plain()}};
  add_word(block, path, "what");
  return block;
}

void MessagesMaker::add_user(const std::string& path) {
  Json message{{"role", "user"}};
  if (maybe(3)) {
    add_word(message, path, "content");
  } else {
    const std::size_t count = 1 + pick(4);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string place = at(path + ".content", i);
      message["content"].push_back(maybe(8) ? foreign(place) : shown(place));
    }
  }
  add_unknown(message, path);
  messages().push_back(message);
}

void MessagesMaker::add_results(const std::vector<std::string>& ids) {
  const std::string path = at("messages", messages().size());
  Json message{{"role", "user"}, {"content", Json::array()}};
  for (const std::string& id : ids) {
    if (maybe(8)) continue;
    const std::string place = at(path + ".content", message["content"].size());
    Json result{{"type", "tool_result"}, {"tool_use_id", id}};
    if (maybe()) {
      add_word(result, place, "content");
    } else {
      const std::size_t count = 1 + pick(3);
      for (std::size_t i = 0; i < count; ++i) result["content"].push_back(shown(at(place + ".content", i)));
    }
    if (maybe(3)) {
      result["is_error"] = true;
      trace(place + ".is_error")
          .form(Dialect::openai_chat, "The tool failed: ")
          .form(Dialect::anthropic, R"("is_error":true)")
          .form(Dialect::gemini, R"("response":{"error":)")
          .form(Dialect::bedrock, R"("status":"error")");
    }
    add_cache_mark(result, place, 8);
    add_unknown(result, place);
    message["content"].push_back(result);
  }
  if (maybe(3)) message["content"].push_back(text(at(path + ".content", message["content"].size())));
  if (!message["content"].empty()) messages().push_back(message);
}

void MessagesMaker::add_assistant(const std::string& path) {
  Json message{{"role", "assistant"}, {"content", Json::array()}};
  Json& content = message["content"];
  const auto place = [&] { return at(path + ".content", content.size()); };
  if (maybe(3)) content.push_back(thought(place()));
  if (!maybe(3)) content.push_back(text(place()));
  if (maybe(8)) content.push_back(foreign(place()));
  std::vector<std::string> ids;
  for (std::size_t i = maybe() ? 1 + pick(2) : 0; i > 0; --i) {
    ids.push_back("toolu_" + plain());
    const std::string argument = word();
    Json call{{"type", "tool_use"}, {"id", ids.back()}, {"name", plain()}, {"input", {{"a", argument}}}};
    trace(place(), {argument, call["name"].get<std::string>()});
    add_cache_mark(call, place(), 12);
    add_unknown(call, place());
    content.push_back(call);
  }
  if (content.empty()) content.push_back(text(place()));
  messages().push_back(message);
  if (!ids.empty()) add_results(ids);
}

void MessagesMaker::add_system() {
  if (maybe()) {
    add_word(made.body, "", "system");
    return;
  }
  const std::size_t count = 1 + pick(2);
  for (std::size_t i = 0; i < count; ++i) made.body["system"].push_back(text(at("system", i)));
}

void MessagesMaker::add_message() {
  const std::string path = at("messages", messages().size());
  if (maybe()) return add_assistant(path);
  if (!maybe(12)) return add_user(path);
  Json message{{"role", "system"}};
  if (maybe()) {
    message["content"].push_back(maybe() ? foreign(path + ".content[0]") : text(path + ".content[0]"));
  } else {
    add_word(message, path, "content");
  }
  messages().push_back(message);
}

MessagesMaker::Json MessagesMaker::tool(const std::string& path, const std::string& name) {
  if (maybe(6)) {
    Json hosted{{"type", "x_" + plain()}, {"name", name}};
    add_word(hosted, path, "place");
    return hosted;
  }
  Json tool{{"name", name}, {"input_schema", schema(path + ".input_schema")}};
  trace(path, {name});
  if (maybe()) add_word(tool, path, "description");
  if (maybe(3)) {
    tool["strict"] = true;
    trace(path + ".strict")
        .form(Dialect::openai_chat, R"("strict":true)")
        .form(Dialect::anthropic, R"("strict":true)")
        .form(Dialect::gemini, R"("mode":")")
        .form(Dialect::bedrock, R"("strict":true)");
  }
  add_cache_mark(tool, path, 6);
  add_unknown(tool, path);
  return tool;
}

void MessagesMaker::add_tool_choice(const std::string& name) {
  Json& choice = made.body["tool_choice"];
  Trace& told = trace("tool_choice.type");
  switch (pick(3)) {
    case 0:
      choice = {{"type", "none"}};
      if (made.body["tools"][0].contains("place")) {  // of the provider's own: there may be none left
        told.hint(everyone);
        return;
      }
      told.form(Dialect::openai_chat, R"("tool_choice":"none")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"none")")
          .form(Dialect::gemini, R"("mode":"NONE")")
          .hint({Dialect::bedrock});  // told by leaving out the tools, where the history allows it
      return;
    case 1:
      choice = {{"type", "any"}};
      told.form(Dialect::openai_chat, R"("tool_choice":"required")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"any")")
          .form(Dialect::anthropic, R"("type":"any"})")
          .form(Dialect::anthropic, R"("type":"any",)")
          .form(Dialect::gemini, R"("mode":"ANY")")
          .form(Dialect::bedrock, R"("toolChoice":{"any":{}})");
      break;
    default:
      choice = {{"type", "tool"}, {"name", name}};
      told.form(Dialect::openai_chat, R"("tool_choice":{)")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"tool","name":")" + name)
          .form(Dialect::anthropic, R"("type":"tool"})")
          .form(Dialect::anthropic, R"("type":"tool",)")
          .form(Dialect::gemini, R"("allowedFunctionNames":[")" + name)
          .form(Dialect::bedrock, R"("toolChoice":{"tool":{"name":")" + name);
  }
  add_unknown(choice, "tool_choice");
  if (!maybe(3)) return;
  choice["disable_parallel_tool_use"] = true;
  trace("tool_choice.disable_parallel_tool_use")
      .form(Dialect::openai_chat, R"("parallel_tool_calls":false)")
      .form(Dialect::anthropic, R"("disable_parallel_tool_use":true)");
}

void MessagesMaker::add_tools() {
  if (maybe(3)) return;
  const std::string name = plain();
  made.body["tools"].push_back(tool("tools[0]", name));
  if (maybe()) made.body["tools"].push_back(tool("tools[1]", plain()));
  if (maybe()) add_tool_choice(name);
}

void MessagesMaker::add_thinking() {
  Json& thinking = made.body["thinking"];
  constexpr std::array<std::string_view, 3> types{"enabled", "adaptive", "disabled"};
  const std::string type(one_of(types));
  thinking = {{"type", type}};
  Trace& told = trace("thinking.type")
                    .form(Dialect::openai_chat, R"("reasoning_effort":")")
                    .form(Dialect::openai_chat, R"("thinking":{"type":"disabled"})")
                    .form(Dialect::anthropic, R"("thinking":{)")
                    .form(Dialect::gemini, R"("thinkingConfig":{)")
                    .form(Dialect::bedrock, R"("thinking":{)")
                    .form(Dialect::bedrock, R"("reasoningConfig":{)")
                    .form(Dialect::bedrock, R"("reasoning_effort":)");
  if (type == "disabled") told.hint(everyone);  // most do not think of their own accord
  if (type == "enabled") thinking["budget_tokens"] = whole();
  // Left to the model: what OpenAI's dialect says by saying nothing.
  if (type == "adaptive") told.hint({Dialect::openai_chat});
  if (type != "disabled" && maybe(3)) thinking["display"] = "summarized";
  add_unknown(thinking, "thinking");
}

void MessagesMaker::add_output() {
  Json output = Json::object();
  constexpr std::array<std::string_view, 5> efforts{"low", "medium", "high", "max", "x_odd"};
  if (maybe()) {
    output["effort"] = one_of(efforts);
    trace("output_config.effort")
        .form(Dialect::openai_chat, R"("reasoning_effort":")")
        .form(Dialect::anthropic, R"("effort":")")
        .form(Dialect::anthropic, R"("thinking":{"type":"enabled")")
        .form(Dialect::gemini, R"("thinkingConfig":{)")
        .form(Dialect::bedrock, R"("thinking":{)")
        .form(Dialect::bedrock, R"("reasoningConfig":{)")
        .form(Dialect::bedrock, R"("reasoning_effort":)")
        .named("thinking");
    const bool off = made.body.contains("thinking") && made.body["thinking"]["type"] == "disabled";
    if (off) made.traces.back().hint(everyone);  // nothing is thought
  }
  if (maybe()) {
    output["format"] = {{"type", "json_schema"}, {"schema", schema("output_config.format.schema")}};
    add_unknown(output["format"], "output_config.format");
  }
  add_unknown(output, "output_config");
  made.body["output_config"] = output;
}

void MessagesMaker::add_options() {
  if (maybe(3)) add_number(made.body, "", "temperature", fraction());
  if (maybe(3)) add_number(made.body, "", "top_p", fraction());
  if (maybe(4)) add_number(made.body, "", "top_k", whole());
  if (maybe(3)) {
    for (std::size_t i = 0, count = 1 + pick(6); i < count; ++i) {
      made.body["stop_sequences"].push_back(word());
      trace(at("stop_sequences", i), {made.body["stop_sequences"].back().get<std::string>()});
    }
  }
  if (maybe(3)) {
    made.body["metadata"] = Json::object();
    add_word(made.body["metadata"], "metadata", "user_id");
    add_unknown(made.body["metadata"], "metadata");
  }
  if (maybe(4)) {
    made.body["service_tier"] = "standard_only";
    trace("service_tier")
        .form(Dialect::anthropic, R"("service_tier":"standard_only")")
        .form(Dialect::gemini, R"("serviceTier":"standard")")
        .form(Dialect::bedrock, R"("serviceTier":{"type":"default")");
  }
  if (maybe()) made.body["stream"] = true;
  // Where the end is marked already, nothing is added by it.
  if (messages().back().dump().find("cache_control") == std::string::npos) add_cache_mark(made.body, "", 6);
  add_unknown(made.body, "");
  if (maybe(6)) made.body["models"] = {"a/b"};  // ours
}

RandomRequest MessagesMaker::make() {
  made.body["model"] = "auto";
  add_number(made.body, "", "max_tokens", whole());
  if (maybe()) add_system();
  messages() = Json::array();
  for (std::size_t i = 0, count = 1 + pick(5); i < count; ++i) add_message();
  add_tools();
  if (maybe(3)) add_thinking();
  if (maybe(3)) add_output();
  add_options();
  return std::move(made);
}

}  // namespace

RandomRequest random_messages(std::uint32_t seed) { return MessagesMaker(seed).make(); }

}  // namespace triaged::dialects
