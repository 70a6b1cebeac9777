#include "triaged/api/codec.hpp"

#include "api/anthropic/anthropic.hpp"
#include "api/dialects.hpp"
#include "api/facts.hpp"
#include "api/openai/chat_reading.hpp"

#include <simdjson.h>

#include <utility>

namespace triaged::api {

namespace {

Error not_utf8() {
  return client_error(ErrorKind::invalid_request, 400, "The request body is not valid UTF-8.", "invalid_json");
}

}  // namespace

struct Decoder::State {
  Scratch scratch;
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

// Chat completions are most of what comes: they are read in one pass for what routing wants to know, and completely
// only when a target of another dialect is among the candidates.
Result<chat::Request> Decoder::decode(chat::Dialect dialect, const std::string& body) {
  if (!simdjson::validate_utf8(body)) return not_utf8();
  if (dialect == chat::Dialect::openai_chat) {
    state_->scratch.clear();
    ChatReading reading(body, state_->scratch);
    Result<chat::Request> request = reading.read();
    state_->scratch.shrink();
    return request;
  }
  Result<std::shared_ptr<const chat::Conversation>> conversation = read_conversation(dialect, body);
  if (!conversation) return conversation.error();
  chat::Request request = facts_of(**conversation, body);
  request.conversation = std::move(*conversation);
  return request;
}

Result<chat::Request> Decoder::decode_to_count(const std::string& body) {
  if (!simdjson::validate_utf8(body)) return not_utf8();
  Result<chat::Conversation> read = read_anthropic_count(body);
  if (!read) return read.error();
  const auto conversation = std::make_shared<const chat::Conversation>(std::move(*read));
  chat::Request request = facts_of(*conversation, body);
  request.conversation = conversation;
  return request;
}

Result<std::shared_ptr<const chat::Conversation>> read_conversation(chat::Dialect dialect, std::string_view body) {
  Result<chat::Conversation> conversation = parts_of(dialect).read(body);
  if (!conversation) return conversation.error();
  return std::make_shared<const chat::Conversation>(std::move(*conversation));
}

}  // namespace triaged::api
