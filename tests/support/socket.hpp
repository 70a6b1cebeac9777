// A blocking TCP socket on loopback, plain or TLS, in which nothing waits for longer than `patience`: what takes longer
// throws, and that fails the test. One thread uses a socket; only shut() may be called by another.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace triaged::test {

using namespace std::chrono_literals;

// Generous, because sanitizers on a busy machine are slow; a test that passes never waits for it.
constexpr std::chrono::seconds patience{20};

// The other side is not there any more.
class PeerLeft : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Received {
  enum class End : std::uint8_t { none, closed, reset };
  std::string bytes;
  End end = End::none;
};

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor);
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  static Socket connect(std::uint16_t port);  // PeerLeft when refused

  // TLS from here on. `name` is what the certificate is checked against. PeerLeft when the handshake fails.
  void secure_as_client(SSL_CTX* context, const std::string& name);
  void secure_as_server(SSL_CTX* context);

  void send_session_tickets();  // of a TLS server, behind whatever was sent

  void send(std::string_view bytes);  // PeerLeft when it cannot be sent
  // What is taken of `bytes` at once, waiting up to `limit` for the first; 0: nothing was. Plain only.
  std::size_t send_some(std::string_view bytes, std::chrono::milliseconds limit);
  Received receive();  // waits for bytes or the end
  bool wait_readable(std::chrono::milliseconds limit) const;
  void half_close();  // no more to send; receiving goes on
  void reset();       // RST instead of a proper end
  void close();
  void shut() const;  // wakes whoever waits; from any thread
  bool open() const { return descriptor_ >= 0; }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };
  void handshake(SSL* ssl, bool server);

  int descriptor_ = -1;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

// A listening socket on a port of loopback; 0: any free one.
class Acceptor {
 public:
  explicit Acceptor(std::uint16_t port = 0);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  std::uint16_t port() const { return port_; }
  Socket accept() const;  // waits without limit; not open() once shut() was called
  void shut() const;      // from any thread: nobody can connect any more

 private:
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace triaged::test
