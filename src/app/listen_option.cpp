#include "app/listen_option.hpp"

#include "triaged/base/text.hpp"

#include <optional>
#include <utility>

namespace triaged::app {

Result<config::Address> parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : parse_uint(std::string_view(text).substr(colon + 1));
  if (!port || *port > 65535 || colon == 0) {
    return client_error(ErrorKind::invalid_request, 400, "--listen takes HOST:PORT, not '" + text + "'");
  }
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return config::Address{std::move(host), static_cast<std::uint16_t>(*port)};
}

std::string http_url(const std::string& host, std::uint16_t port, bool tls) {
  const bool bare_ipv6 = host.find(':') != std::string::npos && host.front() != '[';
  return std::string(tls ? "https://" : "http://") + (bare_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace triaged::app
