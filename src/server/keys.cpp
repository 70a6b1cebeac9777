#include "server/keys.hpp"

#include "triaged/base/text.hpp"
#include "triaged/config/client_key.hpp"

#include <openssl/crypto.h>

namespace triaged::server {
namespace {

std::string_view presented_key(const wire::Headers& headers) {
  if (const auto value = headers.find("authorization")) {
    if (value->size() > 7 && iequals(value->substr(0, 7), "bearer ")) return trim(value->substr(7));
    return {};
  }
  if (const auto value = headers.find("x-api-key")) return *value;
  if (const auto value = headers.find("api-key")) return *value;
  return {};
}

}  // namespace

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<std::string> check_key(const wire::Headers& headers, const std::vector<config::Secret>& keys) {
  const std::string_view key = presented_key(headers);
  if (key.empty()) {
    return client_error(
        ErrorKind::unauthorized, 401,
        "no API key was given: send `Authorization: Bearer <key>` or `x-api-key: <key>`, a key of server.api_keys",
        "invalid_api_key");
  }
  bool known = false;
  for (const config::Secret& each : keys) known = same_secret(key, each.value) || known;
  if (known) return config::key_fingerprint(key);
  return client_error(ErrorKind::unauthorized, 401, "the API key is not one of this gateway's server.api_keys",
                      "invalid_api_key");
}

}  // namespace triaged::server
