// What an operator may write as a listening address, and what is said when it cannot be used.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/net/task.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace triaged::net {

Result<asio::ip::address> parse_listen_address(const std::string& host);
Error listen_error(const asio::ip::tcp::endpoint& endpoint, error_code error);

}  // namespace triaged::net
