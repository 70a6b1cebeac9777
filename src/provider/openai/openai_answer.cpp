// Reading a whole answer.
#include "provider/openai/openai.hpp"
#include "provider/openai/openai_delta.hpp"
#include "provider/openai/openai_usage.hpp"
#include "provider/redact.hpp"

#include <simdjson.h>

#include <span>
#include <string>

namespace triaged::provider {
namespace {

constexpr std::size_t memory_limit = 1U << 20U;

class AnswerReading {
 public:
  AnswerReading(std::string_view body, std::string& storage) : reader_(body, 256), text_(storage) {}
  Result<chat::Answer> read(std::span<const std::string> secrets);

 private:
  void read_root();
  void read_choices();
  void read_choice();

  JsonReader reader_;
  TextGatherer text_;
  chat::Answer answer_;
  DeltaFacts facts_;
  ErrorFacts error_;
  bool has_error_ = false;
  bool has_message_ = false;
  std::size_t choices_ = 0;
};

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol,
                        "The provider's answer is not a chat completion: " + std::string(problem) + ".");
}

void AnswerReading::read_choice() {
  ++choices_;
  if (reader_.peek() != JsonType::object) {
    reader_.skip();
    return;
  }
  const bool first = choices_ == 1;
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (key.equals("message")) {
      has_message_ = has_message_ || (first && reader_.peek() == JsonType::object);
      read_delta(reader_, facts_, first ? &text_ : nullptr);
    } else if (key.equals("finish_reason") && first) {
      answer_.finish = read_finish(reader_);
    } else {
      reader_.skip();
    }
  }
}

void AnswerReading::read_choices() {
  if (!reader_.enter_array_or_skip()) return;
  while (reader_.next_element()) read_choice();
}

void AnswerReading::read_root() {
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (key.equals("choices")) {
      read_choices();
    } else if (key.equals("usage")) {
      answer_.usage = read_usage(reader_);
    } else if (key.equals("model") && reader_.peek() == JsonType::string) {
      answer_.model.clear();
      reader_.take_string().append_to(answer_.model);
    } else if (key.equals("error") && reader_.peek() != JsonType::null) {
      has_error_ = true;
      read_error(reader_, error_);
    } else {
      reader_.skip();
    }
  }
}

Result<chat::Answer> AnswerReading::read(std::span<const std::string> secrets) {
  if (reader_.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  read_root();
  if (!reader_.at_end()) {
    return protocol_error(std::string(reader_.problem()) + " at byte " + std::to_string(reader_.position()));
  }
  if (has_error_) {
    const std::string message = error_.message.empty() ? "no message" : redact(error_.message, secrets);
    Error error = upstream_error(ErrorKind::upstream_status, "The provider answered 200 with an error: " + message);
    if (!error_.code.empty()) error.code = redact(error_.code, secrets);
    return error;
  }
  if (choices_ == 0) return protocol_error("it has no choices");
  if (!has_message_) return protocol_error("its first choice has no message");
  answer_.text = text_.text();
  answer_.characters = facts_.characters;
  answer_.has_tool_calls = facts_.tool_calls;
  answer_.has_refusal = facts_.refusal;
  return std::move(answer_);
}

}  // namespace

Result<chat::Answer> OpenAiChatCodec::decode_answer(std::string_view body) const {
  thread_local std::string storage;
  if (storage.capacity() > memory_limit) std::string().swap(storage);
  if (!simdjson::validate_utf8(body)) return protocol_error("it is not UTF-8");
  AnswerReading reading(body, storage);
  return reading.read(secrets_);
}

void OpenAiChatCodec::add_answer_detail(std::string_view body, chat::AnswerDetail& detail) const {
  add_openai_detail(body, detail);
}

std::unique_ptr<StreamDecoder> OpenAiChatCodec::make_stream_decoder() const {
  return make_openai_stream_decoder(secrets_);
}

}  // namespace triaged::provider
