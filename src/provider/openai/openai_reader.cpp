// Answers of OpenAI's chat dialect, and of the completions before it, as steps for clients of another dialect.
#include "triaged/base/text.hpp"
#include "triaged/chat/conversation.hpp"

#include "provider/openai/openai.hpp"
#include "provider/openai/openai_delta.hpp"
#include "provider/openai/openai_usage.hpp"
#include "provider/openai/part_numbers.hpp"

#include <simdjson.h>

#include <map>
#include <string>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol,
                        "The provider's answer is not a chat completion: " + std::string(problem) + ".");
}

// One tool call, or a piece of one.
struct CallPiece {
  std::int64_t index = -1;
  JsonString id, name, arguments;
};

class OpenAiChatReader final : public chat::AnswerReader {
 public:
  Result<void> event(std::string_view type, std::string_view data, chat::DeltaSink& sink) override;
  Result<void> whole(std::string_view body, chat::DeltaSink& sink) override { return read(body, sink); }

 private:
  Result<void> read(std::string_view text, chat::DeltaSink& sink);
  void read_choice(JsonReader& reader, chat::DeltaSink& sink, std::uint32_t place);
  void read_message(std::string_view message, std::uint32_t choice, chat::DeltaSink& sink);
  void read_citations(JsonReader& reader, std::uint32_t choice, chat::DeltaSink& sink);
  void read_words(JsonReader& reader, DeltaKind kind, std::uint32_t choice, chat::DeltaSink& sink);
  void read_parts(JsonReader& reader, std::uint32_t choice, chat::DeltaSink& sink);
  void read_calls(JsonReader& reader, std::uint32_t choice, chat::DeltaSink& sink);
  void give_call(const CallPiece& piece, std::uint32_t choice, chat::DeltaSink& sink);
  void give_start(const JsonString& id, const JsonString& model, bool says_something, chat::DeltaSink& sink);

  std::map<std::uint32_t, PartNumbers> choices_;
  bool started_ = false;
};

CallPiece read_call(JsonReader& reader, std::int64_t place) {
  CallPiece piece;
  piece.index = place;
  if (!reader.enter_object_or_skip()) return piece;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("id")) {
      piece.id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("index") && reader.peek() == JsonType::number) {
      piece.index = json_integer(reader.take_number()).value_or(place);
    } else if (key.equals("function") || key.equals("custom")) {
      if (!reader.enter_object_or_skip()) continue;
      JsonString member;
      while (reader.next_member(member)) {
        const auto string = reader.string_or_skip();
        if (!string) continue;
        if (member.equals("name")) piece.name = *string;
        if (member.equals("arguments") || member.equals("input")) piece.arguments = *string;
      }
    } else {
      reader.skip();
    }
  }
  return piece;
}

// Some streams begin with an event about the prompt that does not name the answer yet.
void OpenAiChatReader::give_start(const JsonString& id, const JsonString& model, bool says_something,
                                  chat::DeltaSink& sink) {
  if (started_ || (!says_something && id.empty() && model.empty())) return;
  started_ = true;
  Delta start;
  start.kind = DeltaKind::start;
  start.id = id;
  start.name = model;
  sink.take(start);
}

void OpenAiChatReader::read_words(JsonReader& reader, DeltaKind kind, std::uint32_t choice, chat::DeltaSink& sink) {
  if (reader.peek() == JsonType::array) {
    read_parts(reader, choice, sink);
    return;
  }
  const auto string = reader.string_or_skip();
  if (!string || string->empty()) return;
  Delta delta;
  delta.kind = kind;
  delta.choice = choice;
  delta.part = choices_[choice].of(kind);
  delta.text = *string;
  sink.take(delta);
}

// Content in parts: {"type":"text","text":...}, {"type":"thinking","thinking":[{"type":"text",...}]}.
// NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
void OpenAiChatReader::read_parts(JsonReader& reader, std::uint32_t choice, chat::DeltaSink& sink) {
  reader.enter_array();
  while (reader.next_element()) {
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("text")) {
        read_words(reader, DeltaKind::text, choice, sink);
      } else if (key.equals("thinking") && reader.peek() == JsonType::array) {
        reader.enter_array();
        while (reader.next_element()) {
          if (!reader.enter_object_or_skip()) continue;
          JsonString member;
          while (reader.next_member(member)) {
            if (member.equals("text") && reader.peek() == JsonType::string)
              read_words(reader, DeltaKind::thinking, choice, sink);
            else
              reader.skip();
          }
        }
      } else {
        reader.skip();
      }
    }
  }
}

// A piece belongs to the call of its index, unless it brings another id: some providers number every call 0.
void OpenAiChatReader::give_call(const CallPiece& piece, std::uint32_t choice, chat::DeltaSink& sink) {
  const PartNumbers::Call call = choices_[choice].call(piece.index, piece.id);
  Delta delta;
  delta.choice = choice;
  delta.part = call.part;
  if (call.begins) {
    delta.kind = DeltaKind::tool_call;
    delta.id = piece.id;
    delta.name = piece.name;
    sink.take(delta);
  }
  if (piece.arguments.empty()) return;
  delta.kind = DeltaKind::arguments;
  delta.id = {};
  delta.name = {};
  delta.text = piece.arguments;
  sink.take(delta);
}

void OpenAiChatReader::read_calls(JsonReader& reader, std::uint32_t choice, chat::DeltaSink& sink) {
  if (!reader.enter_array_or_skip()) return;
  std::int64_t place = 0;  // whole answers have no index
  while (reader.next_element()) give_call(read_call(reader, place++), choice, sink);
}

void OpenAiChatReader::read_citations(JsonReader& reader, std::uint32_t choice, chat::DeltaSink& sink) {
  reader.enter_array();
  while (reader.next_element()) {
    Delta delta;
    delta.kind = DeltaKind::citation;
    delta.choice = choice;
    delta.part = choices_[choice].of(DeltaKind::text);
    delta.json = reader.skip();
    sink.take(delta);
  }
}

// Thoughts come first, wherever a whole message has them. Some providers send the same thought under both names.
void OpenAiChatReader::read_message(std::string_view message, std::uint32_t choice, chat::DeltaSink& sink) {
  JsonReader looking(message, 256);
  JsonString key;
  if (!looking.enter_object_or_skip()) return;
  while (looking.next_member(key)) {
    const bool thought = key.equals("reasoning_content") || key.equals("reasoning");
    const bool words = looking.peek() == JsonType::string || looking.peek() == JsonType::array;
    const std::string_view value = looking.skip();
    if (!thought || !words || value == R"("")") continue;
    JsonReader inside(value, 256);
    read_words(inside, DeltaKind::thinking, choice, sink);
    break;
  }
  JsonReader reader(message, 256);
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("content")) {
      read_words(reader, DeltaKind::text, choice, sink);
    } else if (key.equals("refusal")) {
      read_words(reader, DeltaKind::refusal, choice, sink);
    } else if (key.equals("tool_calls")) {
      read_calls(reader, choice, sink);
    } else if (key.equals("annotations") && reader.peek() == JsonType::array) {
      read_citations(reader, choice, sink);
    } else {
      reader.skip();
    }
  }
}

// Probabilities of the completions before chat stand in columns; this makes rows of them.
std::string rows_of(std::string_view tokens, std::string_view values) {
  std::string rows;
  JsonReader names(tokens, 256);
  JsonReader numbers(values, 256);
  if (!names.enter_array_or_skip() || !numbers.enter_array_or_skip()) return rows;
  while (names.next_element() && numbers.next_element()) {
    const std::string_view name = names.skip();
    const bool known = numbers.peek() == JsonType::number;
    const std::string_view value = numbers.skip();
    if (!known) continue;  // the first token of an echoed prompt has none
    rows.append(rows.empty() ? R"([{"token":)" : R"(,{"token":)").append(name).append(R"(,"logprob":)").append(value);
    rows.append(R"(,"bytes":null,"top_logprobs":[]})");
  }
  if (!rows.empty()) rows.push_back(']');
  return rows;
}

// An array of rows in the `logprobs` at the cursor; `storage` holds it where it has to be made.
std::string_view read_probabilities(JsonReader& reader, std::string& storage) {
  std::string_view rows, tokens, values;
  if (!reader.enter_object_or_skip()) return rows;
  JsonString key;
  while (reader.next_member(key)) {
    const bool array = reader.peek() == JsonType::array;
    const std::string_view value = reader.skip();
    if (!array) continue;
    if (key.equals("content")) rows = value;
    if (key.equals("tokens")) tokens = value;
    if (key.equals("token_logprobs")) values = value;
  }
  if (!rows.empty() || tokens.empty()) return rows;
  storage = rows_of(tokens, values);
  return storage;
}

// The index of a choice may stand behind its words: it is looked for first.
void OpenAiChatReader::read_choice(JsonReader& reader, chat::DeltaSink& sink, std::uint32_t place) {
  if (reader.peek() != JsonType::object) {
    reader.skip();
    return;
  }
  const std::string_view text = reader.skip();
  std::uint32_t choice = place;
  Delta finish;
  finish.kind = DeltaKind::finish;
  std::string_view message, words, probabilities;
  std::string rows;
  JsonReader inside(text, 256);
  inside.enter_object();
  JsonString key;
  while (inside.next_member(key)) {
    if (key.equals("index") && inside.peek() == JsonType::number) {
      constexpr std::int64_t most = 1024;
      const std::int64_t index = json_integer(inside.take_number()).value_or(place);
      if (index >= 0 && index < most) choice = static_cast<std::uint32_t>(index);
    } else if (key.equals("delta") || key.equals("message")) {
      message = inside.skip();
    } else if (key.equals("text")) {
      words = inside.skip();
    } else if (key.equals("logprobs")) {
      probabilities = read_probabilities(inside, rows);
    } else if (key.equals("finish_reason")) {
      finish.finish = read_finish(inside);
    } else if (key.equals("usage")) {  // one provider puts it here
      finish.usage = read_usage(inside);
    } else {
      inside.skip();
    }
  }
  if (!words.empty()) {
    JsonReader text_reader(words, 256);
    read_words(text_reader, DeltaKind::text, choice, sink);
  }
  if (!message.empty()) {
    read_message(message, choice, sink);
  }
  if (!probabilities.empty()) {
    Delta delta;
    delta.kind = DeltaKind::logprobs;
    delta.choice = choice;
    delta.part = choices_[choice].of(DeltaKind::text);
    delta.json = probabilities;
    sink.take(delta);
  }
  finish.choice = choice;
  if (finish.finish == chat::Finish::none && finish.usage) finish.kind = DeltaKind::usage;
  if (finish.finish != chat::Finish::none || finish.usage) sink.take(finish);
}

Result<void> OpenAiChatReader::read(std::string_view text, chat::DeltaSink& sink) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(text, 256);
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  JsonString id, model, key;
  std::string_view choices;
  std::optional<chat::Usage> usage;
  std::optional<ErrorFacts> error;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("id")) {
      id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("model")) {
      model = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("choices") && reader.peek() == JsonType::array) {
      choices = reader.skip();
    } else if (key.equals("usage")) {
      if (auto read = read_usage(reader)) usage = read;
    } else if (key.equals("x_groq") && reader.enter_object_or_skip()) {
      JsonString member;
      while (reader.next_member(member)) {
        const auto read = member.equals("usage") ? read_usage(reader) : (reader.skip(), std::nullopt);
        if (read && !usage) usage = read;
      }
    } else if (key.equals("x_groq")) {
      continue;
    } else if (key.equals("error") && reader.peek() != JsonType::null) {
      read_error(reader, error.emplace());
    } else {
      reader.skip();
    }
  }
  if (!reader.at_end()) return protocol_error(reader.problem());
  if (error) {
    chat::Conversation own;
    Delta delta;
    delta.kind = DeltaKind::error;
    delta.text = own.keep(error->message);
    delta.id = own.keep(error->code.empty() ? error->type : error->code);
    sink.take(delta);
    return {};
  }
  give_start(id, model, !choices.empty() && choices != "[]", sink);
  if (!choices.empty()) {
    JsonReader inside(choices, 256);
    inside.enter_array();
    std::uint32_t place = 0;
    while (inside.next_element()) read_choice(inside, sink, place++);
  }
  if (usage) {
    Delta delta;
    delta.kind = DeltaKind::usage;
    delta.usage = usage;
    sink.take(delta);
  }
  return {};
}

Result<void> OpenAiChatReader::event(std::string_view, std::string_view data, chat::DeltaSink& sink) {
  const std::string_view trimmed = trim(data);
  if (trimmed.empty()) return {};
  if (trimmed == "[DONE]") {
    Delta delta;
    delta.kind = DeltaKind::done;
    sink.take(delta);
    return {};
  }
  return read(data, sink);
}

}  // namespace

std::unique_ptr<chat::AnswerReader> make_openai_chat_reader() { return std::make_unique<OpenAiChatReader>(); }

std::unique_ptr<chat::AnswerReader> OpenAiChatCodec::make_reader() const { return make_openai_chat_reader(); }

}  // namespace triaged::provider
