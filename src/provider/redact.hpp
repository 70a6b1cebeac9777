// What a provider writes into its error messages can hold (parts of) keys; nothing of that goes to clients or logs.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace triaged::provider {

// `text` with everything that looks like a key, and each of `secrets`, replaced; at most 500 bytes, not cut inside a
// character, valid UTF-8, in one line.
std::string redact(std::string_view text, std::span<const std::string> secrets);

}  // namespace triaged::provider
