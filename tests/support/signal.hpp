// Something that one thread waits for and another lets happen: what tests have in place of sleeps.
#pragma once

#include "support/socket.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>

namespace triaged::test {

class Signal {
 public:
  void set() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [this] { return happened_; })) {
      throw std::runtime_error("what a test waits for did not happen within the time limit");
    }
  }
  // At most that long: the pace of whoever is slow on purpose. True when it happened.
  bool wait_for(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [this] { return happened_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool happened_ = false;
};

// For what cannot tell when it happens (a row in a database, a counter): looks often until it is true. False when
// `patience` ran out.
bool eventually(const std::function<bool()>& is_true);

// Sets it when a script is over, also by a peer that left while something was to be sent.
class SetAtEnd {
 public:
  explicit SetAtEnd(Signal& signal) : signal_(signal) {}
  ~SetAtEnd() { signal_.set(); }
  SetAtEnd(const SetAtEnd&) = delete;
  SetAtEnd& operator=(const SetAtEnd&) = delete;

 private:
  Signal& signal_;
};

}  // namespace triaged::test
