#include "dispatch/pass_rules.hpp"

namespace triaged::dispatch {

Verdict after_pass_failure(const AttemptFailure& failure, const PassState& state, const config::Retry& retry) {
  AttemptState where;
  where.attempts_on_target = state.attempts;
  where.attempts = state.attempts;
  where.random = state.random;
  Verdict verdict = after_failure(failure, where, retry);
  const auto stop = [&verdict](std::string_view reason) {
    verdict.next = Next::stop;
    verdict.reason = reason;
  };
  if (verdict.next == Next::stop) return verdict;
  if (failure.progress == Progress::response_started) {
    stop("answer already begun");
  } else if (!state.at_hand) {
    stop("body already sent");
  } else if (verdict.next != Next::fresh_connection && failure.progress != Progress::nothing_sent &&
             state.method != "GET") {
    stop("may have been carried out");
  }
  return verdict;
}

std::optional<NanoDollars> pass_cost(std::string_view method, Progress progress, int upstream_status) {
  const bool refused = upstream_status >= 400;
  if (progress == Progress::nothing_sent || refused || method != "POST") return NanoDollars(0);
  return std::nullopt;
}

}  // namespace triaged::dispatch
