// The client's key: `Authorization: Bearer`, `x-api-key` or `api-key`. Compared in constant time; booked as a
// fingerprint.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/wire/headers.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace triaged::server {

// The fingerprint (config/client_key.hpp) of the key if it is one of `keys`. Error 401 otherwise.
Result<std::string> check_key(const wire::Headers& headers, const std::vector<config::Secret>& keys);
bool same_secret(std::string_view a, std::string_view b);  // time depends on the lengths only

}  // namespace triaged::server
