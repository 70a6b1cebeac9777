#include "triaged/server/admin.hpp"

#include "triaged/api/codec.hpp"
#include "triaged/wire/head_writer.hpp"

#include "server/keys.hpp"

#include <string>

namespace triaged::server {
namespace {

struct Answer {
  int status = 200;
  std::string_view type = "text/plain; charset=utf-8";
  std::string body;
};

Answer error_answer(const Error& error) { return {error.status, "application/json", api::openai_error_body(error)}; }

}  // namespace

Admin::Admin(const config::Settings& settings, const observe::Metrics& metrics, const std::atomic<bool>& ready)
    : settings_(settings), metrics_(metrics), ready_(ready) {}

void Admin::refused(const Error&) {}

net::Task<void> Admin::handle(Turn& turn) {
  const wire::RequestParser& request = turn.request();
  const std::string_view path = request.target().substr(0, request.target().find('?'));
  Answer answer;
  const bool open = path == "/healthz" || path == "/readyz";
  bool allowed = open || !settings_.server.admin_token.set();
  if (!allowed) {
    const std::vector<config::Secret> tokens{settings_.server.admin_token};
    allowed = check_key(request.headers(), tokens).has_value();
  }
  if (!allowed) {
    answer = error_answer(client_error(ErrorKind::unauthorized, 401,
                                       "send `Authorization: Bearer <server.admin_token>`", "invalid_api_key"));
  } else if (request.method() != "GET" && request.method() != "HEAD") {
    answer =
        error_answer(client_error(ErrorKind::method_not_allowed, 405, "this path takes GET", "method_not_allowed"));
  } else if (path == "/healthz") {
    answer.body = "ok\n";
  } else if (path == "/readyz") {
    const bool ready = ready_.load(std::memory_order_relaxed);
    answer.status = ready ? 200 : 503;
    answer.body = ready ? "ready\n" : "not ready: starting or draining\n";
  } else if (path == "/metrics") {
    answer.type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = metrics_.render();
  } else {
    answer = error_answer(client_error(ErrorKind::not_found, 404,
                                       "the admin listener has /healthz, /readyz and /metrics", "unknown_url"));
  }
  std::string fields;
  wire::append_field(fields, "Content-Type", answer.type);
  const Result<void> ignored = co_await turn.respond(answer.status, fields, answer.body);
  static_cast<void>(ignored);
}

}  // namespace triaged::server
