#include "support/socket.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace triaged::test {
namespace {

std::string why(int number) { return std::generic_category().message(number); }

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int make_socket() {
  // OpenSSL writes without MSG_NOSIGNAL.
  static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(ignored);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw std::runtime_error("socket: " + why(errno));
  return descriptor;
}

// Blocking calls end with EAGAIN after `patience`.
void limit_waits(int descriptor) {
  const timeval limit{patience.count(), 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Received received(const char* data, ssize_t size, int error) {
  if (size > 0) return {std::string(data, static_cast<std::size_t>(size)), Received::End::none};
  if (size == 0) return {{}, Received::End::closed};
  if (error == EAGAIN || error == EINTR) throw std::runtime_error("nothing was received within the time limit");
  return {{}, Received::End::reset};
}

}  // namespace

void Socket::FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

Socket::Socket(int descriptor) : descriptor_(descriptor) {
  if (descriptor_ >= 0) limit_waits(descriptor_);
}

Socket::~Socket() { close(); }

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), ssl_(std::move(other.ssl_)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this == &other) return *this;
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  ssl_ = std::move(other.ssl_);
  return *this;
}

Socket Socket::connect(std::uint16_t port) {
  Socket socket(make_socket());
  const sockaddr_in address = loopback(port);
  if (::connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw PeerLeft("connect: " + why(errno));
  }
  return socket;
}

void Socket::handshake(SSL* ssl, bool server) {
  ssl_.reset(ssl);
  if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), descriptor_) != 1) throw std::runtime_error("OpenSSL refused");
  const int done = server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get());
  if (done == 1) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  throw PeerLeft(std::string("TLS handshake: ") + text.data());
}

void Socket::secure_as_client(SSL_CTX* context, const std::string& name) {
  SSL* const ssl = SSL_new(context);
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  std::string copy = name;
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, copy.data());
  SSL_set1_host(ssl, name.c_str());
  handshake(ssl, false);
}

void Socket::secure_as_server(SSL_CTX* context) { handshake(SSL_new(context), true); }

void Socket::send_session_tickets() {
  if (SSL_new_session_ticket(ssl_.get()) != 1 || SSL_do_handshake(ssl_.get()) != 1) {
    throw std::runtime_error("OpenSSL sends no session ticket");
  }
}

void Socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0 && errno == EAGAIN) throw std::runtime_error("nothing could be sent within the time limit");
    if (sent <= 0) throw PeerLeft("send: " + why(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t Socket::send_some(std::string_view bytes, std::chrono::milliseconds limit) {
  pollfd watched{descriptor_, POLLOUT, 0};
  if (::poll(&watched, 1, static_cast<int>(limit.count())) == 0) return 0;
  const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN) throw PeerLeft("send: " + why(errno));
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

Received Socket::receive() {
  std::array<char, 65536> buffer;
  errno = 0;
  if (!ssl_) {
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    return received(buffer.data(), size, errno);
  }
  const int size = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  const int error = SSL_get_error(ssl_.get(), size);
  ERR_clear_error();
  if (error == SSL_ERROR_ZERO_RETURN) return {{}, Received::End::closed};
  if (error == SSL_ERROR_WANT_READ) return received(nullptr, -1, EAGAIN);
  return received(buffer.data(), size > 0 ? size : -1, size > 0 ? 0 : ECONNRESET);
}

bool Socket::wait_readable(std::chrono::milliseconds limit) const {
  if (ssl_ && SSL_has_pending(ssl_.get()) == 1) return true;
  pollfd watched{descriptor_, POLLIN, 0};
  return ::poll(&watched, 1, static_cast<int>(limit.count())) > 0;
}

void Socket::half_close() { ::shutdown(descriptor_, SHUT_WR); }

void Socket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ssl_.reset();
  close();
}

void Socket::close() {
  if (descriptor_ < 0) return;
  if (ssl_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  ssl_.reset();
  ::close(std::exchange(descriptor_, -1));
}

void Socket::shut() const { ::shutdown(descriptor_, SHUT_RDWR); }

namespace {

// `address` receives the port, where it had none.
bool bind_to(int descriptor, sockaddr_in& address) {
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  socklen_t size = sizeof address;
  return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
         ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
}

}  // namespace

// When a socket stops listening, the kernel gives a port away that it had chosen itself, but not one that was asked
// for. So one socket has a port chosen and a second one asks for it: after shut() nobody else gets it.
Acceptor::Acceptor(std::uint16_t port) : descriptor_(make_socket()) {
  sockaddr_in address = loopback(port);
  const int chooses = make_socket();
  const bool listens = bind_to(chooses, address) && bind_to(descriptor_, address) && ::listen(descriptor_, 256) == 0;
  ::close(chooses);
  if (!listens) throw std::runtime_error("cannot listen: " + why(errno));
  port_ = ntohs(address.sin_port);
}

Acceptor::~Acceptor() { ::close(descriptor_); }

Socket Acceptor::accept() const {
  while (true) {
    const int accepted = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted >= 0 || (errno != EINTR && errno != ECONNABORTED)) return Socket(accepted);
  }
}

void Acceptor::shut() const { ::shutdown(descriptor_, SHUT_RDWR); }

}  // namespace triaged::test
