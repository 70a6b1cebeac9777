// The endpoints whose requests are handed to a provider unread.
#include "triaged/wire/head_writer.hpp"

#include "server/gateway_call.hpp"
#include "server/pass_rules.hpp"
#include "server/pass_turn.hpp"

#include <optional>
#include <utility>

namespace triaged::server {

std::optional<std::size_t> Gateway::body_in_pieces(const wire::RequestParser& head) {
  if (find_path(head.target()).endpoint != Endpoint::pass) return std::nullopt;
  return settings_.passthrough.body;
}

net::Task<void> Gateway::pass(Call& call) {
  const wire::RequestParser& request = call.turn.request();
  const Result<std::size_t> provider =
      choose_provider(settings_, call.path.family, request.method(), request.headers());
  if (!provider) {
    co_await reply_error(call, provider.error());
    co_return;
  }
  call.provider = settings_.providers[*provider].name;
  wire::append_field(call.fields, provider_field, call.provider);
  dispatch::PassJob job(*provider, request.headers());
  job.endpoint = call.path.name;
  job.method = request.method();
  job.path = call.path.rest;
  job.chunked = request.chunked();
  const bool sized = !job.chunked && (request.declared_length() > 0 || job.method == "POST");
  if (sized) job.length = request.declared_length();
  job.id = call.id;
  job.key = call.key;
  job.started = call.turn.received();
  std::string fields = call.fields;
  append_usual_fields(call, fields);
  PassTurn client(call.turn, std::move(fields));
  const dispatch::Passed passed = co_await dispatcher_.pass(job, client);
  call.passed = &passed;
  call.error = passed.failure;
  if (passed.begun || passed.client_gone) {
    // An answer that ends with its connection would look whole.
    if (!passed.complete && passed.begun && request.version() == 10) call.turn.abort();
    account(call, nullptr, nullptr);
    co_return;
  }
  co_await reply_error(call, *passed.error);
}

}  // namespace triaged::server
