// One attempt at one target: connect, send, read the head, then the answer, whole or streamed. Thin: what the facts
// mean is decided in attempt_clock, relay, retry_rules and the provider's codec.
#pragma once

#include "triaged/dispatch/reply.hpp"
#include "triaged/quality/checks.hpp"
#include "triaged/quality/window.hpp"
#include "triaged/upstream/exchange.hpp"

#include "dispatch/attempt_clock.hpp"
#include "dispatch/attempt_facts.hpp"
#include "dispatch/dispatcher_state.hpp"
#include "dispatch/relay.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::dispatch {

// What an answer is held against. References outlive the attempt.
struct GateUse {
  const config::Gate* gate = nullptr;
  const quality::Checker* checker = nullptr;
  const quality::Asked* asked = nullptr;
};

// What is sent where. References outlive the attempt.
struct Order {
  std::size_t candidate = 0;  // of the plan
  std::size_t target = 0;     // of the settings
  const chat::Request* request = nullptr;
  std::string_view body;
  const wire::Headers* client_headers = nullptr;
  bool fresh = false;               // on a new connection
  std::optional<GateUse> gate;      // none: whatever comes is the answer
  bool asks_probabilities = false;  // of the tokens, on the gateway's own account
  Turn turn = Turn::first;
};

class AttemptRun final : private Door {
 public:
  // Whose attempts they are: decides which of them the client hears of.
  class Owner {
   public:
    virtual ~Owner() = default;
    // The attempt's answer can begin. Where its events go; null: another attempt's do.
    virtual EventWriter* begin_stream(AttemptRun& attempt) = 0;
    // The attempt has a whole answer. False: another attempt was faster.
    virtual bool take_answer(AttemptRun& attempt) = 0;
    // Sends what the events came to. Error: client_gone.
    virtual net::Task<Result<void>> flush() = 0;
    // The attempt's whole answer, not given to anyone yet, passed every check. What else is found against it?
    // `wake` is given what ends the waiting.
    virtual net::Task<std::optional<quality::Finding>> assess(const AttemptRun& attempt, const quality::Given& answer,
                                                              std::function<void()>& wake) = 0;
  };

  // `waited` is added to while it waits for others. Everything outlives it.
  AttemptRun(Dispatcher::State& state, const Order& order, Owner& owner, Duration& waited);
  AttemptRun(const AttemptRun&) = delete;
  AttemptRun& operator=(const AttemptRun&) = delete;

  net::Task<void> run();
  // Both end it, from outside: another attempt was faster; the client left (its answer may be read on for its usage).
  void lose();
  void client_left();

  const Order& order() const { return order_; }
  const AttemptFacts& facts() const { return facts_; }
  Asked asked() const { return {order_.target, order_.turn, order_.request->stream, key_, facts_.started}; }
  bool lost() const { return lost_; }
  bool begun() const { return relay_ && relay_->open(); }  // its events went to the client
  const std::string& body() const { return body_; }        // a whole answer
  const wire::Headers* headers() const { return exchange_ ? &exchange_->headers() : nullptr; }
  void release() { exchange_->release(); }  // the answer is used up

 private:
  EventWriter* open() override { return owner_.begin_stream(*this); }

  net::Task<void> exchange();
  net::Task<Result<void>> send();
  net::Task<void> refused();
  net::Task<void> whole_answer();
  net::Task<void> streamed_answer(Framing framing);
  net::Task<Result<void>> pump();
  net::Task<Result<void>> flush();
  net::Task<Result<bool>> read(std::string& into);
  net::Task<Result<void>> consider(TimePoint at);
  net::Task<Result<void>> hold_against_gate(quality::Given given);
  void fail(const Error& error);
  const config::Target& target() const { return state_.settings.targets[order_.target]; }
  const provider::Provider& provider() const { return *state_.providers[target().provider]; }
  const provider::AnswerCodec& codec() const { return provider().codec(order_.request->dialect); }
  TimePoint now() const { return state_.environment.clock->now(); }

  Dispatcher::State& state_;
  Order order_;
  Owner& owner_;
  Duration& waited_;
  AttemptClock clock_;
  std::size_t key_;
  AttemptFacts facts_;
  std::optional<upstream::Exchange> exchange_;
  std::optional<Relay> relay_;
  std::optional<quality::Window> window_;  // while the relay holds
  TimePoint first_content_at_{};
  std::string body_;
  std::function<void()> wake_;  // interrupts what is being waited for
  Deadline drained_;            // never, unless the answer is read on for nobody
  bool lost_ = false;
  bool left_ = false;
};

}  // namespace triaged::dispatch
