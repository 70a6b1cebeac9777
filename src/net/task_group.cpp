#include "triaged/net/task_group.hpp"

#include "triaged/base/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <cassert>
#include <exception>
#include <string>
#include <utility>

namespace triaged::net {
namespace {

void log_escaped(const std::string& task, const std::exception_ptr& exception) {
  std::string what = "not a std::exception";
  try {
    std::rethrow_exception(exception);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return;  // how a task ends that was cancelled
    what = error.what();
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
  }
  log_error("a task ended with an exception", {{"task", task}, {"exception", what}});
}

}  // namespace

TaskGroup::TaskGroup(Executor executor) : executor_(executor), empty_(executor) {
  empty_.expires_at(std::chrono::steady_clock::time_point::max());
}

TaskGroup::~TaskGroup() { assert(signals_.empty() && "a task group must be waited for before it is destroyed"); }

void TaskGroup::spawn(std::string_view name, Task<void> task) {
  const auto signal = signals_.emplace(signals_.end());
  auto on_end = [this, signal, label = std::string(name)](const std::exception_ptr& exception) {
    if (exception) log_escaped(label, exception);
    // Later, because cancel() may be walking over the signals now.
    asio::post(executor_, [this, signal] {
      signals_.erase(signal);
      if (signals_.empty()) empty_.cancel();
    });
  };
  asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(signal->slot(), std::move(on_end)));
}

void TaskGroup::cancel(asio::cancellation_type type) {
  // A task that is started meanwhile goes to the end of the list and is left alone.
  std::size_t left = signals_.size();
  for (auto signal = signals_.begin(); left > 0; ++signal, --left) signal->emit(type);
}

Task<void> TaskGroup::wait() {
  while (!signals_.empty()) co_await empty_.async_wait(as_result);
}

}  // namespace triaged::net
