// Owns the coroutines it starts: counts them, cancels them, is waited for. Lives on one worker's thread and must
// outlive its tasks (wait() before destruction).
#pragma once

#include "triaged/net/task.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <list>
#include <string_view>

namespace triaged::net {

class TaskGroup {
 public:
  explicit TaskGroup(Executor executor);
  ~TaskGroup();  // asserts that no task is left
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts `task`. An exception that leaves it is logged under `name` and ends only that task.
  void spawn(std::string_view name, Task<void> task);
  // `total`: tasks that opted in finish what they do; `terminal`: every task ends at its next await.
  void cancel(asio::cancellation_type type);
  Task<void> wait();  // until no task is left
  std::size_t size() const { return signals_.size(); }

 private:
  Executor executor_;
  std::list<asio::cancellation_signal> signals_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> empty_;
};

}  // namespace triaged::net
