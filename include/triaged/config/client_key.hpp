// How a client's key is named wherever it is not to be seen: "key-" and the first 8 hexadecimal digits of its SHA-256.
#pragma once

#include <string>
#include <string_view>

namespace triaged::config {

std::string key_fingerprint(std::string_view key);
bool is_key_fingerprint(std::string_view text);

}  // namespace triaged::config
