#include "net/certificate_error.hpp"

#include <openssl/x509.h>

#include <string>

namespace triaged::net {
namespace {

class CertificateCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls.certificate"; }
  std::string message(int value) const override {
    return std::string("certificate verify failed: ") + X509_verify_cert_error_string(value);
  }
};

}  // namespace

boost::system::error_code certificate_error(int verify_result) {
  static const CertificateCategory category;
  return {verify_result, category};
}

}  // namespace triaged::net
