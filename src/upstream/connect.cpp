// Opening a connection: name, address after address, TLS.
#include "triaged/upstream/pool.hpp"

#include <algorithm>
#include <utility>

namespace triaged::upstream {
namespace {

std::string place(const config::Provider& provider) {
  return "provider " + provider.name + " (" + provider.host + ":" + std::to_string(provider.port) + ")";
}

// A connection being made. Shared with its alarm, whose handler may already be queued when the attempt ends.
struct Dialling {
  explicit Dialling(net::Executor executor) : socket(executor) {}
  void cancel() {
    net::error_code ignored;
    socket.cancel(ignored);
  }
  net::Socket socket;
  bool gone = false;
  bool late = false;
};

Error left() { return client_error(ErrorKind::client_gone, 499, "the client left"); }

Error too_late(const config::Provider& provider) {
  return upstream_error(ErrorKind::connect_timeout, place(provider) + " did not accept a connection in time");
}

Error not_found(const config::Provider& provider, net::error_code error) {
  if (error == net::asio::error::operation_aborted) return left();
  if (error == net::asio::error::timed_out)
    return upstream_error(ErrorKind::connect_timeout, "the address of " + place(provider) + " was not found in time");
  return upstream_error(ErrorKind::dns, place(provider) + " has no address: " + error.message());
}

}  // namespace

net::Task<Result<std::unique_ptr<Connection>>> Pool::connect(Deadline deadline, std::function<void()>& wake) {
  const net::Resolver::Answer answer = co_await resolver_.resolve(provider_.host, provider_.port, deadline, wake);
  if (answer.error) co_return not_found(provider_, answer.error);
  Error last = too_late(provider_);
  std::size_t remaining = answer.endpoints->size();
  for (const auto& endpoint : *answer.endpoints) {
    // Each address gets its share of the time, so that one that swallows packets does not use it all.
    const TimePoint now = clock_.now();
    const Deadline share =
        deadline.never() ? deadline : Deadline::in(deadline.left(now) / static_cast<int>(remaining), now);
    --remaining;
    if (deadline.passed(now)) break;
    Result<std::unique_ptr<Connection>> connection = co_await dial(endpoint, share, wake);
    if (connection) co_return connection;
    last = connection.error();
    if (last.kind == ErrorKind::client_gone || last.kind == ErrorKind::tls) break;
  }
  co_return last;
}

net::Task<Result<std::unique_ptr<Connection>>> Pool::dial(net::asio::ip::tcp::endpoint endpoint, Deadline deadline,
                                                          std::function<void()>& wake) {
  const auto dialling = std::make_shared<Dialling>(executor_);
  wake = [dialling] {
    dialling->gone = true;
    dialling->cancel();
  };
  Timer alarm(executor_, deadline.at());
  auto on_alarm = [dialling](net::error_code error) {
    if (error) return;
    dialling->late = true;
    dialling->cancel();
  };
  if (!deadline.never()) alarm.async_wait(on_alarm);
  auto [error] = co_await dialling->socket.async_connect(endpoint, net::as_result);
  alarm.cancel();
  wake = nullptr;
  if (dialling->gone) co_return left();
  if (dialling->late) co_return too_late(provider_);
  if (error) {
    co_return upstream_error(ErrorKind::connect, "cannot connect to " + place(provider_) + ": " + error.message());
  }

  auto connection = std::make_unique<Connection>(std::move(dialling->socket));
  net::error_code ignored;
  connection->stream.socket().set_option(net::asio::socket_base::keep_alive(true), ignored);
  if (provider_.scheme == "https") {
    net::Stream& stream = connection->stream;
    wake = [&stream, dialling] {
      dialling->gone = true;
      stream.cancel();
    };
    const Result<void> secured = co_await secure(*connection, deadline);
    wake = nullptr;
    if (dialling->gone) co_return left();
    if (!secured) co_return secured.error();
  }
  co_return connection;
}

net::Task<Result<void>> Pool::secure(Connection& connection, Deadline deadline) {
  if (tls_ == nullptr) co_return upstream_error(ErrorKind::tls, "TLS for " + place(provider_) + ": " + tls_problem_);
  connection.stream.set_read_deadline(deadline);
  connection.stream.set_write_deadline(deadline);
  const std::string& name = provider_.tls_server_name.empty() ? provider_.host : provider_.tls_server_name;
  const net::error_code error = co_await connection.stream.handshake_client(tls_.get(), name, session_.get());
  if (!error) co_return Result<void>();
  if (error == net::asio::error::timed_out) {
    co_return upstream_error(ErrorKind::connect_timeout,
                             place(provider_) + " did not finish the TLS handshake in time");
  }
  co_return upstream_error(ErrorKind::tls, "TLS handshake with " + place(provider_) + " failed: " + error.message());
}

}  // namespace triaged::upstream
