#include "net/tls_engine.hpp"

#include "net/certificate_error.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <sys/socket.h>

namespace triaged::net {

// What OpenSSL calls to move bytes. Its own socket BIO would raise SIGPIPE.
struct TlsLink {
  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) {
    TlsEngine& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(engine.descriptor_, bytes, size, MSG_NOSIGNAL);
    if (sent >= 0) {
      *written = static_cast<std::size_t>(sent);
      return 1;
    }
    if (may_retry(errno)) {
      BIO_set_retry_write(bio);
    } else {
      engine.io_error_ = errno;
    }
    return 0;
  }

  static int read(BIO* bio, char* bytes, std::size_t size, std::size_t* received) {
    TlsEngine& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const ssize_t count = ::recv(engine.descriptor_, bytes, size, 0);
    if (count > 0) {
      *received = static_cast<std::size_t>(count);
      return 1;
    }
    if (count == 0) {
      engine.ended_ = true;
    } else if (may_retry(errno)) {
      BIO_set_retry_read(bio);
    } else {
      engine.io_error_ = errno;
    }
    return 0;
  }

  static long control(BIO* bio, int command, long, void*) {
    const TlsEngine& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return engine.ended_ ? 1 : 0;
    return 0;
  }

  static bool may_retry(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

  static const BIO_METHOD* method() {
    struct Free {
      void operator()(BIO_METHOD* made) const { BIO_meth_free(made); }
    };
    static const std::unique_ptr<BIO_METHOD, Free> link = [] {
      std::unique_ptr<BIO_METHOD, Free> made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"));
      if (!made) return made;
      BIO_meth_set_write_ex(made.get(), write);
      BIO_meth_set_read_ex(made.get(), read);
      BIO_meth_set_ctrl(made.get(), control);
      return made;
    }();
    return link.get();
  }
};

void TlsEngine::SslFreeEngine::operator()(SSL* ssl) const { SSL_free(ssl); }

TlsEngine::TlsEngine(SSL_CTX* context, int descriptor) : ssl_(SSL_new(context)), descriptor_(descriptor) {
  if (!ssl_) return;
  BIO* const bio = TlsLink::method() == nullptr ? nullptr : BIO_new(TlsLink::method());
  if (bio == nullptr) {
    ssl_.reset();
    return;
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsEngine::~TlsEngine() {
  // Otherwise OpenSSL takes a connection that ends without close_notify as an attack and forbids its session to be
  // resumed.
  if (ready_ && !harmed_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void TlsEngine::be_server() {
  if (ssl_) SSL_set_accept_state(ssl_.get());
}

error_code TlsEngine::be_client(const std::string& server_name, SSL_SESSION* session) {
  if (!ssl_) return asio::error::no_memory;
  SSL* const ssl = ssl_.get();
  ERR_clear_error();
  SSL_set_connect_state(ssl);
  std::string name = server_name;
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') name = name.substr(1, name.size() - 2);
  if (!name.empty() && name.back() == '.') name.pop_back();  // the dot of a fully qualified name is in no certificate
  error_code not_an_address;
  asio::ip::make_address(name, not_an_address);
  bool accepted = true;
  if (not_an_address) {
    // The macro for this has a cast that our warnings refuse.
    const auto send_name = [ssl, &name] {
      return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
    };
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    accepted = !name.empty() && SSL_set1_host(ssl, name.c_str()) == 1 && send_name();
  } else {
    accepted = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  }
  if (!accepted) return asio::error::invalid_argument;
  if (session != nullptr) SSL_set_session(ssl, session);  // one that does not fit costs only the short cut
  return {};
}

TlsStep TlsEngine::handshake() {
  if (!ssl_) {
    TlsStep step;
    step.error = asio::error::no_memory;
    return step;
  }
  ERR_clear_error();
  const TlsStep step = outcome(SSL_do_handshake(ssl_.get()), 0);
  ready_ = step.wants == Wants::nothing && !step.error;
  return step;
}

TlsStep TlsEngine::read(asio::mutable_buffer buffer) {
  if (harmed_) return failed();
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &bytes);
  return outcome(result, bytes);
}

TlsStep TlsEngine::peek() {
  if (harmed_) return failed();
  ERR_clear_error();
  char byte = 0;
  std::size_t bytes = 0;
  const int result = SSL_peek_ex(ssl_.get(), &byte, 1, &bytes);
  return outcome(result, bytes);
}

TlsStep TlsEngine::write(asio::const_buffer bytes) {
  if (harmed_ || write_broken_) return failed();
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
  const TlsStep step = outcome(result, written);
  // The other side takes nothing more; what it said before can still be read.
  if (step.error && io_error_ != 0) {
    harmed_ = false;
    write_broken_ = true;
  }
  return step;
}

TlsStep TlsEngine::close_notify() {
  if (!ready_ || harmed_ || write_broken_) return failed();
  ERR_clear_error();
  const int result = SSL_shutdown(ssl_.get());
  return result >= 0 ? TlsStep() : outcome(result, 0);  // 0: sent, and theirs has not come yet
}

bool TlsEngine::holds_input() const { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }

SslSession TlsEngine::session() const {
  if (!ready_) return nullptr;
  SslSession session(SSL_get1_session(ssl_.get()));
  if (session && SSL_SESSION_is_resumable(session.get()) != 1) session.reset();
  return session;
}

// The answer to whatever is tried on a connection that a failure has made unusable.
TlsStep TlsEngine::failed() {
  TlsStep step;
  step.error = asio::error::broken_pipe;
  return step;
}

TlsStep TlsEngine::outcome(int result, std::size_t bytes) {
  TlsStep step;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_NONE: step.bytes = bytes; return step;
    case SSL_ERROR_WANT_READ: step.wants = Wants::to_read; return step;
    case SSL_ERROR_WANT_WRITE: step.wants = Wants::to_write; return step;
    case SSL_ERROR_ZERO_RETURN: step.error = asio::error::eof; return step;
    default: break;
  }
  harmed_ = true;
  const unsigned long code = ERR_peek_error();
  const long verified = SSL_get_verify_result(ssl_.get());
  const bool of_ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;
  if (of_ssl && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK) {
    step.error = certificate_error(static_cast<int>(verified));
  } else if (io_error_ != 0) {
    step.error = error_code(io_error_, boost::system::system_category());
  } else if (ended_ || code == 0) {
    step.error = asio::ssl::error::stream_truncated;
  } else {
    step.error = error_code(static_cast<int>(code), asio::error::get_ssl_category());
  }
  ERR_clear_error();
  return step;
}

}  // namespace triaged::net
