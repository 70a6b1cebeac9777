#include "triaged/api/codec.hpp"

#include "api/dialects.hpp"
#include "api/responses/responses_splice.hpp"
#include "api/splice.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace triaged::api {
namespace {

// Stands before a writer: what another target says behind a break becomes the rest of one answer.
class Joint final : public chat::DeltaSink {
 public:
  explicit Joint(chat::DeltaSink& to) : to_(to) {}

  void take(const chat::Delta& delta) override {
    if (continued_ && delta.kind == chat::DeltaKind::start) return;
    chat::Delta moved = delta;
    moved.part += offset_;
    // Its first words belong to the text that broke off.
    if (continued_ && delta.part == 0 && delta.kind == chat::DeltaKind::text && text_) moved.part = *text_;
    if (delta.kind == chat::DeltaKind::text) text_ = moved.part;
    next_ = std::max(next_, moved.part + 1);
    to_.take(moved);
  }

  void go_on() {
    continued_ = true;
    offset_ = next_;
  }

 private:
  chat::DeltaSink& to_;
  bool continued_ = false;
  std::uint32_t offset_ = 0;
  std::uint32_t next_ = 0;
  std::optional<std::uint32_t> text_;  // the last part of text
};

// Answers of another dialect: read into steps, and written from them.
class Translator final : public ReplyEncoder {
 public:
  Translator(std::unique_ptr<chat::AnswerReader> reader, std::unique_ptr<AnswerWriter> writer)
      : reader_(std::move(reader)), writer_(std::move(writer)), joint_(*writer_) {}

  void annotate(Annotation annotation) override { writer_->annotate(std::move(annotation)); }

  Result<void> event(const chat::Event& event, std::string& out) override {
    if (event.kind == chat::EventKind::done || event.kind == chat::EventKind::error) return {};
    writer_->write_to(out);
    return reader_->event(event.type, event.raw, joint_);
  }

  void continue_with(std::unique_ptr<chat::AnswerReader> reader) override {
    reader_ = std::move(reader);
    joint_.go_on();
  }

  void end(std::string& out) override {
    writer_->write_to(out);
    writer_->end();
  }

  void error(const Error& error, std::string& out) override {
    writer_->write_to(out);
    writer_->error(error);
  }

  Result<void> answer(std::string_view body, std::string& out) override {
    writer_->write_to(out);
    if (Result<void> read = reader_->whole(body, *writer_); !read) return read;
    writer_->whole();
    return {};
  }

 private:
  std::unique_ptr<chat::AnswerReader> reader_;
  std::unique_ptr<AnswerWriter> writer_;
  Joint joint_;
};

}  // namespace

std::unique_ptr<ReplyEncoder> make_encoder(const ReplyContext& context, std::unique_ptr<chat::AnswerReader> reader) {
  if (reader) return std::make_unique<Translator>(std::move(reader), parts_of(context.dialect).make_writer(context));
  if (context.dialect == chat::Dialect::openai_chat || context.dialect == chat::Dialect::openai_completions) {
    return std::make_unique<ChatSplice>(context.include_usage);
  }
  if (context.dialect == chat::Dialect::openai_responses) return std::make_unique<ResponsesSplice>();
  return std::make_unique<TypedSplice>(context.dialect);
}

std::string error_body(chat::Dialect dialect, const Error& error) { return parts_of(dialect).error_body(error); }

}  // namespace triaged::api
