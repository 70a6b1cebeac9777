// The blocking look-up of a name by the system's resolver.
#include "triaged/net/resolver.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>

namespace triaged::net {
namespace {

error_code to_error(int result) {
  switch (result) {
    case EAI_AGAIN: return asio::error::host_not_found_try_again;
    case EAI_FAIL: return asio::error::no_recovery;
    case EAI_MEMORY: return asio::error::no_memory;
    case EAI_SYSTEM: return {errno, boost::system::system_category()};
    default: return asio::error::host_not_found;
  }
}

std::optional<asio::ip::address> to_address(const addrinfo& info) {
  if (info.ai_family == AF_INET && info.ai_addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in raw{};
    std::memcpy(&raw, info.ai_addr, sizeof raw);
    return asio::ip::address_v4(ntohl(raw.sin_addr.s_addr));
  }
  if (info.ai_family == AF_INET6 && info.ai_addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 raw{};
    std::memcpy(&raw, info.ai_addr, sizeof raw);
    asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &raw.sin6_addr, bytes.size());
    return asio::ip::address_v6(bytes, raw.sin6_scope_id);
  }
  return std::nullopt;
}

}  // namespace

Addresses system_look_up(const std::string& host) {
  struct Free {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
  };
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int result = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  Addresses addresses;
  if (result != 0) {
    addresses.error = to_error(result);
    return addresses;
  }
  const std::unique_ptr<addrinfo, Free> list(found);
  for (const addrinfo* info = list.get(); info != nullptr; info = info->ai_next) {
    const auto address = to_address(*info);
    const bool known =
        address && std::find(addresses.list.begin(), addresses.list.end(), *address) != addresses.list.end();
    if (address && !known) addresses.list.push_back(*address);
  }
  if (addresses.list.empty()) addresses.error = asio::error::host_not_found;
  return addresses;
}

}  // namespace triaged::net
