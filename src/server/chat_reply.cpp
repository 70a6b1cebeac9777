#include "server/chat_reply.hpp"

#include "triaged/wire/head_writer.hpp"

#include "server/decision_fields.hpp"

#include <chrono>
#include <utility>

namespace triaged::server {

ChatReply::ChatReply(Turn& turn, bool client_wants_usage, bool explain_in_body)
    : turn_(turn),
      client_wants_usage_(client_wants_usage),
      explain_in_body_(explain_in_body),
      encoder_(client_wants_usage) {}

void ChatReply::event(const chat::Event& event) { encoder_.event(event, out_); }

void ChatReply::begin_stream(const dispatch::AnswerInfo& info) {
  out_.clear();
  encoder_ = api::OpenAiChatEncoder(client_wants_usage_);
  if (explain_in_body_) {
    api::Annotation annotation;
    annotation.first = decision_json(info, false);
    encoder_.set_annotation(std::move(annotation));
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

net::Task<Result<void>> ChatReply::flush() {
  if (out_.empty() && turn_.begun()) co_return Result<void>();
  Result<void> sent = co_await turn_.send(out_, false);
  out_.clear();
  co_return sent;
}

net::Task<Result<void>> ChatReply::comment() { return turn_.send(": keep-alive\n\n", false); }

net::Task<Result<void>> ChatReply::end_stream(const dispatch::AnswerInfo& info) {
  if (explain_in_body_) {
    api::Annotation annotation;
    annotation.first = decision_json(info, false);
    annotation.last = decision_json(info, true);
    encoder_.set_annotation(std::move(annotation));
  }
  encoder_.end(out_);
  return turn_.send(out_, true);
}

net::Task<Result<void>> ChatReply::break_stream(const Error& error) {
  encoder_.error(error, out_);
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
  if (!explain_in_body_) {
    Result<void> sent = co_await turn_.respond(200, fields, body);
    co_return sent;
  }
  api::Annotation annotation;
  annotation.last = decision_json(info, true);
  out_.clear();
  api::OpenAiChatEncoder::answer(body, annotation, out_);
  Result<void> sent = co_await turn_.respond(200, fields, out_);
  co_return sent;
}

net::Task<Result<void>> ChatReply::fail(const dispatch::AnswerInfo& info, const Error& error,
                                        std::optional<Duration> retry_after, const dispatch::UpstreamAnswer* relayed) {
  std::string fields;
  fields.reserve(1024);
  wire::append_field(fields, "Content-Type",
                     relayed != nullptr ? std::string_view(relayed->content_type) : "application/json");
  append_decision_fields(info, fields);
  if (retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*retry_after);
    wire::append_field(fields, "Retry-After", std::to_string(seconds.count()));
  }
  if (relayed != nullptr && !relayed->body.empty()) {
    Result<void> sent = co_await turn_.respond(relayed->status, fields, relayed->body);
    co_return sent;
  }
  out_ = api::openai_error_body(error);
  Result<void> sent = co_await turn_.respond(error.status, fields, out_);
  co_return sent;
}

}  // namespace triaged::server
