// Requests for chat completions, and for the completions before them.
#include "dialects/random_request.hpp"

namespace triaged::dialects {
namespace {

using chat::Dialect;

class ChatMaker : public RandomMaker {
 public:
  using RandomMaker::RandomMaker;
  RandomRequest chat();
  RandomRequest completion();

 private:
  void add_message();
  void add_assistant(Json& message, const std::string& path);
  void add_calls(Json& message, const std::string& path);
  void add_result(const std::string& id);
  void add_content(Json& message, const std::string& path, bool media);
  Json part(const std::string& path);
  Json picture(const std::string& path);
  Json file(const std::string& path);
  void add_tools();
  Json tool(const std::string& path, const std::string& name);
  void add_tool_choice(const std::string& name);
  void add_common();
  void add_sampling();
  void add_reasoning();
  void add_format();
  void add_labels();
  Json& messages() { return made.body["messages"]; }
};

ChatMaker::Json ChatMaker::picture(const std::string& path) {
  const std::string content = maybe() ? image() : "https://pictures.test/" + plain() + ".png";
  const bool data = content.front() == 'i';
  Json url{{"url", (data ? "data:image/png;base64," : "") + content}};
  trace(path, {content});
  constexpr std::array<std::string_view, 3> details{"low", "high", "auto"};
  if (maybe()) {
    const std::string_view detail = one_of(details);
    url["detail"] = detail;
    Trace& told = trace(path + ".image_url.detail")
                      .form(Dialect::openai_chat, R"("detail":")" + std::string(detail) + "\"")
                      .form(Dialect::gemini, R"("mediaResolution":{"level":"MEDIA_RESOLUTION_)");
    if (detail == "auto") told.hint(everyone);  // as they please
  }
  add_unknown(url, path + ".image_url");
  return {{"type", "image_url"}, {"image_url", url}};
}

ChatMaker::Json ChatMaker::file(const std::string& path) {
  Json file = Json::object();
  std::string content;
  switch (pick(3)) {
    case 0:
      content = pdf();
      file["file_data"] = "data:application/pdf;base64," + content;
      break;
    case 1: {
      const std::string base64 = encoded(content);
      file["file_data"] = "data:text/plain;base64," + base64;
      trace(path, {content}).form(Dialect::openai_chat, base64);
      break;
    }
    default: file["file_id"] = content = "file-" + plain();
  }
  if (maybe()) {
    file["filename"] = plain();
    Trace& told = trace(path + ".file.filename", {file["filename"].get<std::string>()});
    // The id of an uploaded file knows its name.
    if (file.contains("file_id")) told.hint(everyone);
  }
  if (!file.contains("file_data") || content.starts_with("JVBERi")) trace(path, {content});
  add_unknown(file, path + ".file");
  return {{"type", "file"}, {"file", file}};
}

ChatMaker::Json ChatMaker::part(const std::string& path) {
  switch (pick(8)) {
    case 0:
    case 1: return picture(path);
    case 2: return file(path);
    case 3: {
      const std::string sound = image();
      trace(path, {sound});
      return {{"type", "input_audio"}, {"input_audio", {{"data", sound}, {"format", maybe() ? "wav" : "mp3"}}}};
    }
    case 4: {
      Json other{{"type", "x_" + plain()}};
      trace(path, {other["type"].get<std::string>()});
      return other;
    }
    case 5: return {{"type", "text"}, {"text", ""}};
    default: {
      Json text{{"type", "text"}};
      add_word(text, path, "text");
      add_cache_mark(text, path);
      add_unknown(text, path);
      return text;
    }
  }
}

void ChatMaker::add_content(Json& message, const std::string& path, bool media) {
  if (maybe()) {
    add_word(message, path, "content");
    return;
  }
  Json parts = Json::array();
  const std::size_t count = 1 + pick(4);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string place = at(path + ".content", i);
    if (media) {
      parts.push_back(part(place));
      continue;
    }
    Json text{{"type", "text"}};
    add_word(text, place, "text");
    add_cache_mark(text, place);
    add_unknown(text, place);
    parts.push_back(text);
  }
  message["content"] = parts;
}

void ChatMaker::add_calls(Json& message, const std::string& path) {
  const std::size_t count = 1 + pick(3);
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string place = at(path + ".tool_calls", i);
    const std::string argument = word();
    Json function{{"name", plain()}, {"arguments", Json{{"a", argument}}.dump()}};
    trace(place, {argument, function["name"].get<std::string>()});
    ids.push_back("call_" + plain());
    Json call{{"id", ids.back()}, {"type", "function"}, {"function", function}};
    add_unknown(call, place);
    message["tool_calls"].push_back(call);
  }
  messages().push_back(message);
  for (const std::string& id : ids) {
    if (!maybe(6)) add_result(id);
  }
}

void ChatMaker::add_result(const std::string& id) {
  const std::string path = at("messages", messages().size());
  Json message{{"role", "tool"}, {"tool_call_id", id}};
  add_content(message, path, false);
  add_unknown(message, path);
  messages().push_back(message);
}

void ChatMaker::add_assistant(Json& message, const std::string& path) {
  if (maybe(3)) {
    // A thought means something to its maker only.
    add_word(message, path, "reasoning_content").hint(everyone);
  }
  if (maybe(6)) {
    message["content"] = nullptr;
    // Some providers refuse what another one's answer said beside its text.
    add_word(message, path, "refusal").hint({Dialect::openai_chat});
  } else {
    add_content(message, path, false);
  }
  if (maybe(6)) {
    message["audio"] = {{"id", plain()}};
    trace(path + ".audio", {message["audio"]["id"].get<std::string>()}).hint({Dialect::openai_chat});
  }
}

void ChatMaker::add_message() {
  const std::string path = at("messages", messages().size());
  Json message = Json::object();
  constexpr std::array<std::string_view, 6> roles{"system", "developer", "user", "user", "assistant", "assistant"};
  const std::string_view role = one_of(roles);
  message["role"] = role;
  add_unknown(message, path);
  if (role == "assistant") {
    add_assistant(message, path);
    if (maybe()) return add_calls(message, path);
  } else {
    add_content(message, path, role == "user");
  }
  if (maybe(4)) {
    message["name"] = plain();
    trace(path + ".name", {message["name"].get<std::string>()});
  }
  messages().push_back(message);
  if (maybe(12)) add_result("call_" + plain());  // of a call that is not there
}

ChatMaker::Json ChatMaker::tool(const std::string& path, const std::string& name) {
  if (maybe(6)) {
    Json hosted{{"type", "x_" + plain()}};
    add_word(hosted, path, "place");
    return hosted;
  }
  const bool custom = maybe(6);
  const std::string kind = custom ? "custom" : "function";
  const std::string inner = path + "." + kind;
  Json function{{"name", name}};
  trace(path, {name});
  if (maybe()) add_word(function, inner, "description");
  if (custom && maybe()) {
    function["format"] = {{"type", "grammar"}, {"grammar", {{"definition", word()}}}};
    trace(inner + ".format", {function["format"]["grammar"]["definition"].get<std::string>()});
  }
  if (!custom && maybe()) function["parameters"] = schema(inner + ".parameters");
  if (!custom && maybe()) {
    const bool strict = maybe();
    function["strict"] = strict;
    Trace& told = trace(inner + ".strict")
                      .form(Dialect::openai_chat, strict ? R"("strict":true)" : R"("strict":false)")
                      .form(Dialect::anthropic, R"("strict":true)")
                      .form(Dialect::gemini, R"("mode":"VALIDATED")")
                      .form(Dialect::gemini, R"("mode":"ANY")")
                      .form(Dialect::gemini, R"("mode":"NONE")")
                      .form(Dialect::bedrock, R"("strict":true)");
    if (!strict) told.hint(everyone);  // what happens anyway
  }
  add_unknown(function, inner);
  Json tool{{"type", kind}, {kind, function}};
  add_cache_mark(tool, path, 6);
  add_unknown(tool, path);
  return tool;
}

void ChatMaker::add_tool_choice(const std::string& name) {
  Json& choice = made.body["tool_choice"];
  // With the others left out, nothing else may be called.
  const bool alone =
      made.body.contains("tools") && made.body["tools"].size() == 1 && made.body["tools"][0].contains("function");
  switch (pick(alone ? 5 : 4)) {
    case 0: choice = "auto"; break;  // what happens anyway
    case 1:
      choice = "none";
      if (!made.body.contains("tools") || !made.body["tools"][0].contains("type") ||
          made.body["tools"][0].contains("place"))
        break;
      trace("tool_choice")
          .form(Dialect::openai_chat, R"("tool_choice":"none")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"none")")
          .form(Dialect::gemini, R"("mode":"NONE")")
          .hint({Dialect::bedrock});  // told by leaving out the tools, where the history allows it
      break;
    case 2:
      choice = "required";
      trace("tool_choice")
          .form(Dialect::openai_chat, R"("tool_choice":"required")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"any")")
          .form(Dialect::gemini, R"("mode":"ANY")")
          .form(Dialect::bedrock, R"("toolChoice":{"any":{}})");
      break;
    case 4:
      choice = {{"type", "allowed_tools"},
                {"allowed_tools",
                 {{"mode", "required"}, {"tools", {{{"type", "function"}, {"function", {{"name", name}}}}}}}}};
      trace("tool_choice")
          .form(Dialect::openai_chat, R"("tool_choice":"required")")
          .form(Dialect::openai_chat, R"("allowed_tools")")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"any")")
          .form(Dialect::gemini, R"("mode":"ANY")")
          .form(Dialect::bedrock, R"("toolChoice":{"any":{}})");
      break;
    default:
      choice = {{"type", "function"}, {"function", {{"name", name}}}};
      add_unknown(choice, "tool_choice");
      trace("tool_choice")
          .form(Dialect::openai_chat, R"("tool_choice":{)")
          .form(Dialect::anthropic, R"("tool_choice":{"type":"tool","name":")" + name)
          .form(Dialect::gemini, R"("allowedFunctionNames":[")" + name)
          .form(Dialect::bedrock, R"("toolChoice":{"tool":{"name":")" + name);
  }
}

void ChatMaker::add_tools() {
  const std::string name = plain();
  if (!maybe(3)) {
    made.body["tools"].push_back(tool("tools[0]", name));
    const bool more = made.body["tools"][0].contains("function");
    if (more && maybe()) made.body["tools"].push_back(tool("tools[1]", plain()));
  }
  if (maybe()) add_tool_choice(name);
  add_parallel_calls();
}

void ChatMaker::add_common() {
  if (maybe(3)) add_number(made.body, "", "temperature", maybe(4) ? 1 + fraction() : fraction());
  if (maybe(3)) add_number(made.body, "", "top_p", fraction());
  if (maybe(4)) add_number(made.body, "", "presence_penalty", fraction());
  if (maybe(4)) add_number(made.body, "", "frequency_penalty", fraction());
  if (maybe(4)) add_number(made.body, "", "seed", whole());
  if (maybe(4)) {
    made.body["logit_bias"] = {{std::to_string(whole()), 5}};
    trace("logit_bias", {made.body["logit_bias"].begin().key()});
  }
  if (maybe(5)) {
    made.body["n"] = 3;
    trace("n").form(Dialect::openai_chat, R"("n":3)").form(Dialect::gemini, R"("candidateCount":3)");
  }
  if (maybe(3)) {
    const std::size_t count = 1 + pick(7);
    Json stops = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
      stops.push_back(word());
      trace(at("stop", i), {stops.back().get<std::string>()});
    }
    made.body["stop"] = stops;
  }
  if (maybe(3)) add_word(made.body, "", "user");
  if (maybe()) {
    made.body["stream"] = true;
    if (maybe()) {
      made.body["stream_options"] = {{"include_usage", true}};
      add_unknown(made.body["stream_options"], "stream_options");
    }
  }
  add_unknown(made.body, "");
  if (maybe(6)) made.body["models"] = {"a/b"};  // ours
}

void ChatMaker::add_sampling() {
  if (maybe(4)) add_number(made.body, "", "top_k", whole());
  if (maybe(4)) add_number(made.body, "", maybe() ? "max_tokens" : "max_completion_tokens", whole());
  if (maybe(4)) {
    made.body["logprobs"] = true;
    trace("logprobs")
        .form(Dialect::openai_chat, R"("logprobs":true)")
        .form(Dialect::gemini, R"("responseLogprobs":true)");
  }
  if (maybe(4)) add_number(made.body, "", "top_logprobs", whole());
}

void ChatMaker::add_reasoning() {
  constexpr std::array<std::string_view, 8> efforts{"none", "minimal", "low", "medium",
                                                    "high", "xhigh",   "max", "x_odd"};
  const std::string effort(one_of(efforts));
  const auto asked = [&](const std::string& path) -> Trace& {
    return trace(path)
        .form(Dialect::openai_chat, R"("reasoning_effort":")")
        .form(Dialect::openai_chat, R"("thinking":{)")
        .form(Dialect::openai_chat, R"("reasoning":{)")
        .form(Dialect::anthropic, R"("thinking":{)")
        .form(Dialect::gemini, R"("thinkingConfig":{)")
        .form(Dialect::bedrock, R"("thinking":{)")
        .form(Dialect::bedrock, R"("reasoningConfig":{)")
        .form(Dialect::bedrock, R"("reasoning_effort":)")
        .named("reasoning_effort")
        .named("reasoning")
        .named("thinking");
  };
  switch (pick(6)) {
    case 0:
    case 1: {
      made.body["reasoning_effort"] = effort;
      Trace& told = asked("reasoning_effort");
      // Those do not think of their own accord.
      if (effort == "none") told.hint({Dialect::anthropic, Dialect::gemini, Dialect::bedrock, Dialect::openai_chat});
      break;
    }
    case 2: {
      Json reasoning = Json::object();
      if (maybe()) {
        reasoning["max_tokens"] = whole();
        asked("reasoning.max_tokens");
      } else {
        reasoning["effort"] = "high";
        asked("reasoning.effort");
      }
      add_unknown(reasoning, "reasoning");
      made.body["reasoning"] = reasoning;
      break;
    }
    case 3: {
      made.body["thinking"] = {{"type", maybe(6) ? "x_odd" : "enabled"}};
      asked("thinking.type");
      if (maybe()) made.body["thinking"]["budget_tokens"] = whole();
      add_unknown(made.body["thinking"], "thinking");
      break;
    }
    default: break;
  }
  if (maybe(4)) {
    made.body["verbosity"] = "low";
    trace("verbosity").form(Dialect::openai_chat, R"("verbosity":"low")");
  }
}

void ChatMaker::add_format() {
  if (maybe()) return;
  Json& format = made.body["response_format"];
  if (maybe(4)) {
    format = {{"type", "json_object"}};
    trace("response_format")
        .form(Dialect::openai_chat, R"("response_format":{"type":"json_object"})")
        .form(Dialect::gemini, R"("responseMimeType":"application/json")");
    return;
  }
  Json inner{{"name", plain()}, {"schema", schema("response_format.json_schema.schema")}};
  trace("response_format.json_schema.name", {inner["name"].get<std::string>()})
      .hint({Dialect::anthropic, Dialect::gemini});  // a label that only OpenAI insists on
  if (maybe()) add_word(inner, "response_format.json_schema", "description");
  if (maybe()) inner["strict"] = true;
  add_unknown(inner, "response_format.json_schema");
  format = {{"type", "json_schema"}, {"json_schema", inner}};
  add_unknown(format, "response_format");
}

void ChatMaker::add_labels() {
  if (maybe(4)) add_word(made.body, "", "safety_identifier");
  if (maybe(4)) {
    made.body["metadata"] = {{plain(), maybe() ? word() : plain()}};
    trace("metadata", {made.body["metadata"].begin().key(), made.body["metadata"].begin()->get<std::string>()});
  }
  if (maybe(4)) {
    const bool store = maybe();
    made.body["store"] = store;
    Trace& told = trace("store").form(Dialect::openai_chat, store ? R"("store":true)" : R"("store":false)");
    if (!store) told.hint(everyone);
  }
  if (maybe(4)) add_word(made.body, "", "prompt_cache_key").hint(everyone);
  constexpr std::array<std::string_view, 5> tiers{"auto", "default", "flex", "priority", "x_odd"};
  if (maybe(4)) {
    const std::string tier(one_of(tiers));
    made.body["service_tier"] = tier;
    Trace& told = trace("service_tier")
                      .form(Dialect::openai_chat, R"("service_tier":)")
                      .form(Dialect::anthropic, R"("service_tier":)")
                      .form(Dialect::gemini, R"("serviceTier":)")
                      .form(Dialect::bedrock, R"("serviceTier":)");
    if (tier == "auto") told.hint(everyone);
  }
  if (maybe(6)) {
    made.body["modalities"] = {"text", "audio"};
    trace("modalities").form(Dialect::openai_chat, R"("modalities":)");
    made.body["audio"] = {{"voice", plain()}};
    trace("audio", {made.body["audio"]["voice"].get<std::string>()});
  }
  if (maybe(6)) {
    made.body["prediction"] = {{"type", "content"}, {"content", word()}};
    trace("prediction", {made.body["prediction"]["content"].get<std::string>()});
  }
  if (maybe(8)) {
    made.body["safetySettings"] = {{{"category", plain()}}};
    trace("safetySettings", {made.body["safetySettings"][0]["category"].get<std::string>()});
  }
}

RandomRequest ChatMaker::chat() {
  made.body["model"] = "auto";
  made.body["messages"] = Json::array();
  const std::size_t count = 1 + pick(6);
  for (std::size_t i = 0; i < count; ++i) add_message();
  add_tools();
  add_common();
  add_sampling();
  add_reasoning();
  add_format();
  add_labels();
  return std::move(made);
}

RandomRequest ChatMaker::completion() {
  add_word(made.body, "", "prompt");
  add_common();
  if (maybe(4)) add_number(made.body, "", "max_tokens", whole());
  if (maybe(4)) {
    made.body["logprobs"] = 3;
    trace("logprobs").form(Dialect::openai_chat, R"("top_logprobs":3)").form(Dialect::gemini, R"("logprobs":3)");
  }
  if (maybe(4)) add_word(made.body, "", "suffix");
  if (maybe(4)) add_number(made.body, "", "best_of", whole());
  return std::move(made);
}

}  // namespace

RandomRequest random_chat(std::uint32_t seed) { return ChatMaker(seed).chat(); }
RandomRequest random_completion(std::uint32_t seed) { return ChatMaker(seed).completion(); }

}  // namespace triaged::dialects
