#include "triaged/dispatch/retry_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace triaged::dispatch {

static void PrintTo(Next next, std::ostream* out) { *out << name(next); }

namespace {

using provider::FailureClass;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration key_out = seconds(60);

config::Retry settings() {
  config::Retry retry;
  retry.attempts_per_target = 2;
  retry.attempts = 6;
  retry.backoff = milliseconds(200);
  retry.backoff_max = seconds(5);
  retry.retry_after_max = seconds(10);
  return retry;
}

AttemptFailure failed(ErrorKind kind, Progress progress = Progress::request_sent) {
  AttemptFailure failure;
  failure.kind = kind;
  failure.progress = progress;
  failure.got_bytes = progress == Progress::response_started;
  return failure;
}

AttemptFailure answered(FailureClass failure_class) {
  AttemptFailure failure = failed(ErrorKind::upstream_status, Progress::response_started);
  failure.failure_class = failure_class;
  return failure;
}

AttemptFailure rate_limited(std::optional<milliseconds> retry_after) {
  AttemptFailure failure = answered(FailureClass::rate_limited);
  failure.retry_after = retry_after;
  return failure;
}

AttemptFailure committed(AttemptFailure failure) {
  failure.committed = true;
  failure.got_bytes = true;
  failure.progress = Progress::response_started;
  return failure;
}

AttemptFailure blamed_on(Blame blame, AttemptFailure failure) {
  failure.blame = blame;
  return failure;
}

AttemptState alone() {
  AttemptState state;
  state.random = 0.5;
  return state;
}

AttemptState with_other() {
  AttemptState state = alone();
  state.other_target_left = true;
  return state;
}

// Half of the first ceiling, as `random` is 0.5 above.
constexpr Duration half_backoff = milliseconds(100);

struct Row {
  std::string what;
  AttemptFailure failure;
  Next with_other = Next::stop;  // another target is left
  Next when_alone = Next::stop;  // none is left
  bool blames = false;
  Duration wait{0};            // before the same target
  Duration out_with_other{0};  // target_out
  Duration out_alone{0};
};

constexpr Progress nothing = Progress::nothing_sent;
constexpr Progress started = Progress::response_started;
constexpr Next next = Next::next_target;
constexpr Next same = Next::same_target;
constexpr Next stop = Next::stop;

void add_broken_transport(std::vector<Row>& table) {
  using enum ErrorKind;
  // Nothing was sent: anything may be repeated.
  for (const ErrorKind kind : {dns, connect, tls, connect_timeout, reset, total_timeout, head_timeout})
    table.push_back(
        {std::string(name(kind)) + ", nothing sent", failed(kind, nothing), next, same, true, half_backoff});

  // Sent and silent: may be billed, not asked twice.
  for (const ErrorKind kind : {head_timeout, first_content_timeout, idle_timeout, total_timeout, too_slow}) {
    table.push_back({std::string(name(kind)) + ", sent", failed(kind), next, stop, true});
    table.push_back({std::string(name(kind)) + ", preamble read", failed(kind, started), next, stop, true});
  }

  // Good work that is not good enough says nothing about the target's health.
  table.push_back({"poor answer", failed(poor_answer, started), next, stop, false});

  // Another target may be one that can be told all of it.
  table.push_back({"cannot be told", failed(unsupported), next, stop, false});

  // Broken before any content.
  for (const ErrorKind kind : {reset, protocol, truncated, stream_error})
    table.push_back({std::string(name(kind)), failed(kind, started), next, same, true, half_backoff});
  table.push_back({"reset on a fresh connection", failed(reset), next, same, true, half_backoff});
  table.push_back({"status without a class", failed(upstream_status, started), next, same, true, half_backoff});
}

void add_provider_statements(std::vector<Row>& table) {
  for (const FailureClass health : {FailureClass::overloaded, FailureClass::server_error, FailureClass::timeout})
    table.push_back({std::string(provider::name(health)), answered(health), next, same, true, half_backoff});
  table.push_back({"conflict", answered(FailureClass::conflict), next, same, false, half_backoff});
  for (const FailureClass key : {FailureClass::quota, FailureClass::auth})
    table.push_back({std::string(provider::name(key)), answered(key), next, stop, false, {}, key_out, key_out});
  for (const FailureClass unfit : {FailureClass::model_missing, FailureClass::context_length})
    table.push_back({std::string(provider::name(unfit)), answered(unfit), next, stop, false});
  for (const FailureClass final : {FailureClass::content_policy, FailureClass::bad_request})
    table.push_back({std::string(provider::name(final)), answered(final), stop, stop, false});
}

void add_rate_limits(std::vector<Row>& table) {
  table.push_back({"429, 3 s", rate_limited(seconds(3)), next, same, false, seconds(3), seconds(3), {}});
  table.push_back({"429, 0 s", rate_limited(seconds(0)), next, same, false, {}, {}, {}});
  table.push_back({"429, negative", rate_limited(seconds(-5)), next, same, false, {}, {}, {}});
  table.push_back({"429, the longest", rate_limited(seconds(10)), next, same, false, seconds(10), seconds(10), {}});
  table.push_back({"429, too long",
                   rate_limited(milliseconds(10'001)),
                   next,
                   stop,
                   false,
                   {},
                   milliseconds(10'001),
                   milliseconds(10'001)});
  table.push_back({"429, absurd", rate_limited(milliseconds::max()), next, stop, false, {}, minutes(10), minutes(10)});
  table.push_back({"429, no hint", rate_limited(std::nullopt), next, same, false, half_backoff, half_backoff, {}});

  // The class counts in a stream's error event as well.
  AttemptFailure event = rate_limited(seconds(3));
  event.kind = ErrorKind::stream_error;
  table.push_back({"rate limit as event", event, next, same, false, seconds(3), seconds(3), {}});

  // Only rate limits have a Retry-After that is obeyed here.
  AttemptFailure busy = answered(FailureClass::overloaded);
  busy.retry_after = seconds(3);
  table.push_back({"503 with Retry-After", busy, next, same, true, half_backoff, {}, {}});
}

void add_client_and_gateway_faults(std::vector<Row>& table) {
  using enum ErrorKind;
  const AttemptFailure left = blamed_on(Blame::client, failed(client_gone));
  table.push_back({"client gone", left, stop, stop, false});
  table.push_back({"client gone, blamed wrongly", failed(client_gone), stop, stop, false});
  table.push_back({"client gone after commit", committed(left), stop, stop, false});
  for (const ErrorKind kind : {invalid_request, unauthorized, forbidden, not_found, method_not_allowed, too_large,
                               head_too_large, unsupported_media_type, request_timeout})
    table.push_back({std::string(name(kind)), blamed_on(Blame::client, failed(kind, nothing)), stop, stop, false});
  for (const ErrorKind kind : {draining, no_target, storage, internal})
    table.push_back({std::string(name(kind)), blamed_on(Blame::gateway, failed(kind, nothing)), stop, stop, false});
  table.push_back({"no room here", blamed_on(Blame::gateway, failed(overloaded, nothing)), next, stop, false});
  table.push_back({"no room any more", blamed_on(Blame::gateway, failed(overloaded)), stop, stop, false});
  table.push_back({"reset by the client", blamed_on(Blame::client, failed(reset)), stop, stop, false});
  table.push_back({"long prompt, client's fault", blamed_on(Blame::client, answered(FailureClass::context_length)),
                   next, stop, false});
  table.push_back(
      {"connect, our fault", blamed_on(Blame::gateway, failed(connect, nothing)), next, same, false, half_backoff});
}

// After the commit nothing is repeated, and whoever broke it is remembered.
void add_failures_after_commit(std::vector<Row>& table) {
  using enum ErrorKind;
  for (const ErrorKind kind : {reset, truncated, protocol, idle_timeout, total_timeout, stream_error})
    table.push_back({std::string(name(kind)) + " after commit", committed(failed(kind)), stop, stop, true});
  table.push_back({"filter after commit", committed(answered(FailureClass::content_policy)), stop, stop, false});
  table.push_back(
      {"rate limit after commit", committed(rate_limited(seconds(3))), stop, stop, false, {}, seconds(3), seconds(3)});
}

std::vector<Row> rows() {
  std::vector<Row> table;
  add_broken_transport(table);
  add_provider_statements(table);
  add_rate_limits(table);
  add_client_and_gateway_faults(table);
  add_failures_after_commit(table);
  return table;
}

TEST(RetryRules, DecidesByTheFactsOfTheFailure) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.what);
    const Verdict moved = after_failure(row.failure, with_other(), settings());
    EXPECT_EQ(moved.next, row.with_other);
    EXPECT_EQ(moved.wait, Duration::zero());
    EXPECT_EQ(moved.blame_target, row.blames);
    EXPECT_EQ(moved.target_out, row.out_with_other);
    EXPECT_FALSE(moved.reason.empty());

    const Verdict stayed = after_failure(row.failure, alone(), settings());
    EXPECT_EQ(stayed.next, row.when_alone);
    EXPECT_EQ(stayed.wait, row.wait);
    EXPECT_EQ(stayed.blame_target, row.blames);
    EXPECT_EQ(stayed.target_out, row.out_alone);
    EXPECT_FALSE(stayed.reason.empty());
  }
}

TEST(RetryRules, EveryKindOfErrorIsInTheTable) {
  std::set<ErrorKind> kinds;
  std::set<FailureClass> classes;
  for (const Row& row : rows()) {
    kinds.insert(row.failure.kind);
    if (row.failure.failure_class) classes.insert(*row.failure.failure_class);
  }
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(ErrorKind::internal) + 1);
  EXPECT_EQ(classes.size(), static_cast<std::size_t>(FailureClass::bad_request) + 1);
}

TEST(RetryRules, TakesAFreshConnectionWhenAnIdleOneWasClosedUnderUs) {
  for (const Progress progress : {Progress::nothing_sent, Progress::request_sent}) {
    for (const AttemptState& state : {alone(), with_other()}) {
      AttemptFailure failure = failed(ErrorKind::reset, progress);
      failure.reused_connection = true;

      const Verdict verdict = after_failure(failure, state, settings());

      EXPECT_EQ(verdict.next, Next::fresh_connection);
      EXPECT_EQ(verdict.wait, Duration::zero());
      EXPECT_FALSE(verdict.blame_target);
      EXPECT_EQ(verdict.target_out, Duration::zero());
    }
  }
}

TEST(RetryRules, FreshConnectionIsNotCountedAgainstTheAttempts) {
  AttemptFailure failure = failed(ErrorKind::reset);
  failure.reused_connection = true;
  AttemptState state = alone();
  state.attempts = settings().attempts;
  state.attempts_on_target = settings().attempts_per_target;

  EXPECT_EQ(after_failure(failure, state, settings()).next, Next::fresh_connection);
  state.resets_fresh = true;
  EXPECT_NE(after_failure(failure, state, settings()).next, Next::fresh_connection)
      << "who resets new connections too did not close an idle one by accident";
}

TEST(RetryRules, TakesAFreshConnectionOnlyWhenNotOneByteCameOfAReset) {
  AttemptFailure bytes = failed(ErrorKind::reset, Progress::response_started);
  bytes.reused_connection = true;
  AttemptFailure silent = failed(ErrorKind::head_timeout);
  silent.reused_connection = true;
  AttemptFailure left = blamed_on(Blame::client, failed(ErrorKind::client_gone));
  left.reused_connection = true;
  AttemptFailure late = failed(ErrorKind::reset);
  late.reused_connection = true;
  AttemptState no_time = alone();
  no_time.left = Duration::zero();

  EXPECT_EQ(after_failure(bytes, alone(), settings()).next, Next::same_target);
  EXPECT_EQ(after_failure(silent, alone(), settings()).next, Next::stop);
  EXPECT_EQ(after_failure(left, alone(), settings()).next, Next::stop);
  EXPECT_EQ(after_failure(late, no_time, settings()).next, Next::stop);
}

TEST(RetryRules, SecondResetOnTheSameTargetIsAFailedAttempt) {
  const AttemptFailure again = failed(ErrorKind::reset);

  EXPECT_EQ(after_failure(again, with_other(), settings()).next, Next::next_target);
  EXPECT_TRUE(after_failure(again, with_other(), settings()).blame_target);
}

TEST(RetryRules, StopsWhenTheAttemptsOfTheRequestAreUsedUp) {
  AttemptState state = with_other();
  state.attempts = 5;
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::next_target);

  state.attempts = 6;
  const Verdict verdict = after_failure(failed(ErrorKind::truncated), state, settings());
  EXPECT_EQ(verdict.next, Next::stop);
  EXPECT_TRUE(verdict.blame_target);
  EXPECT_EQ(verdict.reason, "attempts used up");
}

TEST(RetryRules, LeavesATargetWhoseAttemptsAreUsedUp) {
  AttemptState state = alone();
  state.attempts_on_target = 2;
  state.attempts = 2;
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::stop);
  EXPECT_EQ(after_failure(rate_limited(seconds(1)), state, settings()).next, Next::stop);

  state.other_target_left = true;
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::next_target);
}

TEST(RetryRules, StopsWhenTheTargetsRetryBudgetIsUsedUp) {
  AttemptState state = alone();
  state.budget_left = false;
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::stop);
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).reason, "retry budget used up");

  state.other_target_left = true;
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::next_target);
}

TEST(RetryRules, TakesAnotherKeyOfTheSameTargetAtOnceWhenOneIsRefusedOrLimited) {
  for (const AttemptFailure& failure : {answered(FailureClass::auth), answered(FailureClass::quota),
                                        rate_limited(seconds(3)), rate_limited(std::nullopt)}) {
    AttemptState state = with_other();
    state.other_key_left = true;
    state.attempts_on_target = 4;  // every key may be tried
    state.attempts = 4;

    const Verdict verdict = after_failure(failure, state, settings());

    EXPECT_EQ(verdict.next, Next::same_target);
    EXPECT_EQ(verdict.wait, Duration::zero());
    EXPECT_EQ(verdict.target_out, Duration::zero()) << "the others may use it";
    EXPECT_GT(verdict.key_out, Duration::zero());
  }
}

TEST(RetryRules, OtherFailuresAreNoMatterOfTheKey) {
  AttemptState state = with_other();
  state.other_key_left = true;
  for (const FailureClass other : {FailureClass::server_error, FailureClass::overloaded, FailureClass::model_missing}) {
    EXPECT_EQ(after_failure(answered(other), state, settings()).next, Next::next_target);
    EXPECT_EQ(after_failure(answered(other), state, settings()).key_out, Duration::zero());
  }
}

TEST(RetryRules, KeysAreNoWayAroundTheAttemptsOfTheRequestOrTheBudget) {
  AttemptState used_up = with_other();
  used_up.other_key_left = true;
  used_up.attempts = 6;
  EXPECT_EQ(after_failure(answered(FailureClass::auth), used_up, settings()).next, Next::stop);

  AttemptState no_budget = with_other();
  no_budget.other_key_left = true;
  no_budget.budget_left = false;
  EXPECT_EQ(after_failure(answered(FailureClass::auth), no_budget, settings()).next, Next::next_target);
}

TEST(RetryRules, OneAttemptPerTargetMeansNoRepetition) {
  config::Retry retry = settings();
  retry.attempts_per_target = 1;

  EXPECT_EQ(after_failure(failed(ErrorKind::connect, Progress::nothing_sent), alone(), retry).next, Next::stop);
}

TEST(RetryRules, NeverWaitsForAsLongAsOrLongerThanIsLeft) {
  AttemptState state = alone();
  state.left = half_backoff + milliseconds(1);
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::same_target);

  state.left = half_backoff;
  const Verdict verdict = after_failure(failed(ErrorKind::truncated), state, settings());
  EXPECT_EQ(verdict.next, Next::stop);
  EXPECT_EQ(verdict.reason, "no time left");

  state.left = seconds(3);
  EXPECT_EQ(after_failure(rate_limited(seconds(3)), state, settings()).next, Next::stop);
  EXPECT_EQ(after_failure(rate_limited(seconds(2)), state, settings()).next, Next::same_target);
}

TEST(RetryRules, MovesOnAtOnceHoweverLittleTimeIsLeftButNotWithoutAny) {
  AttemptState state = with_other();
  state.left = Duration(1);
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::next_target);

  state.left = Duration::zero();
  EXPECT_EQ(after_failure(failed(ErrorKind::truncated), state, settings()).next, Next::stop);
}

TEST(RetryRules, KeepsTheProvidersPauseWhenItStops) {
  AttemptState state = alone();
  state.attempts = 6;

  const Verdict verdict = after_failure(rate_limited(seconds(3)), state, settings());

  EXPECT_EQ(verdict.next, Next::stop);
  EXPECT_EQ(verdict.target_out, seconds(3));
}

TEST(RetryRules, LongestRetryAfterIsComparedWithTheConfigurationNotWithTheLongestPause) {
  config::Retry patient = settings();
  patient.retry_after_max = hours(1);

  const Verdict waits = after_failure(rate_limited(minutes(30)), alone(), patient);
  const Verdict stops = after_failure(rate_limited(minutes(61)), alone(), patient);

  EXPECT_EQ(waits.next, Next::same_target);
  EXPECT_EQ(waits.wait, minutes(30));
  EXPECT_EQ(stops.next, Next::stop);
}

TEST(RetryRules, NamesEveryStep) {
  EXPECT_EQ(name(Next::fresh_connection), "fresh_connection");
  EXPECT_EQ(name(Next::same_target), "same_target");
  EXPECT_EQ(name(Next::next_target), "next_target");
  EXPECT_EQ(name(Next::stop), "stop");
}

TEST(Backoff, CeilingDoublesWithEachAttemptUpToTheMaximum) {
  const std::array<std::pair<std::uint32_t, Duration>, 8> table{{{0, milliseconds(100)},
                                                                 {1, milliseconds(100)},
                                                                 {2, milliseconds(200)},
                                                                 {3, milliseconds(400)},
                                                                 {5, milliseconds(1'600)},
                                                                 {6, milliseconds(2'500)},
                                                                 {70, milliseconds(2'500)},
                                                                 {4'294'967'295U, milliseconds(2'500)}}};
  for (const auto& [attempt, wait] : table) EXPECT_EQ(backoff(attempt, 0.5, settings()), wait) << attempt;
}

TEST(Backoff, SpreadsOverTheWholeRangeFromZero) {
  EXPECT_EQ(backoff(1, 0.0, settings()), Duration::zero());
  EXPECT_EQ(backoff(1, 0.25, settings()), milliseconds(50));
  EXPECT_LE(backoff(1, 0.999999, settings()), milliseconds(200));
  EXPECT_GE(backoff(1, 0.999999, settings()), milliseconds(199));
}

TEST(Backoff, StaysInRangeForRandomNumbersThatAreNot) {
  EXPECT_EQ(backoff(1, -1.0, settings()), Duration::zero());
  EXPECT_EQ(backoff(1, 7.0, settings()), milliseconds(200));
  EXPECT_EQ(backoff(1, std::numeric_limits<double>::quiet_NaN(), settings()), Duration::zero());
}

TEST(Backoff, ZeroBaseMeansNoWait) {
  config::Retry retry = settings();
  retry.backoff = Duration::zero();
  EXPECT_EQ(backoff(3, 0.9, retry), Duration::zero());
}

// Random facts.

class Facts {
 public:
  explicit Facts(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool coin() { return below(2) == 1; }

  AttemptFailure failure() {
    AttemptFailure failure;
    failure.kind = static_cast<ErrorKind>(below(static_cast<std::uint32_t>(ErrorKind::internal) + 1));
    failure.blame = static_cast<Blame>(below(3));
    failure.progress = static_cast<Progress>(below(3));
    failure.reused_connection = coin();
    failure.got_bytes = coin();
    failure.committed = below(5) == 0;
    if (coin()) failure.failure_class = static_cast<FailureClass>(below(11));
    if (coin()) failure.retry_after = milliseconds(below(20'000));
    return failure;
  }

  AttemptState state() {
    AttemptState state;
    state.attempts_on_target = 1 + below(4);
    state.attempts = state.attempts_on_target + below(6);
    state.other_target_left = coin();
    state.random = below(1'000) / 1'000.0;
    if (coin()) state.left = milliseconds(below(12'000));
    return state;
  }

  config::Retry retry() {
    config::Retry retry;
    retry.attempts_per_target = 1 + below(3);
    retry.attempts = 1 + below(8);
    retry.backoff = milliseconds(below(1'000));
    retry.backoff_max = milliseconds(below(5'000));
    retry.retry_after_max = milliseconds(below(20'000));
    return retry;
  }

 private:
  std::mt19937 random_;
};

void expect_lawful(const AttemptFailure& failure, const AttemptState& state, const config::Retry& retry) {
  const Verdict verdict = after_failure(failure, state, retry);

  if (failure.committed || failure.kind == ErrorKind::client_gone) {
    EXPECT_EQ(verdict.next, Next::stop);
  }
  if (failure.blame != Blame::upstream || failure.kind == ErrorKind::client_gone) {
    EXPECT_FALSE(verdict.blame_target);
  }
  if (verdict.next == Next::same_target) {
    EXPECT_LT(state.attempts_on_target, retry.attempts_per_target);
  }
  if (verdict.next == Next::same_target || verdict.next == Next::next_target) {
    EXPECT_LT(state.attempts, retry.attempts);
  }
  if (verdict.next != Next::stop) {
    EXPECT_LT(verdict.wait, state.left);
  }
  if (verdict.next == Next::next_target) {
    EXPECT_TRUE(state.other_target_left);
  }
  if (verdict.next == Next::fresh_connection) {
    EXPECT_TRUE(failure.reused_connection && !failure.got_bytes && !verdict.blame_target);
  }
  if (verdict.next != Next::same_target) {
    EXPECT_EQ(verdict.wait, Duration::zero());
  }
  EXPECT_GE(verdict.wait, Duration::zero());
  EXPECT_LE(verdict.wait, std::max(retry.backoff_max, retry.retry_after_max));
  EXPECT_GE(verdict.target_out, Duration::zero());
  EXPECT_LE(verdict.target_out, Duration(minutes(10)));
  EXPECT_FALSE(verdict.reason.empty());
}

TEST(RetryRules, KeepsItsLawsForRandomFacts) {
  Facts facts(7);
  for (int i = 0; i < 50'000; ++i) {
    expect_lawful(facts.failure(), facts.state(), facts.retry());
    ASSERT_FALSE(testing::Test::HasFailure()) << "at fact " << i;
  }
}

// A whole request driven by the verdicts, with whatever failures come: it ends, within its limits.
TEST(RetryRules, EveryRequestEndsWithinItsAttempts) {
  Facts facts(11);
  for (int request = 0; request < 5'000; ++request) {
    const config::Retry retry = facts.retry();
    std::uint32_t other_targets = facts.below(4);
    AttemptState state = facts.state();
    state.attempts_on_target = state.attempts = 1;
    std::uint32_t sent = 1;
    bool fresh = false;

    while (true) {
      AttemptFailure failure = facts.failure();
      failure.reused_connection = failure.reused_connection && !fresh;
      state.other_target_left = other_targets > 0;
      const Verdict verdict = after_failure(failure, state, retry);
      if (verdict.next == Next::stop) break;
      ++sent;
      fresh = verdict.next == Next::fresh_connection;
      if (fresh) continue;
      ++state.attempts;
      state.attempts_on_target = verdict.next == Next::same_target ? state.attempts_on_target + 1 : 1;
      if (verdict.next == Next::next_target) --other_targets;
    }

    ASSERT_LE(state.attempts, retry.attempts);
    ASSERT_LE(sent, 2 * retry.attempts);  // each attempt may have one uncounted connection
  }
}

}  // namespace
}  // namespace triaged::dispatch
