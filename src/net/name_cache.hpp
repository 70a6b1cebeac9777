// The cache behind Resolver: names, their last answers, who waits for them, and the threads that look them up. One
// mutex, held for look-ups in a table only. The threads share the cache: nobody can interrupt getaddrinfo, so nobody
// waits for them either.
#pragma once

#include "triaged/base/ids.hpp"
#include "triaged/net/resolver.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace triaged::net {

using SharedAddresses = std::shared_ptr<const Addresses>;

// A coroutine that waits for an answer on its own thread. The timer is its deadline; the answer cancels it, and so does
// whoever does not want the answer any more.
struct NameWaiter {
  using Timer = asio::basic_waitable_timer<TimePoint::clock, asio::wait_traits<TimePoint::clock>, Executor>;
  NameWaiter(Executor executor, Deadline deadline) : timer(executor, deadline.at()) {}

  Timer timer;
  SharedAddresses answer;
  bool gone = false;
};

class NameCache {
 public:
  NameCache(LookUp look_up, const Clock& clock);
  ~NameCache() = default;
  NameCache(const NameCache&) = delete;
  NameCache& operator=(const NameCache&) = delete;

  // The answer, or null: then `waiter` is registered and must be withdrawn in the end. `self` is this cache; threads
  // that are started keep it.
  SharedAddresses find_or_wait(const std::shared_ptr<NameCache>& self, const std::string& host,
                               const std::shared_ptr<NameWaiter>& waiter);
  void withdraw(const std::string& host, const std::shared_ptr<NameWaiter>& waiter);
  // Who still waits gets operation_aborted; the clock is not used any more. Threads end with the look-up they are in.
  void stop();

 private:
  struct Entry {
    SharedAddresses answer;  // the last good one, or the last failure while there is none; null at first
    TimePoint fresh_until{};
    bool looking_up = false;
    std::list<std::shared_ptr<NameWaiter>> waiters;
  };

  bool start_look_up(const std::shared_ptr<NameCache>& self, const std::string& host, Entry& entry);
  bool ensure_thread(const std::shared_ptr<NameCache>& self);
  void work();
  std::optional<std::string> next_name();
  Addresses try_look_up(const std::string& host) const;
  void finish(const std::string& host, Addresses found);
  static void wake(Entry& entry, const SharedAddresses& answer);

  const LookUp look_up_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::string> queue_;
  std::size_t threads_ = 0;
  std::size_t idle_threads_ = 0;
  bool stopping_ = false;
  Random random_ = Random::from_entropy();
};

}  // namespace triaged::net
