// Answers whose dialect is the client's own: the provider's JSON goes through untouched.
#pragma once

#include "triaged/api/codec.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace triaged::api {

// `text` with `"triaged": annotation` as its last member; unchanged if it is no object.
void append_annotated(std::string& out, std::string_view text, std::string_view annotation);
// The data of one event, and its end. Data of several lines (rare) stands on as many data lines.
void append_data(std::string& out, std::string_view data);
// The same with the event's type in front, "" none.
void append_event(std::string& out, std::string_view type, std::string_view data);

// Of OpenAI's chat completions and of the completions before them: events are bare data, "[DONE]" ends them. A
// usage-only chunk is dropped where the client had not asked for it.
class ChatSplice final : public ReplyEncoder {
 public:
  explicit ChatSplice(bool client_wants_usage) : client_wants_usage_(client_wants_usage) {}
  void annotate(Annotation annotation) override { annotation_ = std::move(annotation); }
  Result<void> event(const chat::Event& event, std::string& out) override;
  void continue_with(std::unique_ptr<chat::AnswerReader>) override {}
  void end(std::string& out) override;
  void error(const Error& error, std::string& out) override;
  Result<void> answer(std::string_view body, std::string& out) override;

 private:
  void remember(std::string_view raw);

  bool client_wants_usage_;
  bool annotated_first_ = false;
  bool annotated_last_ = false;
  Annotation annotation_;
  std::string last_id_, last_model_, last_created_;  // JSON values, for a chunk of our own
};

// Of Anthropic's Messages, whose events have types and end with "message_stop"; and of whole answers of any dialect.
class TypedSplice final : public ReplyEncoder {
 public:
  explicit TypedSplice(chat::Dialect dialect) : dialect_(dialect) {}
  void annotate(Annotation annotation) override { annotation_ = std::move(annotation); }
  Result<void> event(const chat::Event& event, std::string& out) override;
  void continue_with(std::unique_ptr<chat::AnswerReader>) override {}
  void end(std::string& out) override;
  void error(const Error& error, std::string& out) override;
  Result<void> answer(std::string_view body, std::string& out) override;

 private:
  chat::Dialect dialect_;
  Annotation annotation_;
  bool annotated_ = false;
};

}  // namespace triaged::api
