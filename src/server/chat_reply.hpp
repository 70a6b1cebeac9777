// A reply to a request for an answer: dispatch's words in the client's dialect, on one turn.
#pragma once

#include "triaged/api/codec.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/server/session.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace triaged::server {

class ChatReply final : public dispatch::Reply {
 public:
  ChatReply(Turn& turn, api::ReplyContext context, bool explain_in_body);

  void event(const chat::Event& event) override;
  void begin_stream(const dispatch::AnswerInfo& info) override;
  void continue_stream(const dispatch::AnswerInfo& info) override;
  net::Task<Result<void>> flush() override;
  net::Task<Result<void>> comment() override;
  net::Task<Result<void>> end_stream(const dispatch::AnswerInfo& info) override;
  net::Task<Result<void>> break_stream(const Error& error) override;
  net::Task<Result<void>> answer(const dispatch::AnswerInfo& info, std::string_view body) override;
  net::Task<Result<void>> fail(const dispatch::AnswerInfo& info, const Error& error,
                               std::optional<Duration> retry_after, const dispatch::UpstreamAnswer* relayed) override;
  bool client_gone() const override { return turn_.client_gone(); }
  void on_client_gone(std::function<void()> notice) override { turn_.on_client_gone(std::move(notice)); }

 private:
  std::unique_ptr<api::ReplyEncoder> encoder_for(const dispatch::AnswerInfo& info) const;

  Turn& turn_;
  api::ReplyContext context_;
  bool explain_in_body_;
  std::unique_ptr<api::ReplyEncoder> encoder_;  // of the stream that has begun
  std::optional<Error> unreadable_;             // an event that could not be written in the client's dialect
  std::string out_;                             // collected and not yet sent
};

}  // namespace triaged::server
