#include "dialects/random_request.hpp"

#include <cstdio>

namespace triaged::dialects {
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = i; j < i + 3; ++j)
      bits = bits << 8U | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text.push_back(i + j > bytes.size() ? '=' : letters[bits >> (18 - 6 * j) & 63U]);
  }
  return text;
}

}  // namespace

std::string at(const std::string& path, std::size_t index) { return path + "[" + std::to_string(index) + "]"; }

std::string RandomMaker::plain() { return "q" + std::to_string(count_++) + "z"; }

std::string RandomMaker::word() {
  constexpr std::array<std::string_view, 12> pieces{"a", "Zoë", "\"", "\\", "\n",     "\t",
                                                    "/", "😀",   " ",  "x1", "\u0001", "{}"};
  std::string text = plain();
  for (std::size_t i = pick(5); i > 0; --i) text.append(one_of(pieces));
  return text + "w";
}

double RandomMaker::fraction() { return (count_++ * 10 + 1) / 10000.0; }

std::int64_t RandomMaker::whole() { return 41000 + count_++; }

std::string RandomMaker::image() { return "iVBORw0KGgo" + base64(plain() + "aa").substr(0, 8) + "A"; }

std::string RandomMaker::pdf() { return "JVBERi" + base64(plain() + "aa").substr(0, 6); }

std::string RandomMaker::encoded(std::string& text) {
  text = word();
  return base64(text);
}

Trace& RandomMaker::add_word(Json& object, const std::string& path, const std::string& name) {
  const std::string value = word();
  object[name] = value;
  return trace(path.empty() ? name : path + "." + name, {value});
}

Trace& RandomMaker::add_number(Json& object, const std::string& path, const std::string& name, Json value) {
  object[name] = value;
  return trace(path.empty() ? name : path + "." + name, {value.dump()});
}

void RandomMaker::add_unknown(Json& object, const std::string& path) {
  if (!maybe(8)) return;
  const std::string name = "x_" + plain();
  const std::string value = word();
  object[name] = maybe() ? Json(value) : Json{{"deep", {value}}};
  trace(path.empty() ? name : path + "." + name, {value});
}

void RandomMaker::add_cache_mark(Json& object, const std::string& path, std::size_t of) {
  if (!maybe(of)) return;
  object["cache_control"] = {{"type", "ephemeral"}};
  const bool long_lived = maybe();
  if (long_lived) object["cache_control"]["ttl"] = "1h";
  trace(path.empty() ? "cache_control" : path + ".cache_control")
      .form(chat::Dialect::anthropic, R"("cache_control":{"t)")
      .form(chat::Dialect::bedrock, R"("cachePoint":{"type":"default")")
      .hint(caching);
}

void RandomMaker::add_parallel_calls() {
  if (!maybe()) return;
  const bool parallel = maybe();
  made.body["parallel_tool_calls"] = parallel;
  Trace& told = trace("parallel_tool_calls")
                    .form(chat::Dialect::openai_chat, R"("parallel_tool_calls":)")
                    .form(chat::Dialect::anthropic, R"("disable_parallel_tool_use":true)");
  const bool none = made.body.contains("tool_choice") && made.body["tool_choice"] == "none";
  if (parallel || none) told.hint(everyone);  // what happens anyway
}

RandomMaker::Json RandomMaker::schema(const std::string& path) {
  Json schema{{"type", "object"}, {"properties", {{"a", {{"type", "string"}}}}}, {"additionalProperties", false}};
  if (maybe()) schema["required"] = {"a"};
  add_word(schema["properties"]["a"], path + ".properties.a", "description");
  if (maybe(4)) {
    const std::int64_t most = whole();
    schema["properties"]["a"]["maxLength"] = most;
    trace(path + ".properties.a.maxLength", {std::to_string(most)});
  }
  return schema;
}

RandomRequest random_request(chat::Dialect client, std::uint32_t seed) {
  switch (client) {
    case chat::Dialect::anthropic: return random_messages(seed);
    case chat::Dialect::openai_responses: return random_responses(seed);
    case chat::Dialect::openai_completions: return random_completion(seed);
    default: return random_chat(seed);
  }
}

}  // namespace triaged::dialects
