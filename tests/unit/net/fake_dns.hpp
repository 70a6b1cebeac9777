// Name look-ups as a test wants them.
#pragma once

#include "triaged/net/resolver.hpp"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>

namespace triaged::net::test {

// Names and what the next look-ups say; counts them and can hold them back.
class FakeDns {
 public:
  LookUp look_up() {
    return [this](const std::string& host) {
      std::unique_lock lock(mutex_);
      ++count_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !held_; });
      if (throws_) throw std::runtime_error("as the test wants it");
      Addresses addresses;
      addresses.error = error_;
      if (!error_ && host != "empty.test") addresses.list.push_back(asio::ip::make_address(address_));
      return addresses;
    };
  }
  void answer(const std::string& address) {
    const std::lock_guard lock(mutex_);
    address_ = address;
    error_ = {};
  }
  void fail(error_code error) {
    const std::lock_guard lock(mutex_);
    error_ = error;
  }
  void throw_next() {
    const std::lock_guard lock(mutex_);
    throws_ = true;
  }
  void hold(bool on) {
    const std::lock_guard lock(mutex_);
    held_ = on;
    changed_.notify_all();
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  void wait_for(int look_ups) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(5), [&] { return count_ >= look_ups; });
    ASSERT_TRUE(came) << count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string address_ = "10.0.0.1";
  error_code error_;
  int count_ = 0;
  bool held_ = false;
  bool throws_ = false;
};

}  // namespace triaged::net::test
