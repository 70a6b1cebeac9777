#include "triaged/ledger/report.hpp"

#include "ledger/report_rates.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace triaged::ledger {
namespace {

constexpr std::size_t widest_name = 48;
constexpr std::size_t column_count = 13;
using Cells = std::array<std::string, column_count>;

// All amounts of a table in one precision: cents where there are many dollars, down to millionths where there are few.
class Dollars {
 public:
  explicit Dollars(const Report& report) {
    const std::int64_t largest = std::max(report.total.cost.value, report.total.baseline.value);
    constexpr std::int64_t dollar = 1'000'000'000;
    if (largest >= 100 * dollar) {
      decimals_ = 2;
    } else if (largest >= dollar) {
      decimals_ = 4;
    }
  }

  std::string text(NanoDollars amount) const {
    std::int64_t unit = 1;
    for (int i = decimals_; i < 9; ++i) unit *= 10;
    std::string digits = decimal(divided(amount.value, unit), decimals_);
    digits.insert(digits.front() == '-' ? 1 : 0, "$");
    return digits;
  }

 private:
  int decimals_ = 6;
};

std::string percent(std::int64_t part, std::int64_t whole) {
  const auto rate = share(part, whole, 1'000);
  return rate ? decimal(*rate, 1) + "%" : "-";
}

// Bytes that start a character: the width of what is mostly ASCII.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Names come from clients and configurations: nothing in them may move the cursor, and none may break the table.
std::string printable(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (width(out) >= widest_name && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      out += "...";
      break;
    }
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return out;
}

Cells cells_of(const ReportRow& row, const Dollars& dollars) {
  return {printable(row.name),
          std::to_string(row.requests),
          std::to_string(row.answered),
          std::to_string(row.failed),
          std::to_string(row.cancelled),
          std::to_string(row.attempts),
          std::to_string(row.usage.total_input()),
          std::to_string(row.usage.total_output()),
          dollars.text(row.cost),
          dollars.text(row.saved),
          percent(row.saved.value, row.baseline.value),
          percent(row.escalated, row.answered),
          percent(row.failed_over, row.answered)};
}

std::string_view heading(ReportBy by) {
  switch (by) {
    case ReportBy::tier: return "tier";
    case ReportBy::model: return "model";
    case ReportBy::task: return "task";
    case ReportBy::key: return "key";
    case ReportBy::day: return "day (UTC)";
  }
  return "";
}

void append_line(std::string& out, const Cells& cells, const std::array<std::size_t, column_count>& widths) {
  for (std::size_t i = 0; i < column_count; ++i) {
    const std::string padding(widths[i] - width(cells[i]), ' ');
    if (i == 0) {
      out += cells[i] + padding;
    } else {
      out += "  " + padding + cells[i];
    }
  }
  out += '\n';
}

void append_notes(std::string& out, const ReportRow& total, const Dollars& dollars) {
  if (total.side_calls > 0) {
    out += "The cost holds " + dollars.text(total.side_cost) + " of " + std::to_string(total.side_calls) +
           (total.side_calls == 1 ? " side call" : " side calls") + " (the LLM classifier).\n";
  }
  if (total.cost_unknown > 0) {
    out += std::to_string(total.cost_unknown) + (total.cost_unknown == 1 ? " attempt has" : " attempts have") +
           " an unknown cost, not in the sum: the real cost is higher.\n";
  }
  if (total.saved_unknown > 0) {
    out += std::to_string(total.saved_unknown) + " of " + std::to_string(total.answered) +
           " answered requests are not in `saved`: their cost or that of the baseline is not known.\n";
  }
  if (total.usage.certainty == chat::Certainty::estimated) out += "Some token counts are estimated.\n";
  if (total.usage.certainty == chat::Certainty::unknown) out += "Some token counts are not known.\n";
}

}  // namespace

std::string report_text(const Report& report) {
  const Dollars dollars(report);
  std::vector<Cells> lines;
  lines.push_back({std::string(heading(report.query.by)), "requests", "answered", "failed", "cancelled", "attempts",
                   "tokens in", "tokens out", "cost", "saved", "saved %", "escalated", "failed over"});
  for (const ReportRow& row : report.rows) lines.push_back(cells_of(row, dollars));
  lines.push_back(cells_of(report.total, dollars));

  std::array<std::size_t, column_count> widths{};
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < column_count; ++i) widths[i] = std::max(widths[i], width(cells[i]));
  }
  std::size_t whole = 2 * (column_count - 1);
  for (const std::size_t column : widths) whole += column;

  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == 1 || i + 1 == lines.size()) out += std::string(whole, '-') + "\n";
    append_line(out, lines[i], widths);
  }
  append_notes(out, report.total, dollars);
  return out;
}

}  // namespace triaged::ledger
