// Name look-ups as a test wants them.
#pragma once

#include "triaged/net/resolver.hpp"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

namespace triaged::net::test {

// What the next look-ups say; counts them and can hold them back. One that is held back may outlive its resolver and is
// let go in the end.
class FakeDns {
 public:
  FakeDns() = default;
  ~FakeDns() { hold(false); }
  FakeDns(const FakeDns&) = delete;
  FakeDns& operator=(const FakeDns&) = delete;

  LookUp look_up() {
    return [state = state_](const std::string& host) { return state->look_up(host); };
  }
  void answer(const std::string& address) {
    const std::lock_guard lock(state_->mutex);
    state_->address = address;
    state_->error = {};
  }
  void fail(error_code error) {
    const std::lock_guard lock(state_->mutex);
    state_->error = error;
  }
  void throw_next() {
    const std::lock_guard lock(state_->mutex);
    state_->throws = true;
  }
  void hold(bool on) {
    const std::lock_guard lock(state_->mutex);
    state_->held = on;
    state_->changed.notify_all();
  }
  int count() {
    const std::lock_guard lock(state_->mutex);
    return state_->count;
  }
  void wait_for(int look_ups) {
    std::unique_lock lock(state_->mutex);
    const bool came =
        state_->changed.wait_for(lock, std::chrono::seconds(5), [&] { return state_->count >= look_ups; });
    ASSERT_TRUE(came) << state_->count;
  }

 private:
  struct State {
    Addresses look_up(const std::string& host) {
      std::unique_lock lock(mutex);
      ++count;
      changed.notify_all();
      changed.wait(lock, [this] { return !held; });
      if (throws) throw std::runtime_error("as the test wants it");
      Addresses addresses;
      addresses.error = error;
      if (!error && host != "empty.test") addresses.list.push_back(asio::ip::make_address(address));
      return addresses;
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::string address = "10.0.0.1";
    error_code error;
    int count = 0;
    bool held = false;
    bool throws = false;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace triaged::net::test
