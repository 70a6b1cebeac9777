// A reply to POST /v1/chat/completions: dispatch's words in the client's dialect, on one turn.
#pragma once

#include "triaged/api/codec.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/server/session.hpp"

#include <functional>
#include <optional>
#include <string>

namespace triaged::server {

class ChatReply final : public dispatch::Reply {
 public:
  ChatReply(Turn& turn, bool client_wants_usage, bool explain_in_body);

  void event(const chat::Event& event) override;
  void begin_stream(const dispatch::AnswerInfo& info) override;
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
  Turn& turn_;
  bool client_wants_usage_;
  bool explain_in_body_;
  api::OpenAiChatEncoder encoder_;
  std::string out_;  // collected and not yet sent
};

}  // namespace triaged::server
