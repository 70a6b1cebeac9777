#include "net/listen_address.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace triaged::net {
namespace {

Error failure(std::string sentence) { return gateway_error(ErrorKind::internal, 500, std::move(sentence)); }

std::string text(const asio::ip::tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

}  // namespace

Result<asio::ip::address> parse_listen_address(const std::string& host) {
  if (host == "localhost") return asio::ip::address(asio::ip::address_v4::loopback());
  std::string literal = host;
  if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']')
    literal = literal.substr(1, literal.size() - 2);
  error_code error;
  const asio::ip::address address = asio::ip::make_address(literal, error);
  if (!error) return address;
  return failure("\"" + host +
                 "\" is not an IP address to listen on; write 127.0.0.1 for this machine only, 0.0.0.0 or :: for all");
}

Error listen_error(const asio::ip::tcp::endpoint& endpoint, error_code error) {
  const std::string where = "address " + text(endpoint);
  if (error == asio::error::address_in_use) {
    return failure(where + " is in use: another program listens there; choose another one");
  }
  if (error == asio::error::access_denied) {
    return failure(where +
                   " may not be used by this user: ports below 1024 need root or CAP_NET_BIND_SERVICE; "
                   "choose another port");
  }
  if (error == boost::system::errc::address_not_available) {
    return failure(where + " is not an address of this machine; choose one of its own, or 0.0.0.0 for all");
  }
  return failure("cannot listen on " + where + ": " + error.message());
}

}  // namespace triaged::net
