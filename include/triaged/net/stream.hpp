// A TCP or TLS byte stream behind one small type, with the deadline of whatever is going on. No expiry timer per read:
// one lazy watchdog per stream is re-armed only when it fires early or the deadline moves closer. One coroutine reads,
// one writes. When the deadline passes, the pending operations end with `timed_out` and the socket stays open, so that
// an answer can still be written after a new deadline is set. A Stream must outlive the coroutines of its operations.
#pragma once

#include "triaged/base/deadline.hpp"
#include "triaged/net/task.hpp"
#include "triaged/net/tls_context.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace triaged::net {

using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Buffers = std::span<const asio::const_buffer>;

class Unsent;
enum class Wants : std::uint8_t;

struct IoResult {
  error_code error;
  std::size_t bytes = 0;
};

class Stream {
 public:
  // Sets TCP_NODELAY.
  explicit Stream(Socket socket);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // TLS, within the sooner of both deadlines. After success all reads and writes are encrypted. `session` (may be null)
  // is offered for resumption. `server_name` is a host name or an address, and what the certificate is checked against.
  Task<error_code> handshake_server(SSL_CTX* context);
  Task<error_code> handshake_client(SSL_CTX* context, const std::string& server_name, SSL_SESSION* session);
  bool encrypted() const;

  // Both act for the operations that are pending and those that follow. Deadline() is "never".
  void set_read_deadline(Deadline deadline);
  void set_write_deadline(Deadline deadline);

  // One receive. Errors: asio::error::timed_out at the deadline, eof at the end (over TLS: after close_notify; an end
  // without it is asio::ssl::error::stream_truncated), operation_aborted after cancel().
  Task<IoResult> read_some(asio::mutable_buffer buffer);
  Task<IoResult> write(asio::const_buffer bytes);  // all of it; on an error `bytes` says how much went out
  Task<IoResult> write(Buffers buffers);           // all of it, gathered; over TLS a write that failed is the last

  // Arms a watch: `notice` is called once, on this thread, as soon as anything can be read: bytes, the end or an error.
  // It stays armed over later reads, time-outs and cancel() (reads are served after it) and is never called after
  // close() or destruction. Arming an armed watch only replaces the notice. Arming costs one epoll_ctl, being armed
  // nothing.
  void watch_readable(std::function<void()> notice);
  bool watching() const;
  // Looks at the socket without consuming. `closed` also when the other side ended behind bytes that are still unread.
  // Over TLS, session tickets and the like are taken in and count as nothing, a close_notify as `closed`.
  enum class Probe : std::uint8_t { nothing, data, closed };
  Probe probe();

  // The TLS session to resume later, once an answer was read (TLS 1.3 tickets come after the handshake); null if none.
  SslSession take_session();

  void cancel();  // pending operations end with operation_aborted
  void close();   // at once
  // TLS close_notify when encrypted and unharmed, then the end of sending, then close; ignores errors. When bytes from
  // the other side are still unread, they are swallowed until it ends or the deadline, since closing over them would
  // reset the connection and could take the last answer with it.
  Task<void> shutdown(Deadline deadline);
  Socket& socket();
  Executor executor();

 private:
  struct State;
  Task<IoResult> read_plain(asio::mutable_buffer buffer);
  Task<IoResult> read_encrypted(asio::mutable_buffer buffer);
  Task<IoResult> write_rest(Unsent& unsent, Wants wants);
  Task<error_code> handshake();
  Task<void> say_end();
  Task<void> swallow_input();
  std::shared_ptr<State> state_;  // shared with the timer's and the watch's handlers alone
};

}  // namespace triaged::net
