// What was spent and saved. Definitions: `cost` is the sum over all attempts, side calls included; `baseline` what the
// baseline model would have cost for the answered requests; `saved` = baseline - cost over requests where both are
// known, signed; the escalation rate is the share of answered requests that needed a stronger tier than the plan's (an
// attempt was judged not good enough), the failover rate the share in which an attempt failed and another answered.
//
// Where a request of several attempts counts. An attempt (attempts, usage, cost, cost_unknown) counts in the period and
// on the day in which it ended, and by tier or model where it was made. The request (requests to failed_over without
// attempts; baseline, saved, saved_unknown) counts when it was settled, and by tier or model where its answer came
// from, or else at its settling row. Side calls count like attempts, under numbers of their own. By task and key both
// follow the request; attempts that no row has settled (yet) are "(unsettled)". So every attempt and every request
// counts in exactly one row, and the rows sum to the total. `saved` of a request takes all its attempts into account,
// wherever they count; so per row saved + cost need not be baseline.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/money.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace triaged::ledger {

enum class ReportBy : std::uint8_t { tier, model, task, key, day };

struct ReportQuery {
  WallTime since{};
  WallTime until{};  // not included; zero: no end
  ReportBy by = ReportBy::tier;
};

struct ReportRow {
  std::string name;  // of the group, "(none)" where it has no name; "total" for the sum
  std::int64_t requests = 0;
  std::int64_t answered = 0;  // the client got the whole answer
  std::int64_t failed = 0;    // the client got an error, or an answer that broke off
  std::int64_t cancelled = 0;
  std::int64_t attempts = 0;  // to answer
  std::int64_t side_calls = 0;
  std::int64_t escalated = 0;
  std::int64_t failed_over = 0;
  chat::Usage usage;              // sums; as certain as the least certain attempt
  NanoDollars cost;               // of attempts and side calls with a known cost
  NanoDollars side_cost;          // of the side calls among them
  std::int64_t cost_unknown = 0;  // attempts and side calls whose cost is not known
  NanoDollars baseline;           // of requests with both known
  NanoDollars saved;
  std::int64_t saved_unknown = 0;  // answered requests left out of baseline and saved
};

struct Report {
  ReportQuery query;
  std::vector<ReportRow> rows;  // dearest first; days in order
  ReportRow total;
};

std::string report_text(const Report& report);  // a table for a terminal
std::string report_json(const Report& report);

}  // namespace triaged::ledger
