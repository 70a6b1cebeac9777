#include "triaged/api/codec.hpp"

#include "api/chat_reading.hpp"

#include <simdjson.h>

namespace triaged::api {

struct OpenAiChatDecoder::State {
  Scratch scratch;
};

OpenAiChatDecoder::OpenAiChatDecoder() : state_(std::make_unique<State>()) {}
OpenAiChatDecoder::~OpenAiChatDecoder() = default;

Result<chat::Request> OpenAiChatDecoder::decode(const std::string& body) {
  if (!simdjson::validate_utf8(body)) {
    return client_error(ErrorKind::invalid_request, 400, "The request body is not valid UTF-8.", "invalid_json");
  }
  state_->scratch.clear();
  ChatReading reading(body, state_->scratch);
  Result<chat::Request> request = reading.read();
  state_->scratch.shrink();
  return request;
}

}  // namespace triaged::api
