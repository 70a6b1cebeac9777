// Keep-alive connections of one worker to one provider. A lease closes its connection when dropped, unless someone
// vouched for it: only a connection whose exchange ended cleanly is used again. Idle connections are watched: one that
// becomes readable (the end, or bytes nobody asked for) is dropped. Newest first; surplus and old ones are closed.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/deadline.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/net/resolver.hpp"
#include "triaged/net/spare_buffers.hpp"
#include "triaged/net/stream.hpp"
#include "triaged/net/task_group.hpp"
#include "triaged/net/tls_context.hpp"
#include "triaged/wire/response_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace triaged::upstream {

// A socket with its parser and the bytes between them.
struct Connection {
  explicit Connection(net::Socket socket);
  net::asio::mutable_buffer space();  // where the next read goes
  // Takes `size` bytes that were read into space(): body bytes are appended to `body`. Error: not HTTP.
  Result<void> take(std::size_t size, std::string& body);
  // Its message is over, both sides keep it open, and nothing came behind the message.
  static constexpr std::size_t usual_buffer = 2U << 10U;
  bool reusable() const { return parser.done() && parser.keep_alive() && held == 0; }

  void shrink();

  net::Stream stream;
  wire::ResponseParser parser;
  std::string buffer;           // none while idle
  bool fast = false;            // this message's bytes come faster than we read small pieces
  std::uint32_t calm = 0;       // small reads since one that was not
  std::size_t held = 0;         // bytes at the front of the buffer that no message has used (yet)
  std::uint64_t exchanges = 0;  // completed on it
  TimePoint idle_since{};
};

class Pool;

class Lease {
 public:
  Lease() = default;
  Lease(Pool& pool, std::unique_ptr<Connection> connection);
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }
  explicit operator bool() const { return connection_ != nullptr; }
  bool reused() const { return connection_->exchanges > 0; }
  Pool& pool() const { return *pool_; }
  void keep();  // gives the connection back for reuse
  void drop();  // closes it

 private:
  Pool* pool_ = nullptr;
  std::unique_ptr<Connection> connection_;
};

// Told of what a pool does. Of its connections the changes, so that several pools can be summed up; in the end they
// come to nothing.
class PoolObserver {
 public:
  virtual ~PoolObserver() = default;
  virtual void connections(const config::Provider& provider, std::int64_t more_active, std::int64_t more_idle) = 0;
  virtual void acquired(const config::Provider& provider, bool reused) = 0;
};

// One thread. `provider`, `resolver` and `observer` outlive the pool; every lease is gone before it is destroyed.
class Pool {
 public:
  Pool(net::Executor executor, const config::Provider& provider, net::Resolver& resolver, const Clock& clock,
       PoolObserver& observer);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  enum class Use : std::uint8_t { any, fresh };
  // A connection, waiting for a place if all are taken. `wake` receives a function that makes a waiting acquire() give
  // up with `client_gone`; it is valid until acquire() returns. Errors: dns, connect, connect_timeout, tls, overloaded.
  net::Task<Result<Lease>> acquire(Deadline deadline, Use use, std::function<void()>& wake);

  // Reads the rest of a message that is all but over (its last chunk), within a second, and keeps the connection.
  void drain(Lease lease);
  void close_idle();
  net::Task<void> stopped();  // after close_idle(): until the drains have ended
  std::size_t active() const { return active_; }
  std::size_t idle() const { return idle_.size(); }

 private:
  friend class Lease;
  using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
  struct Waiter;

  std::unique_ptr<Connection> take_idle();
  net::Task<Result<void>> wait_for_place(Deadline deadline, std::function<void()>& wake);
  net::Task<Result<std::unique_ptr<Connection>>> connect(Deadline deadline, std::function<void()>& wake);
  net::Task<Result<std::unique_ptr<Connection>>> dial(net::asio::ip::tcp::endpoint endpoint, Deadline deadline,
                                                      std::function<void()>& wake);
  net::Task<Result<void>> secure(Connection& connection, Deadline deadline);
  net::Task<void> finish_message(Lease lease);
  void put_back(std::unique_ptr<Connection> connection);
  void ended();
  void drop_idle(const Connection* connection);
  void arm_sweep();
  void sweep();
  void report();

  net::Executor executor_;
  const config::Provider& provider_;
  net::Resolver& resolver_;
  const Clock& clock_;
  PoolObserver& observer_;
  net::SslContext tls_;
  std::string tls_problem_;
  net::SslSession session_;
  net::SpareBuffers buffers_;
  std::vector<std::unique_ptr<Connection>> idle_;  // newest at the back
  std::size_t active_ = 0;
  std::int64_t told_active_ = 0;
  std::int64_t told_idle_ = 0;
  std::list<Waiter*> waiters_;
  Timer sweep_timer_;
  bool sweeping_ = false;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // gone when the pool is
  net::TaskGroup drains_;
};

}  // namespace triaged::upstream
