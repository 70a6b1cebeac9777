// The API of one worker: paths to endpoints, keys, chat completions from bytes to bytes. One per worker and
// configuration.
#pragma once

#include "triaged/api/codec.hpp"
#include "triaged/dispatch/dispatcher.hpp"
#include "triaged/dispatch/llm_classifier.hpp"
#include "triaged/dispatch/route_embedder.hpp"
#include "triaged/routing/brain.hpp"
#include "triaged/routing/conversations.hpp"
#include "triaged/server/session.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::server {

class Gateway final : public Handler {
 public:
  // `brain`, `conversations` (null: nothing is kept of them) and `upstream_routes` (null: no upstream embedder) outlive
  // the gateway; what `environment` refers to likewise.
  Gateway(dispatch::Environment environment, const routing::Brain& brain, routing::Conversations* conversations,
          routing::UpstreamRoutes* upstream_routes);

  net::Task<void> handle(Turn& turn) override;
  void refused(const Error& error) override;
  std::optional<std::size_t> body_in_pieces(const wire::RequestParser& head) override;
  void opened() override { environment_.metrics->connection_opened(); }
  void closed() override { environment_.metrics->connection_closed(); }
  // On the worker's thread: background work begins, and ends when no request is left.
  void start();
  net::Task<void> stopped();

 private:
  struct Call;  // one request on its way through an endpoint
  net::Task<void> answer(Call& call);
  net::Task<void> route(Call& call);
  net::Task<void> count_tokens(Call& call);
  net::Task<void> models(Call& call, std::string_view id);
  net::Task<void> pass(Call& call);
  using Conversation = std::optional<routing::ConversationKeys>;
  net::Task<Result<routing::Plan>> decide(Call& call, const chat::Request& request, const Conversation& conversation,
                                          bool detail);
  net::Task<dispatch::LlmClassifier::Said> ask_llm(Call& call, const chat::Request& request, const routing::Plan& plan);
  net::Task<routing::EmbeddingHint> ask_embedder(Call& call, const routing::Plan& plan);
  net::Task<void> reply_error(Call& call, const Error& error);
  net::Task<void> reply_json(Call& call, int status, std::string_view body);
  void append_usual_fields(const Call& call, std::string& fields) const;
  Result<std::string> authorize(const wire::Headers& headers) const;  // the key's fingerprint, "" if none is asked for
  Result<chat::Request> decode(chat::Dialect dialect, const std::string& body, const wire::Headers& headers);
  Result<std::string> body_of(Turn& turn) const;
  Result<void> know_all(chat::Request& request, const std::string& body, const routing::Plan& plan) const;
  api::ReplyContext reply_context(const Call& call, const chat::Request& request) const;
  void account(const Call& call, const dispatch::Finished* finished, const routing::Plan* plan);

  dispatch::Environment environment_;
  const config::Settings& settings_;
  const routing::Brain& brain_;
  routing::Conversations* conversations_;
  api::Decoder decoder_;
  Random random_;
  dispatch::Dispatcher dispatcher_;
  std::optional<dispatch::LlmClassifier> llm_;
  std::optional<dispatch::RouteEmbedder> embedder_;
};

}  // namespace triaged::server
