#include "triaged/config/client_key.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace triaged::config {

namespace {

constexpr std::string_view prefix = "key-";
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t named_bytes = 4;

}  // namespace

std::string key_fingerprint(std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out(prefix);
  for (std::size_t i = 0; i < named_bytes; ++i) {
    out += digits[digest[i] >> 4U];
    out += digits[digest[i] & 15U];
  }
  return out;
}

bool is_key_fingerprint(std::string_view text) {
  return text.size() == prefix.size() + 2 * named_bytes && text.starts_with(prefix) &&
         text.find_first_not_of(digits, prefix.size()) == std::string_view::npos;
}

}  // namespace triaged::config
