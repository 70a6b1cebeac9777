#include "triaged/dispatch/retry_rules.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::dispatch {
namespace {

using provider::FailureClass;

// A refused key or an empty account is mended by a person, not by waiting: asking once a minute notices the mending
// soon enough and spares every other request a lost attempt.
constexpr Duration refused_key_out = std::chrono::seconds(60);

// A Retry-After beyond this is not believed to the letter: one probe in ten minutes hurts no provider, whereas a wrong
// header would take the target out until a restart.
constexpr Duration longest_out = std::chrono::minutes(10);

// Where a request may go after a failure of some sort.
enum class Again : std::uint8_t {
  nowhere,    // sending it again would not help, or is not ours to decide
  elsewhere,  // another target only
  anywhere,   // another target at once; if none is left the same one after a wait
};

struct Rule {
  Again again = Again::nowhere;
  bool blames = false;  // says something bad about the target's health
  std::string_view reason;
};

Rule rule_of(FailureClass failure_class) {
  switch (failure_class) {
    // A provider that says "slower" is healthy: it gets its pause, not a mark.
    case FailureClass::rate_limited: return {Again::anywhere, false, "rate limited"};
    case FailureClass::quota: return {Again::elsewhere, false, "key out of quota"};
    case FailureClass::auth: return {Again::elsewhere, false, "key refused"};
    case FailureClass::overloaded: return {Again::anywhere, true, "provider overloaded"};
    case FailureClass::server_error: return {Again::anywhere, true, "provider error"};
    case FailureClass::timeout: return {Again::anywhere, true, "provider timed out"};
    case FailureClass::conflict: return {Again::anywhere, false, "conflict at provider"};
    case FailureClass::context_length: return {Again::elsewhere, false, "prompt exceeds context window"};
    case FailureClass::content_policy: return {Again::nowhere, false, "refused by content policy"};
    case FailureClass::model_missing: return {Again::elsewhere, false, "model missing at provider"};
    case FailureClass::bad_request: return {Again::nowhere, false, "provider refused request"};
  }
  return {Again::nowhere, false, "unknown failure"};
}

Rule rule_of(ErrorKind kind, Progress progress) {
  const bool nothing_sent = progress == Progress::nothing_sent;
  switch (kind) {
    case ErrorKind::dns:
    case ErrorKind::connect:
    case ErrorKind::tls:
    case ErrorKind::connect_timeout: return {Again::anywhere, true, "connection not made"};
    case ErrorKind::reset: return {Again::anywhere, true, "connection lost"};
    case ErrorKind::protocol: return {Again::anywhere, true, "answer not understood"};
    case ErrorKind::truncated: return {Again::anywhere, true, "answer cut short"};
    case ErrorKind::upstream_status:
    case ErrorKind::stream_error: return {Again::anywhere, true, "provider error"};
    // The request went out and may be billed, and whoever was silent once would be waited for a second time.
    case ErrorKind::head_timeout:
    case ErrorKind::first_content_timeout:
    case ErrorKind::idle_timeout:
    case ErrorKind::total_timeout:
    case ErrorKind::too_slow: return {nothing_sent ? Again::anywhere : Again::elsewhere, true, "no answer in time"};
    // The target did its work; what is wanted is a better one.
    case ErrorKind::poor_answer: return {Again::elsewhere, false, "answer not good enough"};
    case ErrorKind::unsupported: return {Again::elsewhere, false, "cannot be asked for what is wanted"};
    // No room for this target within our own limits; others may have some.
    case ErrorKind::overloaded: return {nothing_sent ? Again::elsewhere : Again::nowhere, false, "gateway overloaded"};
    case ErrorKind::client_gone: return {Again::nowhere, false, "client left"};
    case ErrorKind::invalid_request:
    case ErrorKind::unauthorized:
    case ErrorKind::forbidden:
    case ErrorKind::not_found:
    case ErrorKind::method_not_allowed:
    case ErrorKind::too_large:
    case ErrorKind::head_too_large:
    case ErrorKind::unsupported_media_type:
    case ErrorKind::request_timeout: return {Again::nowhere, false, "client error"};
    case ErrorKind::draining:
    case ErrorKind::no_target:
    case ErrorKind::storage:
    case ErrorKind::internal: return {Again::nowhere, false, "gateway error"};
  }
  return {Again::nowhere, false, "unknown failure"};
}

bool spoken_by_provider(ErrorKind kind) {
  return kind == ErrorKind::upstream_status || kind == ErrorKind::stream_error;
}

// What the provider itself said the failure was, if it said so.
std::optional<FailureClass> stated_class(const AttemptFailure& failure) {
  return spoken_by_provider(failure.kind) ? failure.failure_class : std::nullopt;
}

Rule rule_of(const AttemptFailure& failure) {
  const auto stated = stated_class(failure);
  Rule rule = stated ? rule_of(*stated) : rule_of(failure.kind, failure.progress);
  // The provider's own words count for more than who is blamed: a prompt too long for one window is the client's doing
  // and still fits another target.
  if (failure.blame == Blame::client && !stated) rule.again = Again::nowhere;
  rule.blames = rule.blames && failure.blame == Blame::upstream;
  return rule;
}

// The Retry-After of a rate limit; a day at most, so that no arithmetic on it overflows.
std::optional<Duration> asked_pause(const AttemptFailure& failure) {
  if (stated_class(failure) != FailureClass::rate_limited || !failure.retry_after) return std::nullopt;
  constexpr std::chrono::milliseconds none{0};
  constexpr std::chrono::milliseconds day = std::chrono::hours(24);
  return std::clamp(*failure.retry_after, none, day);
}

// An idle connection was closed in the moment we wrote to it: this says nothing about the target or the request. Unless
// the target does so with new connections too: then it is no accident.
bool closed_while_idle(const AttemptFailure& failure, const AttemptState& state) {
  return failure.kind == ErrorKind::reset && failure.reused_connection && !failure.got_bytes && !state.resets_fresh;
}

// The provider said no to the key, not to the request.
bool concerns_key(const AttemptFailure& failure) {
  const auto stated = stated_class(failure);
  return stated == FailureClass::rate_limited || stated == FailureClass::quota || stated == FailureClass::auth;
}

struct Step {
  Next next = Next::stop;
  Duration wait{0};
  std::string_view reason;
};

Step step_on_same_target(const Rule& rule, std::optional<Duration> pause, const AttemptState& state,
                         const config::Retry& retry) {
  if (rule.again != Again::anywhere) return {Next::stop, {}, rule.reason};
  if (state.attempts_on_target >= retry.attempts_per_target) return {Next::stop, {}, "attempts on target used up"};
  if (!state.budget_left) return {Next::stop, {}, "retry budget used up"};
  if (pause && *pause > retry.retry_after_max) return {Next::stop, {}, "asked to wait too long"};

  const Duration wait = pause ? *pause : backoff(state.attempts_on_target, state.random, retry);
  if (wait >= state.left) return {Next::stop, {}, "no time left"};
  return {Next::same_target, wait, rule.reason};
}

Step step_after(const AttemptFailure& failure, const Rule& rule, const AttemptState& state,
                const config::Retry& retry) {
  if (failure.committed && failure.kind != ErrorKind::client_gone) return {Next::stop, {}, "content already sent"};
  if (rule.again == Again::nowhere) return {Next::stop, {}, rule.reason};
  if (state.left <= Duration::zero()) return {Next::stop, {}, "no time left"};
  if (closed_while_idle(failure, state)) return {Next::fresh_connection, {}, "idle connection was closed"};
  if (state.attempts >= retry.attempts) return {Next::stop, {}, "attempts used up"};
  if (concerns_key(failure) && state.other_key_left && state.budget_left)
    return {Next::same_target, Duration::zero(), "another key"};
  if (state.other_target_left) return {Next::next_target, {}, rule.reason};
  return step_on_same_target(rule, asked_pause(failure), state, retry);
}

// How long everyone keeps away from the key.
Duration pause_of_key(const AttemptFailure& failure, const AttemptState& state, const config::Retry& retry) {
  if (!concerns_key(failure)) return Duration::zero();
  if (stated_class(failure) != FailureClass::rate_limited) return refused_key_out;
  const auto pause = asked_pause(failure);
  return pause ? std::min(*pause, longest_out) : backoff(state.attempts_on_target, state.random, retry);
}

}  // namespace

std::string_view name(Next next) {
  switch (next) {
    case Next::fresh_connection: return "fresh_connection";
    case Next::same_target: return "same_target";
    case Next::next_target: return "next_target";
    case Next::stop: return "stop";
  }
  return "stop";
}

Verdict after_failure(const AttemptFailure& failure, const AttemptState& state, const config::Retry& retry) {
  const Rule rule = rule_of(failure);
  const Step step = step_after(failure, rule, state, retry);

  Verdict verdict;
  verdict.next = step.next;
  verdict.wait = step.wait;
  verdict.blame_target = rule.blames && step.next != Next::fresh_connection;
  verdict.key_out = pause_of_key(failure, state, retry);
  // Not while this very request waits for the target: the pause is kept by waiting.
  const bool waits = stated_class(failure) == FailureClass::rate_limited && step.next == Next::same_target;
  if (!state.other_key_left && !waits) verdict.target_out = verdict.key_out;
  verdict.reason = step.reason;
  return verdict;
}

Duration backoff(std::uint32_t attempt, double random, const config::Retry& retry) {
  // In floating point: doubling cannot overflow there, and the ceiling bounds the way back.
  const int doublings = static_cast<int>(std::min(attempt, 64U)) - 1;
  const double grown = std::ldexp(static_cast<double>(retry.backoff.count()), std::max(doublings, 0));
  const double ceiling = std::max(std::min(grown, static_cast<double>(retry.backoff_max.count())), 0.0);
  const double share = random > 0 ? std::min(random, 1.0) : 0.0;
  return Duration(static_cast<Duration::rep>(share * ceiling));
}

}  // namespace triaged::dispatch
