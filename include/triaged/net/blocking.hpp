// For the main thread: work on a worker's thread, waited for. Never to be called on a worker.
#pragma once

#include "triaged/net/runtime.hpp"
#include "triaged/net/task.hpp"

#include <functional>

namespace triaged::net {

void post_and_wait(Worker& worker, const std::function<void()>& work);
void run_and_wait(Worker& worker, Task<void> task);  // rethrows what leaves the task

}  // namespace triaged::net
