#include "triaged/upstream/pool.hpp"

#include "triaged/upstream/exchange.hpp"

#include <algorithm>
#include <utility>

namespace triaged::upstream {
namespace {

constexpr Duration drain_limit = std::chrono::seconds(1);
constexpr std::size_t spare_buffers = 32;

}  // namespace

// A request that waits for a place. The timer is both its deadline and its alarm clock.
struct Pool::Waiter {
  Waiter(net::Executor executor, Deadline deadline) : timer(executor, deadline.at()) {}
  Timer timer;
  bool admitted = false;
  bool abandoned = false;
};

Pool::Pool(net::Executor executor, const config::Provider& provider, net::Resolver& resolver, const Clock& clock,
           PoolObserver& observer)
    : executor_(executor),
      provider_(provider),
      resolver_(resolver),
      clock_(clock),
      observer_(observer),
      buffers_(Connection::usual_buffer, spare_buffers),
      sweep_timer_(executor),
      drains_(executor) {
  if (provider_.scheme != "https") return;
  Result<net::SslContext> context = net::make_client_context(provider_.tls_verify, provider_.tls_ca_file);
  if (context)
    tls_ = std::move(*context);
  else
    tls_problem_ = context.error().detail;
}

Pool::~Pool() {
  idle_.clear();
  report();
}

net::Task<Result<Lease>> Pool::acquire(Deadline deadline, Use use, std::function<void()>& wake) {
  if (active_ < provider_.connections) {
    ++active_;
  } else {
    const Result<void> place = co_await wait_for_place(deadline, wake);
    if (!place) co_return place.error();
  }
  if (std::unique_ptr<Connection> connection = use == Use::any ? take_idle() : nullptr) {
    report();
    observer_.acquired(provider_, true);
    co_return Lease(*this, std::move(connection));
  }
  if (!idle_.empty() && active_ + idle_.size() > provider_.connections) idle_.erase(idle_.begin());
  report();
  Result<std::unique_ptr<Connection>> connection = co_await connect(deadline, wake);
  if (!connection) {
    ended();
    co_return connection.error();
  }
  observer_.acquired(provider_, false);
  co_return Lease(*this, std::move(*connection));
}

std::unique_ptr<Connection> Pool::take_idle() {
  const TimePoint now = clock_.now();
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (now - connection->idle_since < provider_.idle_connection) return connection;
  }
  return nullptr;
}

// Afterwards the place is the caller's, and counted in active_.
net::Task<Result<void>> Pool::wait_for_place(Deadline deadline, std::function<void()>& wake) {
  Waiter waiter(executor_, deadline);
  waiters_.push_back(&waiter);
  wake = [&waiter] {
    waiter.abandoned = true;
    waiter.timer.cancel();
  };
  co_await waiter.timer.async_wait(net::as_result);
  wake = nullptr;
  if (waiter.admitted && !waiter.abandoned) co_return Result<void>();
  std::erase(waiters_, &waiter);
  if (waiter.admitted) ended();  // hand the place on
  if (waiter.abandoned) co_return client_error(ErrorKind::client_gone, 499, "the client left");
  co_return gateway_error(
      ErrorKind::overloaded, 503,
      "all " + std::to_string(provider_.connections) + " connections to provider " + provider_.name + " are busy");
}

// A place became free: its connection was put back or closed. It goes straight to who waits, so that nobody who comes
// before that one has noticed can take it.
void Pool::ended() {
  if (waiters_.empty()) {
    --active_;
  } else {
    Waiter* next = waiters_.front();
    waiters_.pop_front();
    next->admitted = true;
    next->timer.cancel();
  }
  report();
}

void Pool::put_back(std::unique_ptr<Connection> connection) {
  connection->exchanges += 1;
  connection->fast = false;
  connection->calm = 0;
  buffers_.give(connection->buffer);  // reusable() means that it holds nothing
  connection->idle_since = clock_.now();
  connection->stream.set_read_deadline(Deadline());
  connection->stream.set_write_deadline(Deadline());
  if (connection->stream.encrypted()) {
    if (net::SslSession session = connection->stream.take_session()) session_ = std::move(session);
  }
  const Connection* key = connection.get();
  if (!connection->stream.watching()) {
    connection->stream.watch_readable([this, key] { drop_idle(key); });
  }
  idle_.push_back(std::move(connection));
  ended();
  arm_sweep();
}

// The watch of a connection fired. In use, that was its answer; idle, nothing that comes can be right.
void Pool::drop_idle(const Connection* connection) {
  const auto found =
      std::find_if(idle_.begin(), idle_.end(), [connection](const auto& each) { return each.get() == connection; });
  if (found == idle_.end()) return;
  net::Stream& stream = (*found)->stream;
  if (stream.probe() == net::Stream::Probe::nothing) {  // TLS session tickets, for example
    stream.watch_readable([this, connection] { drop_idle(connection); });
    return;
  }
  idle_.erase(found);
  report();
}

void Pool::arm_sweep() {
  if (sweeping_ || idle_.empty()) return;
  sweeping_ = true;
  sweep_timer_.expires_after(
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(provider_.idle_connection));
  sweep_timer_.async_wait([this, alive = std::weak_ptr<const bool>(alive_)](net::error_code error) {
    // The pool may be gone, also when the timer had expired: the handler was queued then.
    if (error || alive.expired()) return;
    sweeping_ = false;
    sweep();
    arm_sweep();
  });
}

void Pool::sweep() {
  const TimePoint now = clock_.now();
  std::erase_if(idle_, [&](const auto& each) { return now - each->idle_since >= provider_.idle_connection; });
  report();
}

void Pool::drain(Lease lease) { drains_.spawn("drain of an upstream connection", finish_message(std::move(lease))); }

net::Task<void> Pool::finish_message(Lease lease) {
  const Deadline deadline = Deadline::in(drain_limit, clock_.now());
  std::string ignored;
  Connection& connection = *lease;
  connection.stream.set_read_deadline(deadline);
  while (!connection.parser.done()) {
    const net::IoResult read = co_await connection.stream.read_some(connection.space());
    if (read.error) co_return;
    const Result<void> taken = connection.take(read.bytes, ignored);
    if (!taken || !ignored.empty()) co_return;
  }
  if (connection.reusable()) lease.keep();
}

void Pool::close_idle() {
  idle_.clear();
  sweep_timer_.cancel();
  report();
}

net::Task<void> Pool::stopped() { return drains_.wait(); }

void Pool::report() {
  const auto active = static_cast<std::int64_t>(active_);
  const auto idle = static_cast<std::int64_t>(idle_.size());
  observer_.connections(provider_, active - told_active_, idle - told_idle_);
  told_active_ = active;
  told_idle_ = idle;
}

}  // namespace triaged::upstream
