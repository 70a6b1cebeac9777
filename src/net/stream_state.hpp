// What a Stream shares with the handlers of its timer and its watch: the socket, the deadlines of both directions and
// the watchdog over them. Handlers keep the state alive, close() makes them do nothing.
#pragma once

#include "triaged/net/stream.hpp"

#include "net/tls_engine.hpp"
#include "net/unsent.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace triaged::net {

struct Stream::State {
  using Timer = asio::basic_waitable_timer<TimePoint::clock, asio::wait_traits<TimePoint::clock>, Executor>;
  using Self = std::shared_ptr<State>;

  // One direction. At most one operation is pending in each.
  struct Side {
    TimePoint due = TimePoint::max();
    bool pending = false;
    bool expired = false;  // the watchdog ended the pending operation
  };

  // Marks an operation as pending while it lives, and has the watchdog look after it.
  class Operation {
   public:
    Operation(const Self& self, Side& side);
    ~Operation() { side_.pending = false; }
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;

   private:
    Side& side_;
  };

  explicit State(Socket connected);

  void set_due(const Self& self, Side& side, TimePoint due);
  // Does an operation that ended with operation_aborted go on? It does when the watchdog had to cancel the socket
  // because of the other direction. `cancels` are those that were counted when the operation was begun.
  struct Cancels {
    std::uint32_t by_watchdog = 0;
    std::uint32_t by_caller = 0;
  };
  bool goes_on(const Side& side, Cancels before) const;
  bool late(const Side& side) const { return side.expired || (joined && (read.expired || write.expired)); }
  // Waits until the socket can be read or written, or for the deadline.
  Task<error_code> wait(Side& side, Wants wants);

  void cancel(const Self& self);
  void close();
  void watch(const Self& self, std::function<void()> on_readable);
  bool has_data_or_end();  // TLS only: something to tell that the socket will not announce again

  short events();  // of poll(), now

  // Sends what can be sent without waiting. Done when nothing is left or on an error.
  error_code send(Unsent& unsent, Wants& wants);

  Socket socket;
  Timer timer;
  std::unique_ptr<TlsEngine> tls;  // from the start of the handshake on
  Side read;
  Side write;
  Cancels cancels;
  std::uint32_t reads_in_a_row = 0;  // without having waited: others on this thread must get their turn
  bool joined = false;               // a handshake: either deadline ends it
  bool closed = false;
  bool watching = false;

 private:
  void arm(const Self& self, TimePoint at);
  void on_alarm(const Self& self);
  void cancel_operations(const Self& self);
  void issue_watch(const Self& self);
  void on_watch(const Self& self, error_code error, std::uint32_t issue, std::uint32_t arming);
  error_code send_encrypted(Unsent& unsent, Wants& wants);

  TimePoint armed_at_ = TimePoint::max();  // the timer's expiry; max: not armed
  std::uint32_t alarm_ = 0;                // of the timer's waits only the last counts
  std::uint32_t watch_issue_ = 0;          // of the socket's waits for the watch only the last may fail
  std::uint32_t watch_arming_ = 0;         // a wait of an earlier arming means nothing
  std::function<void()> notice_;
};

}  // namespace triaged::net
