// Cached DNS for the whole process. getaddrinfo runs on its own small pool of threads; workers never block and wait
// only at the first use of a name. An answer is kept 30 to 60 s (jittered), then refreshed in the background while the
// last good one is still served; a failure is kept for one second. Literal addresses never leave the caller's thread.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/deadline.hpp"
#include "triaged/net/task.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace triaged::net {

using Endpoints = std::vector<asio::ip::tcp::endpoint>;

// What one look-up of a name found, in the order of preference. Either an error or at least one address.
struct Addresses {
  error_code error;
  std::vector<asio::ip::address> list;
};
using LookUp = std::function<Addresses(const std::string& host)>;
Addresses system_look_up(const std::string& host);  // getaddrinfo; blocks

class NameCache;

class Resolver {
 public:
  Resolver();
  explicit Resolver(LookUp look_up, const Clock& clock = system_clock());  // `look_up` is called on several threads
  ~Resolver();  // ends all waits; a look-up that runs goes on without anybody until the system's resolver is done
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  struct Answer {
    error_code error;
    std::shared_ptr<const Endpoints> endpoints;  // not empty when there is no error
  };
  // Thread-safe; resumes on the caller's executor. While it waits, `wake` is a function that ends the wait, for the
  // caller's thread. The error of a wait that was ended or cancelled is operation_aborted; timed_out after `deadline`.
  Task<Answer> resolve(const std::string& host, std::uint16_t port, Deadline deadline, std::function<void()>& wake);

 private:
  std::shared_ptr<NameCache> cache_;
};

}  // namespace triaged::net
