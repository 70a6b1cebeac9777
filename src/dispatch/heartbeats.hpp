// Comments in streams that have nothing to send, so that nobody on the way takes the connection for dead. One for all
// streams of a worker: a stream that keeps sending costs two stores a flush.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/net/task_group.hpp"

#include <cstddef>
#include <vector>

namespace triaged::dispatch {

class Heartbeats;

// One stream, from its first flush to its end. Everything on one thread.
class Heartbeat {
 public:
  explicit Heartbeat(Heartbeats& owner) : owner_(owner) {}
  ~Heartbeat() { stop(); }  // no comment may be under way: quiet() first
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  void start(Reply& reply, TimePoint now);
  void stop();
  // Something is being sent: no comment is begun until resume().
  bool writing() const { return writing_; }
  void pause() { paused_ = true; }
  void resume(TimePoint now) {
    paused_ = false;
    last_ = now;
  }
  net::Task<void> quiet();  // until no comment is under way

 private:
  friend class Heartbeats;
  Heartbeats& owner_;
  Reply* reply_ = nullptr;  // null: not started
  std::size_t place_ = 0;   // in Heartbeats::streams_
  TimePoint last_{};        // when something was sent
  bool paused_ = false;
  bool writing_ = false;
};

class Heartbeats {
 public:
  // An interval of zero: no heartbeats.
  Heartbeats(net::Executor executor, const Clock& clock, Duration interval);

  net::Task<void> stopped();  // when no stream is left
  std::size_t size() const { return streams_.size(); }

 private:
  friend class Heartbeat;
  using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
  void add(Heartbeat& stream);
  void remove(Heartbeat& stream);
  net::Task<void> watch();
  void beat_all();
  net::Task<void> beat(Heartbeat& stream);

  net::Executor executor_;
  const Clock& clock_;
  Duration interval_;
  std::vector<Heartbeat*> streams_;
  Timer timer_;    // of the next look at all streams
  Timer written_;  // never expires, because several may wait; cancelled whenever a comment was sent
  bool watching_ = false;
  net::TaskGroup tasks_;
};

}  // namespace triaged::dispatch
