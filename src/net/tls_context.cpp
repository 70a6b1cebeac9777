#include "triaged/net/tls_context.hpp"

#include <boost/system/error_code.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>

namespace triaged::net {
namespace {

constexpr std::array<unsigned char, 9> alpn_http1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

Error failure(std::string sentence) { return gateway_error(ErrorKind::tls, 500, std::move(sentence)); }

// Why OpenSSL refused, in words; empties its queue of errors.
std::string reason() {
  const unsigned long code = ERR_peek_error();
  const char* const text = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string sentence = text == nullptr ? "unknown reason" : text;
  ERR_clear_error();
  return sentence;
}

// Thread-safe, unlike the standard library's.
std::string reason_of(int error) {
  return boost::system::error_code(error, boost::system::system_category()).message();
}

// "" if the file can be read.
std::string unreadable(const std::string& what, const std::string& file) {
  if (file.empty()) return "the " + what + " file is not given";
  std::FILE* const opened = std::fopen(file.c_str(), "rb");
  if (opened != nullptr) {
    const bool readable = std::fgetc(opened) != EOF;
    const int error = std::ferror(opened) != 0 ? errno : 0;
    static_cast<void>(std::fclose(opened));
    if (readable) return {};
    const std::string why = error == 0 ? "it is empty" : reason_of(error);
    return "cannot read the " + what + " file " + file + ": " + why;
  }
  return "cannot open the " + what + " file " + file + ": " + reason_of(errno);
}

bool first_error_is(int library, int code) {
  const unsigned long error = ERR_peek_error();
  return ERR_GET_LIB(error) == library && ERR_GET_REASON(error) == code;
}

// Without this OpenSSL asks for the pass phrase on the terminal. Notes that it wanted to.
int no_pass_phrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

int choose_http1(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                 unsigned int offered_length, void*) {
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, length, alpn_http1.data(), static_cast<unsigned>(alpn_http1.size()), offered,
                            offered_length) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;  // a client that speaks only HTTP/2 should learn so at once
  }
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

void set_common(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // A write sends what it can, from a buffer that may move; buffers are given back while a connection is idle.
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);  // one receive brings header and body of a record, and those behind it
}

Result<void> load_certificate(SSL_CTX* context, const std::string& file) {
  if (const std::string problem = unreadable("certificate", file); !problem.empty()) return failure(problem);
  if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) == 1) return {};
  if (first_error_is(ERR_LIB_PEM, PEM_R_NO_START_LINE)) {
    ERR_clear_error();
    return failure(
        "the certificate file " + file +
        " holds no PEM certificate; it must contain -----BEGIN CERTIFICATE----- (server first, then its chain)");
  }
  return failure("cannot use the certificate file " + file + ": " + reason());
}

Result<void> load_key(SSL_CTX* context, const std::string& file, const std::string& certificate_file) {
  if (const std::string problem = unreadable("key", file); !problem.empty()) return failure(problem);
  bool protected_by_phrase = false;
  SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, &protected_by_phrase);
  const bool loaded = SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  if (!loaded) {
    if (first_error_is(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH)) {
      ERR_clear_error();
      return failure("the key in " + file + " does not match the certificate in " + certificate_file);
    }
    if (protected_by_phrase) {
      ERR_clear_error();
      return failure("the key in " + file + " is protected by a pass phrase; store it without one");
    }
    if (first_error_is(ERR_LIB_PEM, PEM_R_NO_START_LINE) || ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_OSSL_DECODER) {
      ERR_clear_error();
      return failure("the key file " + file + " holds no PEM private key; it must contain -----BEGIN PRIVATE KEY-----");
    }
    return failure("cannot use the key file " + file + ": " + reason());
  }
  if (SSL_CTX_check_private_key(context) == 1) return {};
  ERR_clear_error();
  return failure("the key in " + file + " does not match the certificate in " + certificate_file);
}

Result<void> load_trust(SSL_CTX* context, const std::string& ca_file) {
  // A machine without a trust store is no error here: what it cannot verify is refused at the handshake.
  SSL_CTX_set_default_verify_paths(context);
  ERR_clear_error();
  if (ca_file.empty()) return {};
  if (const std::string problem = unreadable("CA", ca_file); !problem.empty()) return failure(problem);
  if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) == 1) return {};
  ERR_clear_error();
  return failure("the CA file " + ca_file + " holds no PEM certificate; it must contain -----BEGIN CERTIFICATE-----");
}

}  // namespace

void SslFree::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
void SslFree::operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }

Result<SslContext> make_server_context(const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  SslContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return failure("cannot set up TLS: " + reason());
  set_common(context.get());
  if (const auto loaded = load_certificate(context.get(), certificate_file); !loaded) return loaded.error();
  if (const auto loaded = load_key(context.get(), key_file, certificate_file); !loaded) return loaded.error();
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http1, nullptr);
  constexpr std::string_view id = "triaged";
  SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>(id.data()),
                                 static_cast<unsigned>(id.size()));
  return context;
}

Result<SslContext> make_client_context(bool verify, const std::string& ca_file) {
  ERR_clear_error();
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) return failure("cannot set up TLS: " + reason());
  set_common(context.get());
  if (verify) {
    if (const auto loaded = load_trust(context.get(), ca_file); !loaded) return loaded.error();
  }
  SSL_CTX_set_verify(context.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_alpn_protos(context.get(), alpn_http1.data(), static_cast<unsigned>(alpn_http1.size()));
  // Sessions are kept by who took them (Stream::take_session), not looked up here.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  return context;
}

}  // namespace triaged::net
