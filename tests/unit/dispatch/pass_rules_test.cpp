// When a request that is handed on unread is sent again, and what it costs.
#include "dispatch/pass_rules.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

AttemptFailure failure(ErrorKind kind, Progress progress) {
  AttemptFailure failure;
  failure.kind = kind;
  failure.blame = kind == ErrorKind::client_gone ? Blame::client : Blame::upstream;
  failure.progress = progress;
  return failure;
}

AttemptFailure closed_while_idle() {
  AttemptFailure closed = failure(ErrorKind::reset, Progress::request_sent);
  closed.reused_connection = true;
  return closed;
}

PassState state(std::string_view method, bool at_hand = true, std::uint32_t attempts = 1) {
  PassState state;
  state.method = method;
  state.at_hand = at_hand;
  state.attempts = attempts;
  return state;
}

Next next(const AttemptFailure& failed, const PassState& where) {
  return after_pass_failure(failed, where, config::Retry()).next;
}

TEST(PassRules, WhatWasNotSentMayBeSentAgain) {
  const AttemptFailure refused = failure(ErrorKind::connect, Progress::nothing_sent);
  EXPECT_EQ(next(refused, state("POST")), Next::same_target);
  EXPECT_EQ(next(refused, state("POST", true, 2)), Next::stop) << "attempts_per_target is 2";
}

TEST(PassRules, OnlyAGetIsRepeatedOnceSent) {
  const AttemptFailure lost = failure(ErrorKind::reset, Progress::request_sent);
  EXPECT_EQ(next(lost, state("GET")), Next::same_target);
  EXPECT_EQ(next(lost, state("POST")), Next::stop);
  EXPECT_EQ(next(lost, state("DELETE")), Next::stop);
}

TEST(PassRules, AConnectionThatWasClosedWhileIdleIsReplacedOnce) {
  for (const std::string_view method : {"GET", "POST", "DELETE"}) {
    EXPECT_EQ(next(closed_while_idle(), state(method)), Next::fresh_connection) << method;
  }
}

TEST(PassRules, ABodyThatStreamedIsNeverSentAgain) {
  EXPECT_EQ(next(closed_while_idle(), state("POST", false)), Next::stop);
  EXPECT_EQ(next(failure(ErrorKind::reset, Progress::request_sent), state("GET", false)), Next::stop);
}

TEST(PassRules, NothingIsRepeatedOnceTheAnswerBegan) {
  EXPECT_EQ(next(failure(ErrorKind::truncated, Progress::response_started), state("GET")), Next::stop);
}

TEST(PassRules, SilenceAndAClientThatLeftEndARequest) {
  EXPECT_EQ(next(failure(ErrorKind::head_timeout, Progress::request_sent), state("GET")), Next::stop);
  EXPECT_EQ(next(failure(ErrorKind::client_gone, Progress::nothing_sent), state("GET")), Next::stop);
}

TEST(PassRules, WhatMakingSomethingCostsIsUnknown) {
  EXPECT_FALSE(pass_cost("POST", Progress::response_started, 200));
  EXPECT_FALSE(pass_cost("POST", Progress::request_sent, 0));
}

TEST(PassRules, NothingIsPaidForWhatWasNotSentOrRefusedOrOnlyLookedUp) {
  EXPECT_EQ(pass_cost("POST", Progress::nothing_sent, 0), NanoDollars(0));
  EXPECT_EQ(pass_cost("POST", Progress::response_started, 400), NanoDollars(0));
  EXPECT_EQ(pass_cost("GET", Progress::response_started, 200), NanoDollars(0));
  EXPECT_EQ(pass_cost("DELETE", Progress::request_sent, 0), NanoDollars(0));
}

}  // namespace
}  // namespace triaged::dispatch
