// Entries for tests.
#pragma once

#include "triaged/ledger/entry.hpp"

#include <string>

namespace triaged::ledger {

// One attempt of request number `request`; every field of it is told apart from its default.
inline Entry sample_entry(std::uint64_t request, std::uint32_t attempt = 0) {
  Entry entry;
  entry.id = RequestId::make(WallTime(std::chrono::milliseconds(1'700'000'000'000)), request, request);
  entry.attempt = attempt;
  entry.at = WallTime(std::chrono::milliseconds(1'700'000'000'123));
  entry.provider = "openai";
  entry.model = "gpt-4o-mini";
  entry.answered_model = "gpt-4o-mini-2024-07-18";
  entry.tier = "light";
  entry.outcome = Outcome::answered;
  entry.upstream_status = 200;
  entry.usage.input = 1'200;
  entry.usage.cached_input = 1'024;
  entry.usage.output = 300;
  entry.usage.reasoning = 7;
  entry.usage.certainty = chat::Certainty::exact;
  entry.cost = NanoDollars(441'000);
  entry.first_content = std::chrono::milliseconds(210);
  entry.duration = std::chrono::milliseconds(1'900);
  return entry;
}

inline Settled sample_settled() {
  Settled settled;
  settled.requested_model = "gpt-4o";
  settled.key = "team-a";
  settled.task = "summarize";
  settled.task_probability = 0.875;
  settled.complexity = 0.25;
  settled.tier = "light";
  settled.status = 200;
  settled.stream = true;
  settled.complete = true;
  settled.baseline_model = "openai/gpt-4o";
  settled.baseline_cost = NanoDollars(7'350'000);
  settled.total = std::chrono::milliseconds(1'950);
  settled.overhead = std::chrono::microseconds(180);
  settled.config_hash = "0123abcd";
  return settled;
}

inline Entry settled_entry(std::uint64_t request, std::uint32_t attempt = 0) {
  Entry entry = sample_entry(request, attempt);
  entry.settled = sample_settled();
  return entry;
}

}  // namespace triaged::ledger
