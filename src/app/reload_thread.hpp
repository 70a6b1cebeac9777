// Reloads asked for by workers, done on a thread of its own: reading files must not stop a worker.
#pragma once

#include "triaged/app/daemon.hpp"
#include "triaged/base/result.hpp"
#include "triaged/server/admin.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace triaged::app {

class ReloadThread {
 public:
  explicit ReloadThread(std::function<Result<Reloaded>()> reload);
  ~ReloadThread() { stop(); }
  ReloadThread(const ReloadThread&) = delete;
  ReloadThread& operator=(const ReloadThread&) = delete;

  // `done` is always called: on the reload's thread, or by ask() or stop() with an error when it is too late. Any
  // thread.
  void ask(server::ReloadDone done);
  void stop();  // ends a reload that runs first; those that wait are answered with an error

 private:
  void run();

  std::function<Result<Reloaded>()> reload_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<server::ReloadDone> asked_;
  bool stopping_ = false;
  std::thread thread_;
};

void log_reload(const Result<Reloaded>& outcome);

}  // namespace triaged::app
