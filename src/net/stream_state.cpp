#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <poll.h>
#include <utility>

namespace triaged::net {
namespace {

// The most that one TLS record holds.
constexpr std::size_t record_size = 16384;

}  // namespace

Stream::State::State(Socket connected) : socket(std::move(connected)), timer(socket.get_executor()) {
  error_code ignored;  // a socket that failed already says so at the first read
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
}

Stream::State::Operation::Operation(const Self& self, Side& side) : side_(side) {
  assert(!side.pending && "one coroutine reads, one writes");
  side.pending = true;
  side.expired = false;
  if (side.due < self->armed_at_) self->arm(self, side.due);
}

// ---- the watchdog

void Stream::State::set_due(const Self& self, Side& side, TimePoint due) {
  side.due = due;
  if (side.pending && due < armed_at_) arm(self, due);
}

void Stream::State::arm(const Self& self, TimePoint at) {
  armed_at_ = at;
  const std::uint32_t alarm = ++alarm_;
  timer.expires_at(at);
  timer.async_wait([self, alarm](const error_code& error) {
    if (!error && alarm == self->alarm_ && !self->closed) self->on_alarm(self);
  });
}

void Stream::State::on_alarm(const Self& self) {
  armed_at_ = TimePoint::max();
  const TimePoint now = TimePoint::clock::now();
  TimePoint next = TimePoint::max();
  bool any_late = false;
  for (Side* const side : {&read, &write}) {
    if (!side->pending || side->expired) continue;
    if (side->due > now) {
      next = std::min(next, side->due);
    } else {
      side->expired = true;
      any_late = true;
    }
  }
  if (next != TimePoint::max()) arm(self, next);
  if (!any_late) return;
  ++cancels.by_watchdog;
  cancel_operations(self);
}

bool Stream::State::goes_on(const Side& side, Cancels before) const {
  return !closed && !late(side) && cancels.by_caller == before.by_caller && cancels.by_watchdog != before.by_watchdog;
}

Task<error_code> Stream::State::wait(Side& side, Wants wants) {
  const auto direction = wants == Wants::to_read ? Socket::wait_read : Socket::wait_write;
  for (;;) {
    if (late(side)) co_return error_code(asio::error::timed_out);
    const Cancels before = cancels;
    const auto [error] = co_await socket.async_wait(direction, as_result);
    if (error != asio::error::operation_aborted) co_return error;
    if (late(side)) co_return error_code(asio::error::timed_out);
    if (!goes_on(side, before)) co_return error;
    const asio::cancellation_state cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none) co_return error;
  }
}

// ---- the end

void Stream::State::cancel(const Self& self) {
  ++cancels.by_caller;
  cancel_operations(self);
}

// Cancelling a socket ends the watch's wait too. The next one is issued at once, so that it still stands before any
// read.
void Stream::State::cancel_operations(const Self& self) {
  error_code ignored;
  socket.cancel(ignored);
  if (watching) issue_watch(self);
}

void Stream::State::close() {
  if (closed) return;
  closed = true;
  watching = false;
  notice_ = nullptr;
  timer.cancel();
  error_code ignored;
  socket.close(ignored);
}

// ---- the watch

void Stream::State::watch(const Self& self, std::function<void()> on_readable) {
  if (closed) return;
  notice_ = std::move(on_readable);
  if (watching) return;
  watching = true;
  ++watch_arming_;
  issue_watch(self);
}

void Stream::State::issue_watch(const Self& self) {
  auto handler = [self, issue = ++watch_issue_, arming = watch_arming_](const error_code& error) {
    self->on_watch(self, error, issue, arming);
  };
  if (has_data_or_end()) {
    asio::post(socket.get_executor(), [handler = std::move(handler)] { handler(error_code()); });
  } else {
    socket.async_wait(Socket::wait_read, std::move(handler));
  }
}

void Stream::State::on_watch(const Self& self, error_code error, std::uint32_t issue, std::uint32_t arming) {
  if (!watching || arming != watch_arming_) return;
  if (error == asio::error::operation_aborted) {
    if (issue == watch_issue_) issue_watch(self);  // somebody cancelled the socket itself
    return;
  }
  watching = false;
  const std::function<void()> notice = std::exchange(notice_, nullptr);
  if (notice) notice();  // may end the stream
}

bool Stream::State::has_data_or_end() {
  return tls && tls->ready() && tls->holds_input() && tls->peek().wants == Wants::nothing;
}

short Stream::State::events() {
  pollfd poll_for{};
  poll_for.fd = socket.is_open() ? socket.native_handle() : -1;
  poll_for.events = POLLIN | POLLRDHUP;
  return ::poll(&poll_for, 1, 0) > 0 ? poll_for.revents : short{0};
}

// ---- sending

error_code Stream::State::send(Unsent& unsent, Wants& wants) {
  if (closed) return asio::error::operation_aborted;
  if (tls) return send_encrypted(unsent, wants);
  Unsent::Parts parts;
  while (!unsent.empty()) {
    error_code error;
    unsent.consume(socket.write_some(unsent.next(parts), error));
    if (error == asio::error::would_block || error == asio::error::try_again) {
      wants = Wants::to_write;
      return {};
    }
    if (error) return error;
  }
  return {};
}

error_code Stream::State::send_encrypted(Unsent& unsent, Wants& wants) {
  thread_local std::array<char, record_size> scratch;
  while (!unsent.empty()) {
    const TlsStep step = tls->write(unsent.next_piece(scratch));
    if (step.error) return step.error;
    if (step.wants != Wants::nothing) {
      wants = step.wants;
      return {};
    }
    unsent.consume(step.bytes);
  }
  return {};
}

}  // namespace triaged::net
