#include "triaged/net/blocking.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <future>
#include <utility>

namespace triaged::net {

void post_and_wait(Worker& worker, const std::function<void()>& work) {
  std::promise<void> done;
  asio::post(worker.executor(), [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

void run_and_wait(Worker& worker, Task<void> task) {
  std::promise<void> done;
  asio::co_spawn(worker.executor(), std::move(task), [&done](std::exception_ptr problem) {
    if (problem)
      done.set_exception(problem);
    else
      done.set_value();
  });
  done.get_future().get();
}

}  // namespace triaged::net
