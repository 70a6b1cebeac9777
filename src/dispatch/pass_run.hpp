// A request on its way to one provider, unread. The body goes up in a coroutine of its own while the answer's head is
// waited for: an answer that comes before the body is whole ends the upload. A small body is held instead, and sent
// again when that is safe.
#pragma once

#include "triaged/dispatch/pass.hpp"
#include "triaged/ledger/entry.hpp"
#include "triaged/net/task_group.hpp"
#include "triaged/upstream/exchange.hpp"

#include "dispatch/dispatcher_state.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::dispatch {

class PassRun {
 public:
  PassRun(Dispatcher::State& state, const PassJob& job, PassClient& client);
  ~PassRun();
  PassRun(const PassRun&) = delete;
  PassRun& operator=(const PassRun&) = delete;

  net::Task<Passed> run();

 private:
  using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
  struct Attempt {
    TimePoint started{};
    AttemptFailure failure;
    std::optional<Error> error;  // empty: it answered
    int status = 0;              // of the provider's answer
  };

  net::Task<Result<void>> hold_small_body();
  net::Task<void> attempt(bool fresh);
  net::Task<void> exchange();
  net::Task<Result<void>> send_head();
  net::Task<void> upload();
  net::Task<Result<void>> send_piece(std::string_view piece, bool last);
  net::Task<void> patrol();  // while the body goes up
  net::Task<void> end_upload();
  net::Task<void> relay();
  net::Task<bool> go_on(bool& fresh);  // after an attempt that failed; false: it was the last
  net::Task<void> pause(Duration wait);

  void client_left();
  void fail(const Error& error);
  void book(ledger::Outcome outcome, std::string_view error);
  void settle(int status, bool complete);
  void conclude();  // the answer is whole
  void give_up(const Error& error);

  bool streams() const { return has_body() && !held_; }
  bool has_body() const { return job_.chunked || job_.length.value_or(0) > 0; }
  const config::Provider& provider() const { return state_.settings.providers[job_.provider]; }
  const config::Clocks& clocks() const { return provider().clocks; }
  TimePoint now() const { return state_.environment.clock->now(); }

  Dispatcher::State& state_;
  const PassJob& job_;
  PassClient& client_;
  Passed passed_;
  Attempt current_;
  std::optional<upstream::Exchange> exchange_;
  std::function<void()> wake_;       // ends what the main coroutine waits for
  std::optional<std::string> held_;  // all of a small body
  std::optional<ledger::Entry> pending_;
  std::string size_line_;  // of the chunk that is being sent
  std::uint32_t rows_ = 0;
  // Of the upload.
  net::TaskGroup uploads_;
  Timer patrol_timer_;
  std::optional<Error> upload_error_;
  bool taken_ = false;      // something of the body that streams
  bool uploading_ = false;  // the coroutine is there
  bool patrolling_ = false;
  bool stopped_ = false;   // it is to end
  bool uploaded_ = false;  // all of it was sent
  bool left_ = false;      // the client
};

}  // namespace triaged::dispatch
