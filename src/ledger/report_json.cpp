#include "triaged/base/text.hpp"
#include "triaged/ledger/report.hpp"

#include "ledger/report_rates.hpp"

#include <chrono>
#include <string_view>

namespace triaged::ledger {
namespace {

// Written by hand rather than through a JSON library: amounts stay exact decimals, and keys in the order of the struct.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  ~Object() { out_ += '}'; }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void number(std::string_view name, std::int64_t value) { key(name) += std::to_string(value); }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void money(std::string_view name, NanoDollars amount) { key(name) += format_dollars(amount); }
  // In ten-thousandths, as 0.1234; null where there is nothing to take a share of.
  void rate(std::string_view name, std::int64_t part, std::int64_t whole) {
    const auto rate = share(part, whole, 10'000);
    key(name) += rate ? decimal(*rate, 4) : "null";
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_usage(std::string& out, const chat::Usage& usage) {
  Object object(out);
  object.number("input", usage.input);
  object.number("cached_input", usage.cached_input);
  object.number("cache_write_5m", usage.cache_write_5m);
  object.number("cache_write_1h", usage.cache_write_1h);
  object.number("audio_input", usage.audio_input);
  object.number("output", usage.output);
  object.number("reasoning", usage.reasoning);
  object.number("audio_output", usage.audio_output);
  object.text("certainty", name(usage.certainty));
}

void append_row(std::string& out, const ReportRow& row) {
  Object object(out);
  object.text("name", row.name);
  object.number("requests", row.requests);
  object.number("answered", row.answered);
  object.number("failed", row.failed);
  object.number("cancelled", row.cancelled);
  object.number("attempts", row.attempts);
  object.number("side_calls", row.side_calls);
  object.number("escalated", row.escalated);
  object.number("failed_over", row.failed_over);
  append_usage(object.key("usage"), row.usage);
  object.money("cost_usd", row.cost);
  object.money("side_cost_usd", row.side_cost);
  object.number("cost_unknown", row.cost_unknown);
  object.money("baseline_usd", row.baseline);
  object.money("saved_usd", row.saved);
  object.number("saved_unknown", row.saved_unknown);
  object.rate("saved_share", row.saved.value, row.baseline.value);
  object.rate("escalation_rate", row.escalated, row.answered);
  object.rate("failover_rate", row.failed_over, row.answered);
}

std::string_view name(ReportBy by) {
  switch (by) {
    case ReportBy::tier: return "tier";
    case ReportBy::model: return "model";
    case ReportBy::task: return "task";
    case ReportBy::key: return "key";
    case ReportBy::day: return "day";
  }
  return "tier";
}

}  // namespace

std::string report_json(const Report& report) {
  std::string out;
  {
    Object object(out);
    object.text("by", name(report.query.by));
    object.number("since_ms", report.query.since.time_since_epoch().count());
    if (report.query.until == WallTime{}) {
      object.key("until_ms") += "null";
    } else {
      object.number("until_ms", report.query.until.time_since_epoch().count());
    }
    std::string& list = object.key("rows");
    list += '[';
    for (std::size_t i = 0; i < report.rows.size(); ++i) {
      if (i > 0) list += ',';
      append_row(list, report.rows[i]);
    }
    list += ']';
    append_row(object.key("total"), report.total);
  }
  return out;
}

}  // namespace triaged::ledger
