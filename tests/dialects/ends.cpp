#include "dialects/ends.hpp"

#include "triaged/api/codec.hpp"

#include <stdexcept>
#include <utility>

namespace triaged::dialects {

chat::Request read_request(chat::Dialect client, const std::string& body) {
  api::Decoder decoder;
  Result<chat::Request> request = decoder.decode(client, body);
  if (!request) throw std::runtime_error("not read: " + request.error().detail + " " + request.error().param);
  if (request->conversation) return std::move(*request);
  const auto conversation = api::read_conversation(client, body);
  if (!conversation) throw std::runtime_error("not read: " + conversation.error().detail);
  request->conversation = *conversation;
  return std::move(*request);
}

ProviderEnd::ProviderEnd(config::ProviderDialect dialect, std::string_view model, config::Profile profile,
                         std::vector<std::string> native)
    : settings_(std::make_unique<config::Provider>()) {
  settings_->dialect = dialect;
  settings_->scheme = "https";
  settings_->host = "up.test";
  settings_->auth = config::Auth::none;
  settings_->auth_header = "authorization";
  settings_->profile = profile;
  settings_->native = std::move(native);
  settings_->aws.region = "eu-central-1";
  provider_ = provider::make_provider(*settings_);
  target_.name = "up/" + std::string(model);
  target_.model = model;
}

ProviderEnd::Sent ProviderEnd::send(const chat::Request& request, const std::string& body) const {
  const wire::Headers none;
  const Result<provider::Outgoing> outgoing =
      provider_->build({request, body, none, target_, 0, WallTime(std::chrono::seconds(1'770'000'000))});
  if (!outgoing) throw std::runtime_error("refused: " + outgoing.error().detail);
  Sent sent;
  for (const std::string_view piece : outgoing->body) sent.body.append(piece);
  sent.dropped = outgoing->dropped;
  return sent;
}

}  // namespace triaged::dialects
