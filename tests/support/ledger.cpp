#include "support/ledger.hpp"

#include "triaged/base/ids.hpp"

#include "store/sqlite_database.hpp"
#include "support/signal.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace triaged::test {
namespace {

constexpr const char* all_rows =
    "SELECT id, attempt, purpose, provider, model, answered_model, tier, outcome, error, upstream_status, input, "
    "cached_input, "
    "output, reasoning, certainty, cost, status, requested_model, key, start_tier, stream, complete, baseline_model, "
    "baseline_cost FROM attempts ORDER BY id, attempt";

std::string id_text(std::string_view blob) {
  std::array<std::uint8_t, 16> bytes{};
  if (blob.size() != bytes.size()) throw std::runtime_error("an id in the ledger has the wrong size");
  std::memcpy(bytes.data(), blob.data(), bytes.size());
  return RequestId::from_bytes(bytes).text();
}

std::optional<std::int64_t> amount(const store::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.number(column);
}

LedgerRow read(const store::Statement& row) {
  LedgerRow out;
  int column = 0;
  out.id = id_text(row.blob(column++));
  out.attempt = row.number(column++);
  for (std::string* text :
       {&out.purpose, &out.provider, &out.model, &out.answered_model, &out.tier, &out.outcome, &out.error}) {
    *text = row.text(column++);
  }
  for (std::int64_t* number : {&out.upstream_status, &out.input, &out.cached_input, &out.output, &out.reasoning}) {
    *number = row.number(column++);
  }
  out.certainty = row.text(column++);
  out.cost = amount(row, column++);
  out.settled = !row.is_null(column);
  if (!out.settled) return out;
  out.status = row.number(column++);
  for (std::string* text : {&out.requested_model, &out.key, &out.start_tier}) *text = row.text(column++);
  out.stream = row.number(column++) != 0;
  out.complete = row.number(column++) != 0;
  out.baseline_model = row.text(column++);
  out.baseline_cost = amount(row, column);
  return out;
}

}  // namespace

Ledger::Ledger(const std::string& path) {
  Result<std::unique_ptr<store::Database>> database = store::Database::open(path, true);
  if (!database) throw std::runtime_error(database.error().detail);
  database_ = std::move(*database);
}

Ledger::~Ledger() = default;

std::vector<LedgerRow> Ledger::all() {
  Result<store::Statement> statement = database_->prepare(all_rows);
  if (!statement) throw std::runtime_error(statement.error().detail);
  std::vector<LedgerRow> rows;
  while (true) {
    const Result<bool> row = statement->step();
    if (!row) throw std::runtime_error(row.error().detail);
    if (!*row) return rows;
    rows.push_back(read(*statement));
  }
}

std::vector<LedgerRow> Ledger::of(const std::string& id) {
  std::vector<LedgerRow> rows;
  const bool there = eventually([&] {
    rows = all();
    std::erase_if(rows, [&id](const LedgerRow& row) { return row.id != id; });
    return !rows.empty() && rows.back().settled;
  });
  if (!there) throw std::runtime_error("the ledger has no settled request " + id);
  return rows;
}

std::vector<LedgerRow> Ledger::settled(std::size_t count) {
  std::vector<LedgerRow> rows;
  const bool there = eventually([&] {
    rows = all();
    std::erase_if(rows, [](const LedgerRow& row) { return !row.settled; });
    return rows.size() >= count;
  });
  if (!there) throw std::runtime_error("the ledger has fewer settled requests than " + std::to_string(count));
  return rows;
}

}  // namespace triaged::test
