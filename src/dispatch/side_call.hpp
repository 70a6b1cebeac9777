// A side call: one small request that the gateway sends on its own account, to learn something about a request of a
// client. A question goes to a healthy target of a tier, by the tier's balancing, texts to be embedded to the one
// target whose vectors are wanted; the answer is read whole, within a deadline and a bound of size. It is booked as it
// ends, under a purpose of its own, and the target's health is told as by any attempt; only a call that came too late
// says nothing about the target, because the deadline is ours.
#pragma once

#include "triaged/base/deadline.hpp"
#include "triaged/base/tokens.hpp"
#include "triaged/ledger/entry.hpp"
#include "triaged/upstream/exchange.hpp"

#include "dispatch/attempt_row.hpp"
#include "dispatch/dispatcher_state.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace triaged::dispatch {

// All texts outlive the call.
struct SideQuestion {
  ledger::Purpose purpose = ledger::Purpose::classifier;
  RequestId id;  // of the client's request: its ledger rows are numbered on
  Deadline deadline;

  // A chat.
  std::size_t tier = 0;
  std::string_view system;
  std::string_view user;
  std::int64_t max_output_tokens = 0;

  // Texts to be embedded.
  std::optional<std::size_t> embedder;  // the target that does so; none: it is a chat
  std::span<const std::string> texts;
  std::int64_t dimensions = 0;
};

// What it used and cost stands in the ledger and in the SideCosts.
struct SideAnswer {
  std::string text;  // of embeddings: the body as it came
  chat::Usage usage;
  std::optional<NanoDollars> cost;
};

class SideCall {
 public:
  // `wake` is given a function that ends a waiting call with `client_gone`; valid until run() returns.
  SideCall(Dispatcher::State& state, const SideQuestion& question, SideCosts& costs, std::function<void()>& wake);

  // Errors: no_target, late ones (late() is then true), and those of attempts.
  net::Task<Result<SideAnswer>> run();
  bool late() const { return late_; }

 private:
  // One try in progress. More than one only when the first cannot have been billed: an idle connection was closed under
  // us, or the target refused a parameter or a key.
  struct Try {
    bool fresh = false;
    std::size_t key = 0;
    TimePoint started{};
    AttemptFailure failure;
    std::optional<Error> error;  // empty: it answered
    std::optional<provider::Failure> said;
    int status = 0;
    std::string text;
    std::string answered_model;
    std::optional<chat::Usage> usage;
    std::uint64_t characters = 0;
    Duration first_content{0};
  };

  std::optional<std::size_t> choose();
  bool can_be_asked(std::size_t target, TimePoint at);
  provider::OwnRequest write() const;
  std::size_t largest_answer() const;
  Asked asked(const Try& current) const {
    return {target_, current.fresh ? Turn::again : Turn::first, false, current.key, current.started};
  }
  net::Task<void> attempt(Try& current);
  net::Task<void> exchange(Try& current, upstream::Exchange& exchange, const provider::OwnRequest& own);
  net::Task<void> read(Try& current, upstream::Exchange& exchange);
  void take(Try& current, upstream::Exchange& exchange, std::string body);
  bool after_failure(Try& current);  // true: once more
  void fail(Try& current, const upstream::Exchange* exchange, const Error& error);
  std::optional<NanoDollars> book(const Try& current, ledger::Outcome outcome);
  TimePoint now() const { return state_.environment.clock->now(); }

  Dispatcher::State& state_;
  const SideQuestion& question_;
  SideCosts& costs_;
  std::function<void()>& wake_;
  TextCounts texts_;
  std::size_t target_ = 0;
  bool restyled_ = false;
  bool rekeyed_ = false;
  bool late_ = false;
};

}  // namespace triaged::dispatch
