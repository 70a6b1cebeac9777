#include "support/upstream.hpp"

#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"
#include "triaged/wire/sse.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <exception>

namespace triaged::test {

std::string SeenRequest::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& field) { return iequals(field.first, name); });
  return found == headers.end() ? std::string() : found->second;
}

void Exchange::answer(int status, std::string_view body, std::string_view extra_fields) {
  std::string out;
  wire::append_status_line(out, status);
  out.append("Content-Type: application/json\r\n").append(extra_fields);
  wire::append_length_field(out, body.size());
  wire::end_head(out);
  send(out.append(body));
}

void Exchange::begin_stream(std::string_view extra_fields) {
  std::string out;
  wire::append_status_line(out, 200);
  out.append("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n").append(extra_fields);
  wire::end_head(out);
  send(out);
}

void Exchange::event(std::string_view data) {
  std::string event;
  wire::append_sse_data(event, data);
  std::string chunk;
  wire::append_chunk(chunk, event);
  send(chunk);
}

void Exchange::end_stream() {
  event("[DONE]");
  send(wire::last_chunk());
}

void Exchange::wait_until_left() {
  const Received received = socket_.receive();
  if (received.end == Received::End::none) throw std::runtime_error("the gateway sent more: " + received.bytes);
}

void Exchange::close() {
  const std::lock_guard lock(closing_);
  socket_.close();
}

void Exchange::cut() {
  const std::lock_guard lock(closing_);
  socket_.shut();
}

void Exchange::reset() {
  const std::lock_guard lock(closing_);
  socket_.reset();
}

Upstream::Upstream(SSL_CTX* tls) : tls_(tls), acceptor_(std::make_unique<Acceptor>()) {
  always_ = [](Exchange& exchange) { exchange.answer(500, R"({"error":{"message":"no script for this request"}})"); };
  accepting_ = std::thread([this] { accept_all(); });
}

Upstream::~Upstream() {
  stop();
  for (const std::string& problem : problems_) ADD_FAILURE() << "in an upstream's script: " << problem;
}

void Upstream::always(Script script) {
  const std::lock_guard lock(mutex_);
  always_ = std::move(script);
}

void Upstream::then(Script script) {
  const std::lock_guard lock(mutex_);
  next_.push_back(std::move(script));
}

void Upstream::reset() {
  const std::lock_guard lock(mutex_);
  always_ = [](Exchange& exchange) { exchange.answer(500, R"({"error":{"message":"no script for this request"}})"); };
  next_.clear();
  seen_.clear();
}

std::size_t Upstream::count() const {
  const std::lock_guard lock(mutex_);
  return seen_.size();
}

std::size_t Upstream::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::vector<SeenRequest> Upstream::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

SeenRequest Upstream::last() const {
  const std::lock_guard lock(mutex_);
  return seen_.at(seen_.size() - 1);
}

void Upstream::close_idle() {
  // A client may have its answer before the script that gave it has returned.
  const bool done = eventually([this] {
    const std::lock_guard lock(mutex_);
    return std::all_of(connections_.begin(), connections_.end(),
                       [](const Connection& connection) { return connection.idle || connection.ended; });
  });
  if (!done) throw std::runtime_error("a script did not end within the time limit");
  const std::lock_guard lock(mutex_);
  for (const Connection& connection : connections_) {
    if (!connection.ended) connection.socket.shut();
  }
}

void Upstream::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    acceptor_->shut();
  }
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const Connection& connection : connections_) {
      if (!connection.ended) connection.socket.shut();
    }
  }
  for (Connection& connection : connections_) connection.thread.join();
  connections_.clear();
}

void Upstream::start() {
  acceptor_ = std::make_unique<Acceptor>(port());  // before the one that keeps the port lets go of it
  stopping_ = false;
  accepting_ = std::thread([this] { accept_all(); });
}

void Upstream::accept_all() {
  while (true) {
    Socket socket = acceptor_->accept();
    const std::lock_guard lock(mutex_);
    if (stopping_ || !socket.open()) return;
    Connection& connection = connections_.emplace_back();
    connection.socket = std::move(socket);
    connection.number = accepted_++;
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void Upstream::serve(Connection& connection) {
  try {
    if (tls_ != nullptr) connection.socket.secure_as_server(tls_);
    wire::RequestLimits limits;
    limits.body = 256U << 20U;
    wire::RequestParser parser(limits);
    std::string held;
    for (std::size_t i = 0; connection.socket.open() && read(connection, parser, held); ++i) {
      const SeenRequest request = note(parser, connection, i);
      const Script script = next_script();
      Exchange exchange(connection.socket, mutex_, request);
      script(exchange);
    }
  } catch (const PeerLeft&) {
    // The script says what it expects of the gateway; that it leaves is usual.
  } catch (const std::exception& problem) {
    const std::lock_guard lock(mutex_);
    if (!stopping_) problems_.emplace_back(problem.what());
  }
  const std::lock_guard lock(mutex_);
  connection.ended = true;
  connection.socket.close();
}

// False when the connection has ended.
bool Upstream::read(Connection& connection, wire::RequestParser& parser, std::string& held) {
  parser.reset();
  {
    const std::lock_guard lock(mutex_);
    connection.idle = true;
  }
  while (true) {
    const Result<std::size_t> used = parser.put(held);
    if (!used) throw std::runtime_error("the gateway's request is malformed: " + used.error().detail);
    held.erase(0, *used);
    if (parser.done()) return true;
    if (*used > 0 && !held.empty()) continue;
    const bool waiting = connection.socket.wait_readable(std::chrono::hours(1));
    if (!waiting) return false;
    const Received received = connection.socket.receive();
    if (received.end != Received::End::none) return false;
    held += received.bytes;
  }
}

SeenRequest Upstream::note(const wire::RequestParser& parser, Connection& connection, std::size_t on_connection) {
  SeenRequest request;
  request.method = parser.method();
  request.target = parser.target();
  for (std::size_t i = 0; i < parser.headers().size(); ++i) {
    const wire::Headers::Field field = parser.headers()[i];
    request.headers.emplace_back(std::string(field.name), std::string(field.value));
  }
  request.body = parser.body();
  request.connection = connection.number;
  request.on_connection = on_connection;
  const std::lock_guard lock(mutex_);
  connection.idle = false;
  seen_.push_back(request);
  return request;
}

Script Upstream::next_script() {
  const std::lock_guard lock(mutex_);
  if (next_.empty()) return always_;
  Script script = std::move(next_.front());
  next_.pop_front();
  return script;
}

}  // namespace triaged::test
