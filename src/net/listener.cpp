#include "triaged/net/listener.hpp"

#include "triaged/base/log.hpp"
#include "triaged/net/blocking.hpp"
#include "triaged/net/runtime.hpp"

#include "net/listen_address.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <limits>
#include <utility>

namespace triaged::net {
namespace {

using namespace std::chrono_literals;
using tcp = asio::ip::tcp;

constexpr auto back_off = 50ms;
// Accepted in one go before the other work of worker 0 gets its turn.
constexpr int batch = 32;

// The connection itself failed before it was accepted; the next one may be fine (accept(2), "Error handling").
bool only_that_connection(error_code error) {
  switch (error.value()) {
    case ECONNABORTED:
    case ECONNRESET:
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EINTR: return true;
    default: return false;
  }
}

}  // namespace

struct Listener::State {
  using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
  using Timer = asio::basic_waitable_timer<TimePoint::clock, asio::wait_traits<TimePoint::clock>, Executor>;
  using Self = std::shared_ptr<State>;

  State(Runtime& of, Load load_of, OnSocket handler)
      : runtime(of),
        acceptor(of.worker(0).executor()),
        timer(of.worker(0).executor()),
        load(std::move(load_of)),
        on_socket(std::move(handler)),
        handed_over(of.size()) {}

  void wait(const Self& self) {
    acceptor.async_wait(Acceptor::wait_read, [self](const error_code& error) {
      if (!error) self->accept_all(self);
    });
  }

  void accept_all(const Self& self) {
    for (int count = 0; count < batch && acceptor.is_open(); ++count) {
      const error_code error = accept_one(self);
      if (!error || only_that_connection(error)) continue;
      if (error == asio::error::would_block || error == asio::error::try_again) break;
      hold_off(self, error);
      return;
    }
    if (acceptor.is_open()) wait(self);
  }

  error_code accept_one(const Self& self) {
    const std::size_t index = choose();
    error_code error;
    Socket socket = acceptor.accept(runtime.worker(index).executor(), error);
    if (error) return error;
    recovered();
    hand_over(self, index, std::move(socket));
    return error;
  }

  void finish(const Self& self) {
    for (int count = 0; count < asio::socket_base::max_listen_connections && acceptor.is_open(); ++count) {
      const error_code error = accept_one(self);
      if (error && !only_that_connection(error)) break;
    }
    close();
  }

  // The worker with the fewest connections, those under way to it included; among equals each in turn.
  std::size_t choose() {
    std::size_t best = 0;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (std::size_t step = 0; step < runtime.size(); ++step) {
      const std::size_t index = (next + step) % runtime.size();
      const std::size_t connections = load(index) + handed_over[index].load(std::memory_order_relaxed);
      if (connections >= least) continue;
      least = connections;
      best = index;
    }
    next = (best + 1) % runtime.size();
    return best;
  }

  void hand_over(const Self& self, std::size_t index, Socket socket) {
    handed_over[index].fetch_add(1, std::memory_order_relaxed);
    asio::post(runtime.worker(index).executor(), [self, index, taken = std::move(socket)]() mutable {
      // From here on the load of the worker counts the connection; counting it twice meanwhile would send the next one
      // astray.
      self->handed_over[index].fetch_sub(1, std::memory_order_relaxed);
      if (!self->stopped.load(std::memory_order_acquire)) self->on_socket(index, std::move(taken));
    });
  }

  // Out of descriptors or memory: the connection stays in the queue of the kernel, which would report it again at once.
  void hold_off(const Self& self, error_code error) {
    if (!std::exchange(holding_off, true)) {
      log_error("cannot accept connections; trying again every 50 ms", {{"reason", error.message()}});
    }
    timer.expires_after(back_off);
    timer.async_wait([self](const error_code& cancelled) {
      if (!cancelled && self->acceptor.is_open()) self->accept_all(self);
    });
  }

  void recovered() {
    if (std::exchange(holding_off, false)) log_info("accepting connections again");
  }

  void close() {
    error_code ignored;
    acceptor.close(ignored);
    timer.cancel();
  }

  Runtime& runtime;
  Acceptor acceptor;
  Timer timer;
  const Load load;
  const OnSocket on_socket;
  std::vector<std::atomic<std::size_t>> handed_over;
  std::atomic<bool> stopped = false;
  std::size_t next = 0;
  bool holding_off = false;
  std::uint16_t port = 0;
};

Listener::Listener(std::shared_ptr<State> state) : state_(std::move(state)) {}
Listener::~Listener() { stop(); }

Result<std::unique_ptr<Listener>> Listener::bind(Runtime& runtime, const std::string& host, std::uint16_t port,
                                                 Load load, OnSocket on_socket) {
  const Result<asio::ip::address> address = parse_listen_address(host);
  if (!address) return address.error();
  const tcp::endpoint endpoint(*address, port);
  auto state = std::make_shared<State>(runtime, std::move(load), std::move(on_socket));
  auto& acceptor = state->acceptor;
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && address->is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) acceptor.non_blocking(true, error);
  if (error) return listen_error(endpoint, error);
  state->port = acceptor.local_endpoint(error).port();
  if (error) return listen_error(endpoint, error);
  return std::make_unique<Listener>(std::move(state));
}

std::uint16_t Listener::port() const { return state_->port; }

void Listener::start() {
  asio::post(state_->runtime.worker(0).executor(), [state = state_] {
    if (!state->stopped.load(std::memory_order_acquire)) state->wait(state);
  });
}

void Listener::finish() {
  post_and_wait(state_->runtime.worker(0), [state = state_] { state->finish(state); });
}

void Listener::stop() {
  if (state_->stopped.exchange(true)) return;
  asio::post(state_->runtime.worker(0).executor(), [state = state_] { state->close(); });
}

}  // namespace triaged::net
