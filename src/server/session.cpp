#include "triaged/server/session.hpp"

#include "triaged/api/codec.hpp"
#include "triaged/base/log.hpp"
#include "triaged/wire/head_writer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>
#include <vector>

namespace triaged::server {
namespace {

constexpr std::size_t read_size = 8U << 10U;
// Where there are more than so many connections, each waits for its next request with a small buffer.
constexpr std::size_t many_connections = 256;
constexpr std::size_t small_read_size = 512;
constexpr std::size_t spare_buffers = 32;
// A connection that has sat idle since a drain began may have a request on its way: it gets this long to arrive.
constexpr Duration drain_grace = std::chrono::seconds(1);
// After an error answer we keep reading, so that the client gets to see it instead of a reset.
constexpr Duration linger_limit = std::chrono::seconds(5);
constexpr std::size_t linger_bytes = 256U << 20U;
// A last close_notify and the other side's end may take this long.
constexpr Duration close_limit = std::chrono::seconds(1);

}  // namespace

struct Sessions::Session {
  Session(net::Socket socket, const SessionOptions& options, Handler& handler)
      : stream(std::move(socket)),
        watch(stream),
        parser(wire::RequestLimits{options.limits.head, options.limits.header_count, options.limits.body},
               [&handler, whole = options.limits.body](const wire::RequestParser& head) {
                 const std::optional<std::size_t> in_pieces = handler.body_in_pieces(head);
                 return wire::BodyRule{in_pieces.value_or(whole), in_pieces.has_value()};
               }) {}

  net::Stream stream;
  ClientWatch watch;
  wire::RequestParser parser;
  std::string buffer;    // none while a request is answered, unless it holds something
  std::size_t held = 0;  // bytes in the buffer that no request has used yet
  bool idle = false;     // between requests, nothing received
  Turn* turn = nullptr;  // the request being answered
  bool open = true;
};

Sessions::Sessions(net::Executor executor, SessionOptions options, Handler& handler, const Clock& clock)
    : executor_(executor),
      options_(options),
      handler_(handler),
      clock_(clock),
      buffers_(read_size, spare_buffers),
      tasks_(executor) {}

Sessions::~Sessions() = default;

void Sessions::accept(net::Socket socket) {
  if (tasks_.size() >= options_.connections)
    tasks_.spawn("connection over the limit", turn_away(std::move(socket)));
  else
    tasks_.spawn("client connection", run(std::move(socket)));
}

net::Task<void> Sessions::turn_away(net::Socket socket) {
  // Not answered but closed: an answer would cost what the limit is there to save.
  net::error_code ignored;
  socket.close(ignored);
  co_return;
}

net::Task<void> Sessions::run(net::Socket socket) {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  Session session(std::move(socket), options_, handler_);
  // Also when a handler throws: nobody else may come upon a session that is gone.
  struct Open {
    Open(Sessions& sessions, Session& session)
        : owner(sessions), place(sessions.open_.insert(sessions.open_.end(), &session)) {
      owner.handler_.opened();
    }
    ~Open() {
      owner.open_.erase(place);
      owner.handler_.closed();
    }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    Sessions& owner;
    std::list<Session*>::iterator place;
  };
  std::optional<Open> open(std::in_place, *this, session);
  bool secure = true;
  if (options_.tls != nullptr) {
    const Deadline deadline = Deadline::in(options_.clocks.head, clock_.now());
    session.stream.set_read_deadline(deadline);
    session.stream.set_write_deadline(deadline);
    const net::error_code error = co_await session.stream.handshake_server(options_.tls);
    if (error) {
      log_debug("TLS handshake with a client failed", {{"error", error.message()}});
      secure = false;
    }
  }
  while (secure && session.open) {
    const bool complete = co_await read_request(session);
    if (!complete) break;
    if (session.held == 0 && session.parser.done()) buffers_.give(session.buffer);
    co_await serve(session);
  }
  buffers_.give(session.buffer);
  open.reset();
  if (!secure) co_return;
  co_await session.stream.shutdown(Deadline::in(close_limit, clock_.now()));
}

// True when a request is complete, or all of it that is gathered before it is answered. False: the connection is to be
// closed; whatever had to be said was said.
net::Task<bool> Sessions::read_request(Session& session) {
  wire::RequestParser& parser = session.parser;
  parser.reset();
  if (session.buffer.empty())
    session.buffer = open_.size() > many_connections ? std::string(small_read_size, '\0') : buffers_.take();
  bool continued = false;
  bool more = session.held == 0;
  const TimePoint waiting_since = clock_.now();
  TimePoint started{};
  session.idle = session.held == 0;
  Deadline deadline = Deadline::in(draining_ ? drain_grace : options_.clocks.keep_alive, waiting_since);
  session.stream.set_read_deadline(deadline);
  while (true) {
    if (more) {
      if (session.held == session.buffer.size()) session.buffer.resize(std::max(session.buffer.size() * 2, read_size));
      const net::IoResult read = co_await session.stream.read_some(
          net::asio::buffer(session.buffer.data() + session.held, session.buffer.size() - session.held));
      session.idle = false;
      session.held += read.bytes;
      if (read.error == net::asio::error::timed_out && (parser.started() || session.held > 0)) {
        Error late =
            client_error(ErrorKind::request_timeout, 408, "the request did not arrive in time", "request_timeout");
        co_await refuse(session, std::move(late));
        co_return false;
      }
      if (read.error) co_return false;
    }
    const Result<std::size_t> used = parser.put(std::string_view(session.buffer.data(), session.held));
    if (!used) {
      co_await refuse(session, used.error());
      co_return false;
    }
    session.held -= *used;
    if (session.held > 0) std::memmove(session.buffer.data(), session.buffer.data() + *used, session.held);
    if (parser.done() || (parser.head_done() && parser.in_pieces())) co_return true;
    more = true;
    if (started == TimePoint{}) {
      started = clock_.now();
      deadline = Deadline::in(options_.clocks.head, started);
      session.stream.set_read_deadline(deadline);
    }
    if (parser.head_done() && !continued) {
      continued = true;
      deadline = Deadline::in(options_.clocks.body, started);
      session.stream.set_read_deadline(deadline);
      if (parser.expects_continue()) {
        session.stream.set_write_deadline(deadline);
        const net::IoResult written = co_await session.stream.write(net::asio::buffer(wire::continue_response()));
        if (written.error) co_return false;
      }
    }
  }
}

net::Task<void> Sessions::refuse(Session& session, Error error) {
  handler_.refused(error);
  Turn turn(session.stream, session.watch, session.parser, options_.clocks, clock_);
  turn.close_after();
  std::string fields;
  wire::append_field(fields, "Content-Type", "application/json");
  const std::string body = api::openai_error_body(error);
  const Result<void> told = co_await turn.respond(error.status, fields, body);
  if (told) co_await linger(session);
}

net::Task<void> Sessions::serve(Session& session) {
  Turn turn(session.stream, session.watch, session.parser, options_.clocks, clock_);
  BodySource source(session.stream, session.parser, session.buffer, session.held, options_.clocks, clock_);
  if (!session.parser.done()) turn.set_body(source);
  if (draining_) turn.close_after();
  session.turn = &turn;
  bool threw = false;
  try {
    co_await handler_.handle(turn);
  } catch (const std::exception& problem) {
    log_error("a request handler failed", {{"error", problem.what()}});
    threw = true;
  }
  turn.on_client_gone(nullptr);
  if (threw && !turn.begun()) {
    const Error error = gateway_error(ErrorKind::internal, 500, "internal error");
    std::string fields;
    wire::append_field(fields, "Content-Type", "application/json");
    const std::string body = api::openai_error_body(error);
    turn.close_after();
    const Result<void> ignored = co_await turn.respond(500, fields, body);
    static_cast<void>(ignored);
  }
  if (turn.aborted()) {
    net::error_code ignored;
    session.stream.socket().set_option(net::asio::socket_base::linger(true, 0), ignored);
    session.stream.close();
  }
  session.turn = nullptr;
  session.open = turn.keep_alive() && turn.ended() && !turn.client_gone();
  if (turn.ended() && !session.parser.done() && !turn.client_gone() && !turn.aborted()) co_await linger(session);
  if (turn.body() != nullptr && session.held == 0) buffers_.give(session.buffer);
}

net::Task<void> Sessions::linger(Session& session) {
  if (!session.stream.encrypted()) {
    net::error_code ignored;
    session.stream.socket().shutdown(net::asio::ip::tcp::socket::shutdown_send, ignored);
  }
  const Deadline deadline = Deadline::in(linger_limit, clock_.now());
  session.stream.set_read_deadline(deadline);
  for (std::size_t bytes = 0; bytes < linger_bytes;) {
    const net::IoResult read =
        co_await session.stream.read_some(net::asio::buffer(session.buffer.data(), session.buffer.size()));
    if (read.error) co_return;
    bytes += read.bytes;
  }
}

void Sessions::drain() {
  draining_ = true;
  const Deadline deadline = Deadline::in(drain_grace, clock_.now());
  for (Session* session : open_) {
    if (session->idle) session->stream.set_read_deadline(deadline);
    // Whoever was promised a kept connection already may send once more: read_request() grants it the grace.
    if (session->turn != nullptr && !session->turn->has_head()) session->turn->close_after();
  }
}

void Sessions::terminate() {
  draining_ = true;
  // Losing a turn can end its session and take it off the list.
  const std::vector<Session*> sessions(open_.begin(), open_.end());
  for (Session* session : sessions) {
    session->watch.lose();
    session->stream.close();
  }
}

net::Task<void> Sessions::wait() { return tasks_.wait(); }

}  // namespace triaged::server
