#include "triaged/net/stream.hpp"

#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <cstdint>
#include <poll.h>
#include <utility>

namespace triaged::net {
namespace {

using asio::error::operation_aborted;
using asio::error::timed_out;

// How often a stream may read without having waited before the other work of its thread gets a turn.
constexpr std::uint32_t reads_before_yield = 16;

IoResult io_result(error_code error, std::size_t bytes) {
  IoResult result;
  result.error = error;
  result.bytes = bytes;
  return result;
}

}  // namespace

Stream::Stream(Socket socket) : state_(std::make_shared<State>(std::move(socket))) {}
Stream::~Stream() { state_->close(); }

bool Stream::encrypted() const { return state_->tls && state_->tls->ready(); }
Socket& Stream::socket() { return state_->socket; }
Executor Stream::executor() { return state_->socket.get_executor(); }

void Stream::set_read_deadline(Deadline deadline) { state_->set_due(state_, state_->read, deadline.at()); }
void Stream::set_write_deadline(Deadline deadline) { state_->set_due(state_, state_->write, deadline.at()); }

void Stream::watch_readable(std::function<void()> notice) { state_->watch(state_, std::move(notice)); }
bool Stream::watching() const { return state_->watching; }

void Stream::cancel() { state_->cancel(state_); }
void Stream::close() { state_->close(); }

Task<error_code> Stream::handshake_server(SSL_CTX* context) {
  state_->tls = std::make_unique<TlsEngine>(context, state_->socket.native_handle());
  state_->tls->be_server();
  return handshake();
}

Task<error_code> Stream::handshake_client(SSL_CTX* context, const std::string& server_name, SSL_SESSION* session) {
  state_->tls = std::make_unique<TlsEngine>(context, state_->socket.native_handle());
  const error_code refused = state_->tls->be_client(server_name, session);
  if (refused) co_return refused;
  co_return co_await handshake();
}

Task<error_code> Stream::handshake() {
  State& state = *state_;
  const State::Operation reading(state_, state.read);
  const State::Operation writing(state_, state.write);
  state.joined = true;
  error_code error;
  for (;;) {
    if (state.closed) {
      error = operation_aborted;
      break;
    }
    const TlsStep step = state.tls->handshake();
    error = step.error;
    if (step.wants == Wants::nothing) break;
    State::Side& side = step.wants == Wants::to_read ? state.read : state.write;
    error = co_await state.wait(side, step.wants);
    if (error) break;
  }
  state.joined = false;
  co_return error;
}

Task<IoResult> Stream::read_some(asio::mutable_buffer buffer) {
  if (state_->tls) return read_encrypted(buffer);
  return read_plain(buffer);
}

Task<IoResult> Stream::read_plain(asio::mutable_buffer buffer) {
  State& state = *state_;
  const State::Operation reading(state_, state.read);
  for (;;) {
    const State::Cancels before = state.cancels;
    const auto [error, bytes] = co_await state.socket.async_read_some(buffer, as_result);
    if (error != operation_aborted) co_return io_result(error, bytes);
    if (state.late(state.read)) co_return io_result(timed_out, 0);
    if (!state.goes_on(state.read, before)) co_return io_result(error, 0);
    const asio::cancellation_state cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none) co_return io_result(error, 0);
  }
}

Task<IoResult> Stream::read_encrypted(asio::mutable_buffer buffer) {
  State& state = *state_;
  if (buffer.size() == 0) co_return io_result({}, 0);
  const State::Operation reading(state_, state.read);
  if (++state.reads_in_a_row > reads_before_yield) {
    state.reads_in_a_row = 0;
    co_await asio::post(executor(), as_result);
  }
  // A watch that is armed comes first, as it does on a plain socket.
  bool wait_first = state.watching && !state.tls->holds_input();
  for (;;) {
    if (state.closed) co_return io_result(operation_aborted, 0);
    TlsStep step;
    step.wants = Wants::to_read;
    if (!wait_first) step = state.tls->read(buffer);
    wait_first = false;
    if (step.wants == Wants::nothing) co_return io_result(step.error, step.bytes);
    state.reads_in_a_row = 0;
    const error_code error = co_await state.wait(state.read, step.wants);
    if (error) co_return io_result(error, 0);
  }
}

// Mostly the kernel takes everything at once: no wait, no turn of the event loop.
Task<IoResult> Stream::write(Buffers buffers) {
  Unsent unsent(buffers);
  Wants wants = Wants::nothing;
  const error_code error = state_->send(unsent, wants);
  if (wants == Wants::nothing) co_return io_result(error, unsent.sent());
  co_return co_await write_rest(unsent, wants);
}

Task<IoResult> Stream::write(asio::const_buffer bytes) {
  Unsent unsent(Buffers(&bytes, 1));
  Wants wants = Wants::nothing;
  const error_code error = state_->send(unsent, wants);
  if (wants == Wants::nothing) co_return io_result(error, unsent.sent());
  co_return co_await write_rest(unsent, wants);
}

Task<IoResult> Stream::write_rest(Unsent& unsent, Wants wants) {
  State& state = *state_;
  const State::Operation writing(state_, state.write);
  while (wants != Wants::nothing) {
    error_code error = co_await state.wait(state.write, wants);
    if (error) {
      if (state.tls) state.tls->give_up_write();  // half a record may be out
      co_return io_result(error, unsent.sent());
    }
    wants = Wants::nothing;
    error = state.send(unsent, wants);
    if (error) co_return io_result(error, unsent.sent());
  }
  co_return io_result({}, unsent.sent());
}

Stream::Probe Stream::probe() {
  if (state_->closed) return Probe::closed;
  const short events = state_->events();
  if ((events & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0) return Probe::closed;
  const bool readable = (events & POLLIN) != 0;
  if (!encrypted()) return readable ? Probe::data : Probe::nothing;
  if (!readable && !state_->tls->holds_input()) return Probe::nothing;
  const TlsStep step = state_->tls->peek();
  if (step.wants != Wants::nothing) return Probe::nothing;
  return step.error ? Probe::closed : Probe::data;
}

SslSession Stream::take_session() { return encrypted() ? state_->tls->session() : nullptr; }

Task<void> Stream::shutdown(Deadline deadline) {
  set_read_deadline(deadline);
  set_write_deadline(deadline);
  if (encrypted()) co_await say_end();
  if (state_->closed) co_return;
  error_code error;
  state_->socket.shutdown(Socket::shutdown_send, error);
  const bool unread = (state_->events() & POLLIN) != 0;
  if (!error && unread && !deadline.never() && !state_->read.pending) co_await swallow_input();
  close();
}

Task<void> Stream::say_end() {
  State& state = *state_;
  if (state.write.pending) co_return;
  const State::Operation writing(state_, state.write);
  while (!state.closed) {
    const TlsStep step = state.tls->close_notify();
    if (step.wants != Wants::to_write) co_return;
    const error_code error = co_await state.wait(state.write, step.wants);
    if (error) co_return;
  }
}

// Below TLS: what it would say does not matter any more.
Task<void> Stream::swallow_input() {
  // Never looked at, so all connections that end share it: thousands may do so at once.
  thread_local std::array<char, 16384> sink;
  error_code error;
  while (!error) {
    const IoResult result = co_await read_plain(asio::buffer(sink));
    error = result.error;
  }
}

}  // namespace triaged::net
