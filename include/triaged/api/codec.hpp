// The client's dialects: body -> chat::Request, chat::Event -> bytes, Error -> body. The only place that spells their
// JSON keys. Stateless functions and one small encoder per reply.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/conversation.hpp"
#include "triaged/chat/delta.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::api {

// Reused by one worker for all its requests; holds parser memory.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  // `body` must outlive the call, and Request::conversation, which is there for every dialect but openai_chat. The
  // whole JSON text is validated (syntax, UTF-8, depth 128). Errors are what the dialect's maker answers: 400 with the
  // field at fault as `param`.
  Result<chat::Request> decode(chat::Dialect dialect, const std::string& body);
  // Of POST /v1/messages/count_tokens: Anthropic's dialect, but for what only an answer needs.
  Result<chat::Request> decode_to_count(const std::string& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All of a body that was decoded before, for targets of another dialect. Error: 400, for what decode() had no reason to
// look at.
Result<std::shared_ptr<const chat::Conversation>> read_conversation(chat::Dialect dialect, std::string_view body);

// What is added to an answer when the client sent `x-triaged-explain: body`: a JSON object, or "" for nothing.
struct Annotation {
  std::string first;  // on the first event: the decision
  std::string last;   // on the last event and on whole answers: decision, attempts and cost
};

// What a reply has to know of its request.
struct ReplyContext {
  chat::Dialect dialect = chat::Dialect::openai_chat;
  bool stream = false;
  bool include_usage = false;                        // the client asked for it
  std::string id;                                    // for answers whose provider names none
  std::int64_t created = 0;                          // seconds since 1970
  const chat::Conversation* conversation = nullptr;  // outlives the encoder; null: of the provider's dialect
};

// Writes one reply to one client.
class ReplyEncoder {
 public:
  virtual ~ReplyEncoder() = default;
  virtual void annotate(Annotation annotation) = 0;

  // Appends what a stream's event comes to, or nothing. Terminal and error events are not written here: see end(),
  // error(). Error: protocol, for an event that cannot be read.
  virtual Result<void> event(const chat::Event& event, std::string& out) = 0;
  // Another target goes on with a stream that broke: its events are read by `reader`, where they have to be.
  virtual void continue_with(std::unique_ptr<chat::AnswerReader> reader) = 0;
  // After the last event of a complete stream: what is owed, then the dialect's terminal event.
  virtual void end(std::string& out) = 0;
  // After a failed stream that was already begun: an error event of the dialect, and no terminal event.
  virtual void error(const Error& error, std::string& out) = 0;
  // A whole answer: `body` is the provider's.
  virtual Result<void> answer(std::string_view body, std::string& out) = 0;
};

// `reader`: of the provider's answers, where they are not in the client's dialect; null where they are, and then pass
// through untouched but for the annotation and for usage that the client had not asked for.
std::unique_ptr<ReplyEncoder> make_encoder(const ReplyContext& context, std::unique_ptr<chat::AnswerReader> reader);

// In the shape and with the type that the dialect has for the status.
std::string error_body(chat::Dialect dialect, const Error& error);
std::string openai_error_body(const Error& error);
// The answer to POST /v1/messages/count_tokens.
std::string count_tokens_body(std::int64_t input_tokens);

// GET /v1/models and /v1/models/{id}: "auto", "tier:NAME", intercepted names and every target. 404 for an unknown id.
// In Anthropic's shape for its dialect, else in OpenAI's.
std::string models_body(const config::Settings& settings, chat::Dialect dialect);
Result<std::string> model_body(const config::Settings& settings, std::string_view id, chat::Dialect dialect);

}  // namespace triaged::api
