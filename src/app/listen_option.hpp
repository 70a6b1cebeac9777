// HOST:PORT on the command line, and the URL that it becomes.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"

#include <cstdint>
#include <string>

namespace triaged::app {

Result<config::Address> parse_listen(const std::string& text);
std::string http_url(const std::string& host, std::uint16_t port, bool tls = false);

}  // namespace triaged::app
