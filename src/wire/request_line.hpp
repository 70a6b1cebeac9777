// The first line of a request and the two places that name a host, judged by our own rules.
#pragma once

#include "wire/refusal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace triaged::wire {

// METHOD SP TARGET SP HTTP/1.x, nothing else. Never longer than the limit on it.
Refusal check_request_line(std::string_view line);

// A name or address with an optional port, and nothing that two parties could read as two hosts.
bool is_host(std::string_view text);

// Reduces an absolute-form target (http://host/path) to its origin form and hands out its authority; an origin-form
// target stays and has none. False for every other form.
bool reduce_target(std::string& target, std::optional<std::string>& authority);

}  // namespace triaged::wire
