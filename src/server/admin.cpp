#include "triaged/server/admin.hpp"

#include "triaged/api/codec.hpp"
#include "triaged/wire/head_writer.hpp"

#include "server/keys.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace triaged::server {

struct Admin::Answer {
  int status = 200;
  std::string_view type = "text/plain; charset=utf-8";
  std::string body;
};

namespace {

constexpr std::string_view reload_path = "/admin/reload";
constexpr std::string_view json = "application/json";

using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                              net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;

// Between a worker that waits and the thread that reloads.
struct Waiting {
  explicit Waiting(const net::Executor& executor) : done(executor, Timer::time_point::max()) {}
  Timer done;
  std::optional<Result<std::string>> outcome;
};

Error unknown_path() {
  return client_error(ErrorKind::not_found, 404,
                      "the admin listener has GET /healthz, /readyz and /metrics, and POST /admin/reload",
                      "unknown_url");
}

Error wrong_method(std::string_view right) {
  return client_error(ErrorKind::method_not_allowed, 405, "this path takes " + std::string(right),
                      "method_not_allowed");
}

}  // namespace

Admin::Admin(AdminFacts facts) : facts_(std::move(facts)) {}

void Admin::refused(const Error&) {}

Result<void> Admin::allow(std::string_view path, const wire::Headers& headers) const {
  const bool open = path == "/healthz" || path == "/readyz";
  if (open || !facts_.token.set()) return {};
  const std::vector<config::Secret> tokens{facts_.token};
  if (check_key(headers, tokens)) return {};
  return client_error(ErrorKind::unauthorized, 401, "send `Authorization: Bearer <server.admin_token>`",
                      "invalid_api_key");
}

Admin::Answer Admin::look(std::string_view path) const {
  Answer answer;
  if (path == "/healthz") {
    answer.body = "ok\n";
  } else if (path == "/readyz") {
    const bool ready = facts_.ready.load(std::memory_order_relaxed);
    answer.status = ready ? 200 : 503;
    answer.body = ready ? "ready\n" : "not ready: starting or draining\n";
  } else if (path == "/metrics") {
    answer.type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = facts_.metrics.render();
  } else {
    const Error error = path == reload_path ? wrong_method("POST") : unknown_path();
    answer = Answer{error.status, json, api::openai_error_body(error)};
  }
  return answer;
}

net::Task<Admin::Answer> Admin::reload() {
  const net::Executor executor = co_await net::asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>(executor);
  facts_.reload([waiting, executor](Result<std::string> outcome) {
    net::asio::post(executor, [waiting, outcome = std::move(outcome)]() mutable {
      waiting->outcome = std::move(outcome);
      waiting->done.cancel();
    });
  });
  const auto [ended] = co_await waiting->done.async_wait(net::as_result);
  static_cast<void>(ended);
  Answer answer;
  answer.type = json;
  if (waiting->outcome && *waiting->outcome) {
    answer.body = **waiting->outcome;
    co_return answer;
  }
  const Error error =
      waiting->outcome ? waiting->outcome->error() : gateway_error(ErrorKind::internal, 503, "the daemon is stopping");
  answer.status = error.status;
  answer.body = api::openai_error_body(error);
  co_return answer;
}

net::Task<void> Admin::handle(Turn& turn) {
  const wire::RequestParser& request = turn.request();
  const std::string_view path = request.target().substr(0, request.target().find('?'));
  const bool get = request.method() == "GET" || request.method() == "HEAD";
  const Result<void> allowed = allow(path, request.headers());
  Answer answer;
  if (!allowed) {
    answer = Answer{allowed.error().status, json, api::openai_error_body(allowed.error())};
  } else if (get) {
    answer = look(path);
  } else if (path == reload_path && request.method() == "POST") {
    answer = co_await reload();
  } else {
    const Error error = wrong_method(path == reload_path ? "POST" : "GET");
    answer = Answer{error.status, json, api::openai_error_body(error)};
  }
  std::string fields;
  wire::append_field(fields, "Content-Type", answer.type);
  const Result<void> ignored = co_await turn.respond(answer.status, fields, answer.body);
  static_cast<void>(ignored);
}

}  // namespace triaged::server
