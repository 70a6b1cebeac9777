#include "triaged/ledger/report_builder.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace triaged::ledger {
namespace {

std::string or_none(std::string_view name) { return std::string(name.empty() ? "(none)" : name); }

std::string model_name(const Entry& row) {
  if (row.provider.empty()) return or_none(row.model);
  return row.provider + "/" + row.model;
}

std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

std::string day_name(WallTime at) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  return padded(static_cast<int>(day.year()), 4) + "-" + padded(static_cast<unsigned>(day.month()), 2) + "-" +
         padded(static_cast<unsigned>(day.day()), 2);
}

void add_usage(chat::Usage& sum, const chat::Usage& usage) {
  sum.input += usage.input;
  sum.cached_input += usage.cached_input;
  sum.cache_write_5m += usage.cache_write_5m;
  sum.cache_write_1h += usage.cache_write_1h;
  sum.audio_input += usage.audio_input;
  sum.output += usage.output;
  sum.reasoning += usage.reasoning;
  sum.audio_output += usage.audio_output;
  sum.certainty = std::max(sum.certainty, usage.certainty);  // in the order exact, estimated, unknown
}

void add_row(ReportRow& sum, const ReportRow& row) {
  sum.requests += row.requests;
  sum.answered += row.answered;
  sum.failed += row.failed;
  sum.cancelled += row.cancelled;
  sum.attempts += row.attempts;
  sum.side_calls += row.side_calls;
  sum.escalated += row.escalated;
  sum.failed_over += row.failed_over;
  add_usage(sum.usage, row.usage);
  sum.cost += row.cost;
  sum.side_cost += row.side_cost;
  sum.cost_unknown += row.cost_unknown;
  sum.baseline += row.baseline;
  sum.saved += row.saved;
  sum.saved_unknown += row.saved_unknown;
}

ReportRow empty_row(std::string name) {
  ReportRow row;
  row.name = std::move(name);
  row.usage.certainty = chat::Certainty::exact;  // nothing is exactly nothing
  return row;
}

// A request that was rejected, or whose client left before anything was sent, has a row without an attempt.
bool is_attempt(const Entry& row) {
  return row.outcome != Outcome::rejected && !(row.outcome == Outcome::cancelled && row.model.empty());
}

bool is_side_call(const Entry& row) { return row.purpose != Purpose::answer; }

const Entry* settling_row(const std::vector<Entry>& request) {
  for (const Entry& row : request) {
    if (row.settled) return &row;
  }
  return nullptr;
}

bool any(const std::vector<Entry>& request, Outcome outcome) {
  return std::any_of(request.begin(), request.end(),
                     [&](const Entry& row) { return row.outcome == outcome && !is_side_call(row); });
}

// The row whose answer the client got. When an escalation failed, that may be the answer first thought not good enough.
const Entry& answering_row(const std::vector<Entry>& request, const Entry& settling) {
  const Entry* found = nullptr;
  for (const Entry& row : request) {
    if (is_side_call(row)) continue;
    if (row.outcome == Outcome::answered) return row;
    if (row.outcome == Outcome::escalated && (found == nullptr || row.attempt > found->attempt)) found = &row;
  }
  return settling.settled->complete && found != nullptr ? *found : settling;
}

std::optional<NanoDollars> cost_of_request(const std::vector<Entry>& request) {
  NanoDollars sum;
  for (const Entry& row : request) {
    if (!is_attempt(row)) continue;
    if (!row.cost) return std::nullopt;
    sum += *row.cost;
  }
  return sum;
}

}  // namespace

ReportBuilder::ReportBuilder(const ReportQuery& query) : query_(query) {}

bool ReportBuilder::in_period(WallTime at) const {
  return at >= query_.since && (query_.until == WallTime{} || at < query_.until);
}

std::string ReportBuilder::group_of(const Entry& row, const Entry* settling) const {
  switch (query_.by) {
    case ReportBy::tier: {
      if (row.tier.empty() && row.settled) return or_none(row.settled->tier);
      return or_none(row.tier);
    }
    case ReportBy::model: return model_name(row);
    case ReportBy::day: return day_name(row.at);
    case ReportBy::task:
    case ReportBy::key: break;
  }
  if (settling == nullptr) return "(unsettled)";
  return or_none(query_.by == ReportBy::task ? settling->settled->task : settling->settled->key);
}

ReportRow& ReportBuilder::row(const std::string& name) {
  return rows_.try_emplace(name, empty_row(name)).first->second;
}

void ReportBuilder::add(const std::vector<Entry>& request) {
  const Entry* settling = settling_row(request);
  for (const Entry& entry : request) {
    if (is_attempt(entry) && in_period(entry.at)) add_attempt(entry, settling);
  }
  if (settling != nullptr && in_period(settling->at)) add_request(request, *settling);
}

void ReportBuilder::add_attempt(const Entry& attempt, const Entry* settling) {
  ReportRow& sum = row(group_of(attempt, settling));
  const bool aside = is_side_call(attempt);
  ++(aside ? sum.side_calls : sum.attempts);
  add_usage(sum.usage, attempt.usage);
  if (attempt.cost) {
    sum.cost += *attempt.cost;
    if (aside) sum.side_cost += *attempt.cost;
  } else {
    ++sum.cost_unknown;
  }
}

void ReportBuilder::add_request(const std::vector<Entry>& request, const Entry& settling) {
  const Entry& place = query_.by == ReportBy::day ? settling : answering_row(request, settling);
  ReportRow& sum = row(group_of(place, &settling));
  ++sum.requests;
  if (!settling.settled->complete) {
    ++(settling.outcome == Outcome::cancelled ? sum.cancelled : sum.failed);
    return;
  }
  ++sum.answered;
  if (any(request, Outcome::escalated)) ++sum.escalated;
  if (any(request, Outcome::failed) || any(request, Outcome::rescued)) ++sum.failed_over;

  const auto cost = cost_of_request(request);
  const auto& baseline = settling.settled->baseline_cost;
  if (!cost || !baseline) {
    ++sum.saved_unknown;
    return;
  }
  sum.baseline += *baseline;
  sum.saved += *baseline - *cost;
}

Report ReportBuilder::finish() {
  Report report;
  report.query = query_;
  report.total = empty_row("total");
  for (auto& [name, row] : rows_) {
    add_row(report.total, row);
    report.rows.push_back(std::move(row));
  }
  rows_.clear();
  const bool by_day = query_.by == ReportBy::day;
  std::sort(report.rows.begin(), report.rows.end(), [&](const ReportRow& a, const ReportRow& b) {
    if (!by_day && a.cost != b.cost) return a.cost > b.cost;
    return a.name < b.name;
  });
  return report;
}

}  // namespace triaged::ledger
