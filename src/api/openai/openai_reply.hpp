// What the writers of OpenAI's two dialects of completions have in common: the frame of a reply and of its chunks.
#pragma once

#include "api/answer_writer.hpp"
#include "api/collected.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::api {

// Of a choice in words of OpenAI's; `calls`: tools were called.
std::string_view openai_finish(chat::Finish finish, bool calls);

class OpenAiReply : public AnswerWriter {
 public:
  void take(const chat::Delta& delta) final;
  void end() final;
  void error(const Error& error) final;
  void whole() final;

 protected:
  struct Names {
    std::string_view prefix;  // of ids
    std::string_view whole;   // values of `object`
    std::string_view chunk;
  };
  OpenAiReply(const ReplyContext& context, const Names& names) : context_(context), names_(names) {}

  const ReplyContext& context() const { return context_; }
  // One chunk around what stands in `choices`.
  void begin_chunk();
  void end_chunk();

  virtual void write(const chat::Delta& delta) = 0;  // of a stream, as chunks
  virtual void write_unfinished() = 0;               // at its end: finishes that nobody told
  virtual void append_choice(const CollectedChoice& choice, std::size_t index) = 0;  // of a whole reply

 private:
  void start(std::string_view id, std::string_view model);
  void append_head(std::string_view object);
  void append_last();

  const ReplyContext context_;
  const Names names_;
  std::string chunk_head_;  // up to the choices
  std::string id_, model_;  // escaped
  bool annotated_ = false;
  std::optional<chat::Usage> usage_;
  Collected collected_;
};

}  // namespace triaged::api
