// TLS of one connection over a non-blocking socket. Each call tries once and says what it waits for; it neither blocks
// nor awaits. OpenSSL reads and writes the socket itself, so an idle connection holds no buffers of ours, an operation
// that was given up while it waited to read has harmed nothing, and what OpenSSL has buffered can be asked for.
#pragma once

#include "triaged/net/task.hpp"
#include "triaged/net/tls_context.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

typedef struct ssl_st SSL;
typedef struct bio_st BIO;

namespace triaged::net {

enum class Wants : std::uint8_t { nothing, to_read, to_write };

// Done when `wants` is nothing: then `error` says how.
struct TlsStep {
  Wants wants = Wants::nothing;
  error_code error;
  std::size_t bytes = 0;
};

class TlsEngine {
 public:
  TlsEngine(SSL_CTX* context, int descriptor);
  ~TlsEngine();
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  void be_server();
  error_code be_client(const std::string& server_name, SSL_SESSION* session);
  TlsStep handshake();
  bool ready() const { return ready_; }

  TlsStep read(asio::mutable_buffer buffer);
  // One record at most. After `to_write` the same bytes must be offered again, or give_up_write() called.
  TlsStep write(asio::const_buffer bytes);
  void give_up_write() { write_broken_ = true; }
  // Like read() without taking: bytes > 0 when data is waiting.
  TlsStep peek();
  bool holds_input() const;  // received and not yet read
  TlsStep close_notify();    // does nothing on a harmed connection

  SslSession session() const;  // null if there is none that could be resumed

 private:
  friend struct TlsLink;
  struct SslFreeEngine {
    void operator()(SSL* ssl) const;
  };
  TlsStep outcome(int result, std::size_t bytes);
  TlsStep failed();

  std::unique_ptr<SSL, SslFreeEngine> ssl_;
  int descriptor_;
  int io_error_ = 0;    // errno of the socket's last failure
  bool ended_ = false;  // the socket's end was seen
  bool ready_ = false;
  bool harmed_ = false;
  bool write_broken_ = false;
};

}  // namespace triaged::net
