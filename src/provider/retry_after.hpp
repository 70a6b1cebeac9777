// How long a provider asks us to stay away.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/wire/headers.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace triaged::provider {

// retry-after-ms first, then Retry-After in seconds (fractions too) or as an HTTP date; at most a day, never negative.
std::optional<std::chrono::milliseconds> read_retry_after(const wire::Headers& headers, WallTime now);

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form of date that is still sent.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace triaged::provider
