#include "net/name_cache.hpp"

#include "triaged/base/log.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace triaged::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_threads = 4;
constexpr auto shortest_life = 30s;  // jittered up to twice that, so that names do not expire together
constexpr auto failure_life = 1s;

SharedAddresses failed(error_code error) {
  Addresses addresses;
  addresses.error = error;
  return std::make_shared<const Addresses>(std::move(addresses));
}

}  // namespace

NameCache::NameCache(LookUp look_up, const Clock& clock) : look_up_(std::move(look_up)), clock_(clock) {}

SharedAddresses NameCache::find_or_wait(const std::shared_ptr<NameCache>& self, const std::string& host,
                                        const std::shared_ptr<NameWaiter>& waiter) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return failed(asio::error::operation_aborted);
  Entry& entry = entries_[host];
  const bool fresh = entry.answer && clock_.now() < entry.fresh_until;
  if (!fresh && !entry.looking_up && !start_look_up(self, host, entry) && !entry.answer) {
    return failed(asio::error::host_not_found_try_again);
  }
  const bool usable = entry.answer && (fresh || !entry.answer->error);
  if (usable) return entry.answer;
  entry.waiters.push_back(waiter);
  return nullptr;
}

void NameCache::withdraw(const std::string& host, const std::shared_ptr<NameWaiter>& waiter) {
  const std::lock_guard lock(mutex_);
  entries_[host].waiters.remove(waiter);
}

bool NameCache::start_look_up(const std::shared_ptr<NameCache>& self, const std::string& host, Entry& entry) {
  if (!ensure_thread(self)) return false;
  entry.looking_up = true;
  queue_.push_back(host);
  has_work_.notify_one();
  return true;
}

// One more thread when those there are have enough to do already.
bool NameCache::ensure_thread(const std::shared_ptr<NameCache>& self) {
  if (idle_threads_ > queue_.size() || threads_ == max_threads) return true;
  try {
    std::thread([self] { self->work(); }).detach();
    ++threads_;
  } catch (const std::system_error& error) {
    log_error("cannot start a thread for name look-ups", {{"reason", error.what()}});
  }
  return threads_ > 0;
}

void NameCache::work() {
  while (const auto host = next_name()) finish(*host, try_look_up(*host));
}

std::optional<std::string> NameCache::next_name() {
  std::unique_lock lock(mutex_);
  ++idle_threads_;
  has_work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  --idle_threads_;
  if (stopping_) return std::nullopt;
  std::string host = std::move(queue_.front());
  queue_.pop_front();
  return host;
}

Addresses NameCache::try_look_up(const std::string& host) const {
  Addresses found;
  try {
    found = look_up_(host);
  } catch (const std::exception& error) {
    log_error("a name look-up ended with an exception", {{"host", host}, {"exception", error.what()}});
    found.error = asio::error::no_recovery;
  }
  if (!found.error && found.list.empty()) found.error = asio::error::host_not_found;
  return found;
}

void NameCache::finish(const std::string& host, Addresses found) {
  auto answer = std::make_shared<const Addresses>(std::move(found));
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  Entry& entry = entries_[host];
  entry.looking_up = false;
  const TimePoint now = clock_.now();
  if (answer->error) {
    entry.fresh_until = now + failure_life;
  } else {
    const auto jitter = std::chrono::duration_cast<TimePoint::duration>(random_.unit() * shortest_life);
    entry.fresh_until = now + shortest_life + jitter;
  }
  const bool keeps_good_one = answer->error && entry.answer && !entry.answer->error;
  if (!keeps_good_one) entry.answer = answer;
  wake(entry, entry.answer);
}

// Under the mutex, which withdraw() needs too: so the executor of a waiter on the list is still alive.
void NameCache::wake(Entry& entry, const SharedAddresses& answer) {
  for (auto& waiter : entry.waiters) {
    const Executor executor = waiter->timer.get_executor();
    asio::post(executor, [waiter, answer] {
      waiter->answer = answer;
      waiter->timer.cancel();
    });
  }
  entry.waiters.clear();
}

void NameCache::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (auto& [host, entry] : entries_) wake(entry, failed(asio::error::operation_aborted));
  has_work_.notify_all();
}

}  // namespace triaged::net
