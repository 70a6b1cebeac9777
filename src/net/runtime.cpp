#include "triaged/net/runtime.hpp"

#include "triaged/base/log.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <pthread.h>
#include <string>

namespace triaged::net {

Worker::Worker(std::size_t index) : index_(index), context_(1), guard_(context_.get_executor()) {
  // The first timer or socket opens the descriptors of the loop itself. Now, not when descriptors have run out.
  const asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>
      first(context_.get_executor());
}

void Worker::run() {
  const std::string name = "worker " + std::to_string(index_);
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& error) {
      log_error("an exception reached the event loop; it goes on",
                {{"worker", std::to_string(index_)}, {"exception", error.what()}});
    } catch (...) {
      log_error("an unknown exception reached the event loop; it goes on", {{"worker", std::to_string(index_)}});
    }
  }
}

// The guard is not thread-safe, the loop is.
void Worker::release() {
  asio::post(context_, [this] { guard_.reset(); });
}

void Worker::stop() { context_.stop(); }

Runtime::Runtime(std::size_t workers) {
  const std::size_t count = std::max<std::size_t>(workers, 1);
  workers_.reserve(count);
  for (std::size_t index = 0; index < count; ++index) workers_.push_back(std::make_unique<Worker>(index));
}

Runtime::~Runtime() {
  stop();
  join();
}

void Runtime::start() {
  threads_.reserve(workers_.size());
  for (const auto& worker : workers_) threads_.emplace_back(&Worker::run, worker.get());
}

void Runtime::release() {
  for (const auto& worker : workers_) worker->release();
}

void Runtime::stop() {
  for (const auto& worker : workers_) worker->stop();
}

void Runtime::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace triaged::net
