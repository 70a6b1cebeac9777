// The client's dialects: body -> chat::Request, chat::Event -> bytes, Error -> body. The only place that spells their
// JSON keys. Stateless functions and one small encoder per reply.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace triaged::api {

// Reused by one worker for all its requests; holds parser memory.
class OpenAiChatDecoder {
 public:
  OpenAiChatDecoder();
  ~OpenAiChatDecoder();
  // `body` must outlive the call only. The whole JSON text is validated (syntax, UTF-8, depth 128) in one pass that
  // needs no memory but for the texts it keeps. Errors are what OpenAI answers: 400 invalid_request_error with param.
  Result<chat::Request> decode(const std::string& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What is added to an answer when the client sent `x-triaged-explain: body`: a JSON object, or "" for nothing.
struct Annotation {
  std::string first;  // on the first chunk: the decision
  std::string last;   // on the last chunk and on whole answers: decision, attempts and cost
};

// Encodes a reply to POST /v1/chat/completions for one client. Same dialect: the provider's JSON goes through
// untouched, except that a usage-only chunk which the client had not asked for is dropped.
class OpenAiChatEncoder {
 public:
  explicit OpenAiChatEncoder(bool client_wants_usage);
  void set_annotation(Annotation annotation);

  // Appends "data: ...\n\n" for an event, or nothing. Terminal and error events are not written here: see end(),
  // error().
  void event(const chat::Event& event, std::string& out);
  // After the last event of a complete stream: annotation if still owed (as a chunk of its own), then "data:
  // [DONE]\n\n".
  void end(std::string& out);
  // After a failed stream that was already begun: an error event as OpenAI sends it, and no [DONE].
  void error(const Error& error, std::string& out);
  // A whole answer: the provider's body, annotated if wanted.
  static void answer(std::string_view body, const Annotation& annotation, std::string& out);

 private:
  void remember(std::string_view raw);

  bool client_wants_usage_;
  bool annotated_first_ = false;
  bool annotated_last_ = false;
  Annotation annotation_;
  std::string last_id_, last_model_, last_created_;  // JSON values, for a chunk of our own
};

// {"error":{"message","type","param","code"}} with OpenAI's type for the status.
std::string openai_error_body(const Error& error);
// GET /v1/models and /v1/models/{id}: "auto", "tier:NAME", intercepted names and every target. 404 for an unknown id.
std::string openai_models_body(const config::Settings& settings);
Result<std::string> openai_model_body(const config::Settings& settings, std::string_view id);

}  // namespace triaged::api
