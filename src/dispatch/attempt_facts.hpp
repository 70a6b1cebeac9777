// What an attempt leaves: for the retry rules to judge, for the books to record.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/dispatch/retry_rules.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/quality/checks.hpp"
#include "triaged/upstream/exchange.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace triaged::dispatch {

struct AttemptFacts {
  TimePoint started{};
  AttemptFailure failure;
  std::optional<Error> error;                     // empty: it answered
  std::optional<provider::Failure> said;          // the provider's own words
  std::optional<UpstreamAnswer> upstream_answer;  // its error answer as it came
  std::optional<quality::Finding> finding;        // why its answer is not good enough (poor_answer) ...
  std::string poor_text;                          // ... and what it said, as far as it came
  std::vector<std::string> dropped;               // of the request, because the target cannot be told
  std::string answered_model;
  std::optional<chat::Usage> usage;
  std::uint64_t characters = 0;
  Duration first_content{0};
};

// `exchange` is null where none came about; `said` is empty where the provider said nothing of its own.
inline void note_failure(AttemptFailure& failure, const Error& error, const upstream::Exchange* exchange,
                         const std::optional<provider::Failure>& said) {
  failure.kind = error.kind;
  failure.blame = error.blame;
  if (exchange != nullptr) {
    failure.progress = exchange->progress();
    failure.reused_connection = exchange->reused();
    failure.got_bytes = exchange->got_bytes();
  }
  if (said) {
    failure.failure_class = said->failure_class;
    failure.retry_after = said->retry_after;
  }
}

}  // namespace triaged::dispatch
