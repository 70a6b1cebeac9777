// TLS contexts. Server: certificate chain and key from PEM files, TLS 1.2 and up, ALPN http/1.1. Client: verification
// against the system's trust store (or a given file) on by default, session tickets kept per context for resumption.
#pragma once

#include "triaged/base/result.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_session_st SSL_SESSION;

namespace triaged::net {

struct SslFree {
  void operator()(SSL_CTX* context) const;
  void operator()(SSL_SESSION* session) const;
};
using SslContext = std::unique_ptr<SSL_CTX, SslFree>;
using SslSession = std::unique_ptr<SSL_SESSION, SslFree>;

Result<SslContext> make_server_context(const std::string& certificate_file, const std::string& key_file);
// `ca_file` "" means the system's store only.
Result<SslContext> make_client_context(bool verify, const std::string& ca_file);

}  // namespace triaged::net
