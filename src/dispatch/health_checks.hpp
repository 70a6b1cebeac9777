// Asks providers that have a path for it whether they are there, and tells the breakers of their targets. One per
// worker and configuration: breakers are per worker, and a check from each is the simplest thing that keeps them true.
#pragma once

#include "triaged/net/task_group.hpp"

#include "dispatch/dispatcher_state.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace triaged::dispatch {

class HealthChecks {
 public:
  explicit HealthChecks(Dispatcher::State& state);

  // Begins, once; on the worker's thread.
  void start();
  net::Task<void> stopped();

 private:
  using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
  struct Watch {
    Watch(std::size_t which, net::Executor executor) : provider(which), timer(executor) {}
    std::size_t provider;
    Timer timer;
    std::function<void()> wake;  // ends a check that is under way
  };

  net::Task<void> watch(Watch& watch);
  net::Task<bool> check(Watch& watch);
  void tell(std::size_t provider, bool well);

  Dispatcher::State& state_;
  std::vector<std::unique_ptr<Watch>> watches_;
  net::TaskGroup tasks_;
  bool started_ = false;
  bool stopping_ = false;
};

}  // namespace triaged::dispatch
