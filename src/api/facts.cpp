#include "api/facts.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace triaged::api {
namespace {

struct Span {
  std::size_t begin = 0;
  std::size_t size = 0;
};

// Texts are collected in one block first; what points into it is set when it has its final place.
class Texts {
 public:
  Span add(const JsonString& string) {
    const std::size_t begin = text_.size();
    string.append_to(text_);
    return {begin, text_.size() - begin};
  }
  std::string& all() { return text_; }

 private:
  std::string text_;
};

void count_media(chat::PartKind kind, chat::Message& message) {
  if (kind == chat::PartKind::image) ++message.images;
  if (kind == chat::PartKind::audio) ++message.audios;
  if (kind == chat::PartKind::document) ++message.files;
  if (kind == chat::PartKind::tool_call) ++message.tool_calls;
}

// NOLINTNEXTLINE(misc-no-recursion): results hold no results
void add_parts(const std::vector<chat::Part>& parts, chat::Message& message, std::string& text, bool& first) {
  for (const chat::Part& part : parts) {
    count_media(part.kind, message);
    const bool words = part.kind == chat::PartKind::text || part.kind == chat::PartKind::refusal ||
                       (part.kind == chat::PartKind::document && !part.media.text.empty());
    if (words) {
      if (!first) text.push_back('\n');
      first = false;
      const JsonString& string = part.kind == chat::PartKind::document ? part.media.text : part.text;
      string.append_to(text);
    }
    if (part.kind == chat::PartKind::tool_result) add_parts(part.content, message, text, first);
  }
}

bool only_results(const chat::Turn& turn) {
  return !turn.parts.empty() && std::all_of(turn.parts.begin(), turn.parts.end(), [](const chat::Part& part) {
    return part.kind == chat::PartKind::tool_result;
  });
}

std::vector<std::pair<JsonString, JsonString>> pairs_in(chat::JsonText object) {
  std::vector<std::pair<JsonString, JsonString>> pairs;
  JsonReader reader(object);
  if (object.empty() || !reader.enter_object_or_skip()) return pairs;
  JsonString key;
  while (reader.next_member(key)) {
    if (const auto value = reader.string_or_skip()) pairs.emplace_back(key, *value);
  }
  return pairs;
}

std::vector<JsonString> strings_in(chat::JsonText array) {
  std::vector<JsonString> strings;
  JsonReader reader(array);
  if (array.empty() || !reader.enter_array_or_skip()) return strings;
  while (reader.next_element()) {
    if (const auto value = reader.string_or_skip()) strings.push_back(*value);
  }
  return strings;
}

// The places of a body's top level that a same-dialect route changes. Gives `metadata`: rules may look at all of it,
// also at what the conversation does not carry because the dialect's provider knows no such member.
chat::JsonText mark_places(std::string_view body, chat::Request& request, std::string_view messages_name) {
  chat::JsonText metadata;
  JsonReader reader(body);
  if (reader.peek() != JsonType::object) return metadata;
  reader.enter_object();
  request.object_begin = reader.position();
  bool any_kept = false;
  bool cut_open = false;  // a cut first member still has to take the comma behind it
  JsonString key;
  while (reader.next_member(key)) {
    if (cut_open) request.models_members.back().end = reader.comma_position() + 1;
    cut_open = false;
    const std::size_t key_begin = reader.key_position();
    const std::size_t comma = reader.comma_position();
    const std::size_t begin = reader.value_position();
    const std::string_view value = reader.skip();
    const chat::ByteRange range{begin, begin + value.size()};
    if (key.equals("models")) {
      request.models_members.push_back({any_kept ? comma : key_begin, range.end});
      cut_open = !any_kept;
      continue;
    }
    any_kept = true;
    if (key.equals("model")) request.model_values.push_back(range);
    if (key.equals("metadata")) metadata = value;
    if (key.equals("stream_options")) request.stream_options_values.push_back(range);
    const bool has_turns =
        value.size() > 2 && value.front() == '[' && value.find_first_not_of(" \t\r\n", 1) != value.size() - 1;
    if (key.equals(messages_name) && has_turns) request.messages_end = range.end - 1;
  }
  return metadata;
}

std::string_view name_of_messages(chat::Dialect dialect) {
  return dialect == chat::Dialect::openai_responses ? "input" : "messages";
}

}  // namespace

chat::Request facts_of(const chat::Conversation& conversation, std::string_view body) {
  chat::Request request;
  request.dialect = conversation.dialect;
  request.body_bytes = body.size();
  request.stream = conversation.stream;
  request.include_usage = conversation.include_usage;
  request.format = conversation.format.kind;
  request.tools = static_cast<std::uint32_t>(conversation.tools.size());
  request.tool_choice_forced =
      conversation.tool_choice.use == chat::ToolUse::required || conversation.tool_choice.use == chat::ToolUse::named;
  request.max_output_tokens = conversation.max_output_tokens;
  request.answers = conversation.answers;
  request.wants_logprobs = conversation.logprobs;
  request.wants_audio = conversation.modalities.find("\"audio\"") != std::string_view::npos;

  Texts texts;
  std::vector<Span> messages;
  messages.reserve(conversation.turns.size());
  for (const chat::Turn& turn : conversation.turns) {
    chat::Message& message = request.messages.emplace_back();
    message.role = turn.role == chat::Role::user && only_results(turn) ? chat::Role::tool : turn.role;
    const std::size_t begin = texts.all().size();
    bool first = true;
    add_parts(turn.parts, message, texts.all(), first);
    messages.push_back({begin, texts.all().size() - begin});
  }
  const Span model = texts.add(conversation.model);
  const Span effort = texts.add(conversation.reasoning.effort);
  const Span user = texts.add(conversation.user);
  const Span session = texts.add(conversation.cache_key);
  std::vector<Span> models;
  for (const chat::Member& other : conversation.others) {
    if (!other.name.equals("models")) continue;
    for (const JsonString& each : strings_in(other.value)) models.push_back(texts.add(each));
  }
  std::vector<std::pair<Span, Span>> metadata;
  for (const auto& [name, value] : pairs_in(mark_places(body, request, name_of_messages(conversation.dialect)))) {
    const Span key = texts.add(name);
    metadata.emplace_back(key, texts.add(value));
  }

  request.text_ = std::make_shared<const std::string>(std::move(texts.all()));
  const std::string_view all = *request.text_;
  const auto view = [all](const Span& span) { return all.substr(span.begin, span.size); };
  for (std::size_t i = 0; i < messages.size(); ++i) request.messages[i].text = view(messages[i]);
  request.model = view(model);
  request.reasoning_effort = view(effort);
  request.user = view(user);
  request.session = view(session);
  for (const Span& each : models) request.models.push_back(view(each));
  for (const auto& [name, value] : metadata) request.metadata.emplace_back(view(name), view(value));
  return request;
}

}  // namespace triaged::api
