#include "server/chat_reply.hpp"

#include "triaged/wire/head_writer.hpp"

#include "server/decision_fields.hpp"

#include <chrono>
#include <utility>

namespace triaged::server {
namespace {

constexpr std::size_t usual_piece = 512;  // most events fit

}  // namespace

ChatReply::ChatReply(Turn& turn, api::ReplyContext context, bool explain_in_body)
    : turn_(turn), context_(std::move(context)), explain_in_body_(explain_in_body) {}

// Answers in the client's own dialect pass through; others are written anew.
std::unique_ptr<api::ReplyEncoder> ChatReply::encoder_for(const dispatch::AnswerInfo& info) const {
  const provider::AnswerCodec& codec = info.provider->codec(context_.dialect);
  return api::make_encoder(context_, codec.dialect() == context_.dialect ? nullptr : codec.make_reader());
}

void ChatReply::event(const chat::Event& event) {
  if (out_.capacity() < usual_piece) out_.reserve(usual_piece);
  if (unreadable_) return;
  if (const Result<void> written = encoder_->event(event, out_); !written) unreadable_ = written.error();
}

void ChatReply::begin_stream(const dispatch::AnswerInfo& info) {
  out_.clear();
  unreadable_.reset();
  encoder_ = encoder_for(info);
  if (explain_in_body_) {
    api::Annotation annotation;
    annotation.first = decision_json(info, false);
    encoder_->annotate(std::move(annotation));
  }
  std::string fields;
  fields.reserve(1024);
  wire::append_field(fields, "Content-Type", "text/event-stream; charset=utf-8");
  wire::append_field(fields, "Cache-Control", "no-cache");
  wire::append_field(fields, "X-Accel-Buffering", "no");
  append_decision_fields(info, fields);
  append_upstream_fields(info, fields);
  turn_.begin_stream(200, fields);
}

void ChatReply::continue_stream(const dispatch::AnswerInfo& info) {
  encoder_->continue_with(info.provider->codec(context_.dialect).make_reader());
}

net::Task<Result<void>> ChatReply::flush() {
  if (unreadable_) co_return *unreadable_;
  if (out_.empty() && turn_.begun()) co_return Result<void>();
  Result<void> sent = co_await turn_.send(out_, false);
  std::string().swap(out_);  // the stream mostly waits, and does so without memory for its events
  co_return sent;
}

net::Task<Result<void>> ChatReply::comment() { return turn_.send(": keep-alive\n\n", false); }

net::Task<Result<void>> ChatReply::end_stream(const dispatch::AnswerInfo& info) {
  if (explain_in_body_) {
    api::Annotation annotation;
    annotation.first = decision_json(info, false);
    annotation.last = decision_json(info, true);
    encoder_->annotate(std::move(annotation));
  }
  encoder_->end(out_);
  return turn_.send(out_, true);
}

net::Task<Result<void>> ChatReply::break_stream(const Error& error) {
  encoder_->error(error, out_);
  turn_.close_after();
  // Without the last chunk: to HTTP itself the answer is cut, whatever a client makes of the event.
  return turn_.send(out_, false);
}

net::Task<Result<void>> ChatReply::answer(const dispatch::AnswerInfo& info, std::string_view body) {
  std::string fields;
  fields.reserve(1024);
  wire::append_field(fields, "Content-Type", "application/json");
  append_decision_fields(info, fields);
  append_upstream_fields(info, fields);
  const bool as_it_is = info.provider->codec(context_.dialect).dialect() == context_.dialect && !explain_in_body_;
  if (as_it_is) {
    Result<void> sent = co_await turn_.respond(200, fields, body);
    co_return sent;
  }
  const std::unique_ptr<api::ReplyEncoder> encoder = encoder_for(info);
  if (explain_in_body_) {
    api::Annotation annotation;
    annotation.last = decision_json(info, true);
    encoder->annotate(std::move(annotation));
  }
  out_.clear();
  const Result<void> written = encoder->answer(body, out_);
  int status = 200;
  if (!written) {
    const Error error = written.error();
    status = error.status;
    out_ = api::error_body(context_.dialect, error);
  }
  Result<void> sent = co_await turn_.respond(status, fields, out_);
  co_return sent;
}

net::Task<Result<void>> ChatReply::fail(const dispatch::AnswerInfo& info, const Error& error,
                                        std::optional<Duration> retry_after, const dispatch::UpstreamAnswer* relayed) {
  // An error of another dialect is told in the client's.
  if (relayed != nullptr && (relayed->dialect != context_.dialect || relayed->body.empty())) relayed = nullptr;
  std::string fields;
  fields.reserve(1024);
  wire::append_field(fields, "Content-Type",
                     relayed != nullptr ? std::string_view(relayed->content_type) : "application/json");
  append_decision_fields(info, fields);
  if (retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*retry_after);
    wire::append_field(fields, "Retry-After", std::to_string(seconds.count()));
  }
  if (relayed != nullptr) {
    Result<void> sent = co_await turn_.respond(relayed->status, fields, relayed->body);
    co_return sent;
  }
  out_ = api::error_body(context_.dialect, error);
  Result<void> sent = co_await turn_.respond(error.status, fields, out_);
  co_return sent;
}

}  // namespace triaged::server
