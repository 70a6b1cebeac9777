// Reading one event of a stream: no copy and, where the text holds no escapes, no allocation.
#include "triaged/base/text.hpp"

#include "provider/openai/chunk_pattern.hpp"
#include "provider/openai/openai.hpp"
#include "provider/openai/openai_delta.hpp"
#include "provider/openai/openai_usage.hpp"
#include "provider/redact.hpp"

#include <simdjson.h>

#include <span>
#include <string>

namespace triaged::provider {
namespace {

constexpr std::size_t memory_limit = 64U << 10U;

class OpenAiStreamDecoder final : public StreamDecoder {
 public:
  explicit OpenAiStreamDecoder(std::span<const std::string> secrets) : secrets_(secrets) {}
  Result<chat::Event> decode(std::string_view event_type, std::string_view data) override;
  void add_detail(chat::AnswerDetail& detail) override { add_openai_detail(last_, detail); }

 private:
  struct Choices {
    std::size_t count = 0;
    DeltaFacts facts;
    chat::Finish finish = chat::Finish::none;
  };

  void read_chunk(JsonReader& reader, chat::Event& event, Choices& choices, TextGatherer& text);
  static void read_choices(JsonReader& reader, Choices& choices, chat::Event& event, TextGatherer& text);
  static void read_choice(JsonReader& reader, Choices& choices, chat::Event& event, TextGatherer& text);
  void read_model(JsonReader& reader, chat::Event& event);
  bool is_like_the_last(std::string_view data, chat::Event& event) const;

  std::span<const std::string> secrets_;
  std::string_view last_;  // event
  std::string text_;
  std::string model_;
  ChunkPattern pattern_;
  ErrorFacts error_;
  bool has_error_ = false;
};

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol,
                        "The provider sent a stream event that is not valid: " + std::string(problem) + ".");
}

// One provider hides its usage in a member of its own.
void read_vendor_usage(JsonReader& reader, chat::Event& event) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (!key.equals("usage")) {
      reader.skip();
      continue;
    }
    const auto usage = read_usage(reader);
    if (!event.usage) event.usage = usage;
  }
}

// The text of an event is that of the first answer (index 0); the index may stand behind it.
void OpenAiStreamDecoder::read_choice(JsonReader& reader, Choices& choices, chat::Event& event, TextGatherer& text) {
  ++choices.count;
  if (reader.peek() != JsonType::object) {
    reader.skip();
    return;
  }
  TextGatherer* const gatherer = text.text().empty() ? &text : nullptr;
  bool first_answer = true;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("delta") || key.equals("message")) {
      read_delta(reader, choices.facts, gatherer);
    } else if (key.equals("index") && reader.peek() == JsonType::number) {
      first_answer = reader.take_number() == "0";
    } else if (key.equals("finish_reason")) {
      const chat::Finish finish = read_finish(reader);
      if (choices.finish == chat::Finish::none) choices.finish = finish;
    } else if (key.equals("usage")) {  // one provider puts it here
      if (const auto usage = read_usage(reader)) event.usage = usage;
    } else {
      reader.skip();
    }
  }
  if (!first_answer && gatherer != nullptr) gatherer->reset();
}

void OpenAiStreamDecoder::read_choices(JsonReader& reader, Choices& choices, chat::Event& event, TextGatherer& text) {
  if (!reader.enter_array_or_skip()) return;
  while (reader.next_element()) read_choice(reader, choices, event, text);
}

void OpenAiStreamDecoder::read_model(JsonReader& reader, chat::Event& event) {
  if (reader.peek() != JsonType::string) {
    reader.skip();
    return;
  }
  const JsonString model = reader.take_string();
  event.model = model.raw;
  if (!model.escaped) return;
  model_.clear();
  model.append_to(model_);
  event.model = model_;
}

void OpenAiStreamDecoder::read_chunk(JsonReader& reader, chat::Event& event, Choices& choices, TextGatherer& text) {
  ErrorFacts flat;  // {"object":"error","message":...}
  bool is_error_object = false;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("choices")) {
      read_choices(reader, choices, event, text);
    } else if (key.equals("model")) {
      read_model(reader, event);
    } else if (key.equals("usage")) {
      if (const auto usage = read_usage(reader)) event.usage = usage;
    } else if (key.equals("x_groq")) {
      read_vendor_usage(reader, event);
    } else if (key.equals("error") && reader.peek() != JsonType::null) {
      has_error_ = true;
      read_error(reader, error_);
    } else if (key.equals("object") && reader.peek() == JsonType::string) {
      is_error_object = reader.take_string().equals("error");
    } else if (key.equals("message") && reader.peek() == JsonType::string) {
      flat.message.clear();
      reader.take_string().append_to(flat.message);
    } else {
      reader.skip();
    }
  }
  if (!is_error_object || has_error_) return;
  has_error_ = true;
  error_ = std::move(flat);
}

// Most chunks bring the next few words and nothing else.
bool OpenAiStreamDecoder::is_like_the_last(std::string_view data, chat::Event& event) const {
  const auto text = pattern_.match(data);
  if (!text) return false;
  event.kind = chat::EventKind::content;
  event.text = *text;
  event.characters = utf8_length(*text);
  event.model = pattern_.model(data);
  return true;
}

Result<chat::Event> OpenAiStreamDecoder::decode(std::string_view event_type, std::string_view data) {
  chat::Event event;
  event.type = event_type;
  event.raw = data;
  last_ = data;
  if (event_type.empty() && is_like_the_last(data, event)) return event;
  const std::string_view trimmed = trim(data);
  if (trimmed == "[DONE]") {
    event.kind = chat::EventKind::done;
    return event;
  }
  if (trimmed.empty()) return event;
  if (!simdjson::validate_utf8(data)) return protocol_error("not UTF-8");
  if (text_.capacity() > memory_limit) std::string().swap(text_);

  JsonReader reader(data, 256);
  if (reader.peek() != JsonType::object) return protocol_error("a JSON object is expected");
  has_error_ = false;
  error_ = {};
  Choices choices;
  TextGatherer text(text_);
  read_chunk(reader, event, choices, text);
  if (!reader.at_end()) return protocol_error(reader.problem());

  event.text = text.text();
  event.characters = choices.facts.characters;
  event.has_detail = choices.facts.tool_calls || choices.facts.refusal;
  event.finish = choices.finish;
  if (has_error_ || event_type == "error") {
    event.kind = chat::EventKind::error;
    error_.message = redact(error_.message, secrets_);
    error_.code = redact(error_.code.empty() ? error_.type : error_.code, secrets_);
    event.error_message = error_.message;
    event.error_code = error_.code;
    if (event.error_message.empty()) event.error_message = "The provider reported an error without a message.";
  } else if (event.finish != chat::Finish::none) {
    event.kind = chat::EventKind::finish;
  } else if (choices.facts.content) {
    event.kind = chat::EventKind::content;
    const bool only_text = !choices.facts.tool_calls && choices.facts.characters == utf8_length(event.text);
    if (only_text && choices.count == 1 && !event.usage) pattern_.learn(data, event.text, event.model);
  } else if (choices.count == 0 && event.usage) {
    event.kind = chat::EventKind::usage;
  }
  return event;
}

}  // namespace

std::unique_ptr<StreamDecoder> make_openai_stream_decoder(std::span<const std::string> secrets) {
  return std::make_unique<OpenAiStreamDecoder>(secrets);
}

}  // namespace triaged::provider
