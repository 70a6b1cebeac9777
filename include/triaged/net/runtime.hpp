// N workers, each one thread with its own io_context(1). Nothing is shared between workers but what is handed in.
#pragma once

#include "triaged/net/task.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace triaged::net {

// One thread's event loop. An exception that reaches the loop is logged and the loop goes on.
class Worker {
 public:
  explicit Worker(std::size_t index);
  std::size_t index() const { return index_; }
  asio::io_context& context() { return context_; }
  Executor executor() { return context_.get_executor(); }
  void run();      // on its thread, until release() and no work is left, or stop()
  void release();  // lets run() return when its work is done
  void stop();     // last resort: drops what is pending

 private:
  std::size_t index_;
  asio::io_context context_;
  asio::executor_work_guard<Executor> guard_;
};

class Runtime {
 public:
  explicit Runtime(std::size_t workers);
  ~Runtime();  // stop() and join()
  std::size_t size() const { return workers_.size(); }
  Worker& worker(std::size_t index) { return *workers_[index]; }
  void start();
  void release();
  void stop();
  void join();

 private:
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
};

}  // namespace triaged::net
