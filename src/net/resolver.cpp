#include "triaged/net/resolver.hpp"

#include "net/name_cache.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace triaged::net {

namespace {

constexpr std::size_t longest_name = 255;  // RFC 1035

std::optional<asio::ip::address> literal(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  error_code error;
  const asio::ip::address address = asio::ip::make_address(std::string(host), error);
  if (error) return std::nullopt;
  return address;
}

bool could_be_a_name(std::string_view host) {
  return !host.empty() && host.size() <= longest_name && host.find('\0') == std::string_view::npos;
}

Resolver::Answer failure(error_code error) {
  Resolver::Answer answer;
  answer.error = error;
  return answer;
}

Resolver::Answer with_port(const std::vector<asio::ip::address>& addresses, std::uint16_t port) {
  auto endpoints = std::make_shared<Endpoints>();
  endpoints->reserve(addresses.size());
  for (const asio::ip::address& address : addresses) endpoints->emplace_back(address, port);
  Resolver::Answer answer;
  answer.endpoints = std::move(endpoints);
  return answer;
}

Resolver::Answer to_answer(const Addresses& addresses, std::uint16_t port) {
  return addresses.error ? failure(addresses.error) : with_port(addresses.list, port);
}

// Takes a waiter off the list when its coroutine ends, however it ends.
class Registration {
 public:
  Registration(std::shared_ptr<NameCache> cache, std::string host, std::shared_ptr<NameWaiter> waiter)
      : cache_(std::move(cache)), host_(std::move(host)), waiter_(std::move(waiter)) {}
  ~Registration() { cache_->withdraw(host_, waiter_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  std::shared_ptr<NameCache> cache_;
  std::string host_;
  std::shared_ptr<NameWaiter> waiter_;
};

}  // namespace

Resolver::Resolver() : Resolver(system_look_up) {}
Resolver::Resolver(LookUp look_up, const Clock& clock)
    : cache_(std::make_shared<NameCache>(std::move(look_up), clock)) {}
Resolver::~Resolver() { cache_->stop(); }

Task<Resolver::Answer> Resolver::resolve(const std::string& host, std::uint16_t port, Deadline deadline,
                                         std::function<void()>& wake) {
  if (const auto address = literal(host)) co_return with_port({*address}, port);
  if (!could_be_a_name(host)) co_return failure(asio::error::host_not_found);
  const Executor executor = co_await asio::this_coro::executor;
  const auto waiter = std::make_shared<NameWaiter>(executor, deadline);
  const std::shared_ptr<NameCache> cache = cache_;
  const SharedAddresses known = cache->find_or_wait(cache, host, waiter);
  if (known) co_return to_answer(*known, port);
  const Registration registration(cache, host, waiter);
  wake = [&waiting = *waiter] {
    waiting.gone = true;
    waiting.timer.cancel();
  };
  const auto [cancelled] = co_await waiter->timer.async_wait(as_result);
  wake = nullptr;
  if (waiter->answer && !waiter->gone) co_return to_answer(*waiter->answer, port);
  co_return failure(waiter->gone || cancelled ? asio::error::operation_aborted : asio::error::timed_out);
}

}  // namespace triaged::net
