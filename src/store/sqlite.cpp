#include "triaged/ledger/report_builder.hpp"
#include "triaged/store/ledger_store.hpp"

#include "store/row_binder.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_schema.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace triaged::store {
namespace {

constexpr std::size_t columns = 37;
constexpr std::size_t settled_columns = 14;

constexpr const char* insert_sql =
    "INSERT OR IGNORE INTO attempts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

// All rows of every request that has one in the period; ReportBuilder says what counts. Columns that a database opened
// for reading may not have yet are given what they would hold.
std::string report_sql(std::int64_t schema_version) {
  const std::string purpose = schema_version < schema_with_purpose ? "'answer'" : "purpose";
  return "SELECT id, attempt, at, provider, model, tier, outcome, certainty, input, cached_input, cache_write_5m, "
         "cache_write_1h, audio_input, output, reasoning, audio_output, cost, " +
         purpose +
         ", complete, key, task, start_tier, baseline_cost FROM attempts "
         "WHERE id IN (SELECT id FROM attempts WHERE at >= ? AND at < ?) ORDER BY id, attempt";
}

std::int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

ledger::Outcome outcome_of(std::string_view text) {
  using ledger::Outcome;
  for (const Outcome outcome : {Outcome::answered, Outcome::escalated, Outcome::failed, Outcome::cancelled,
                                Outcome::rejected, Outcome::rescued}) {
    if (ledger::name(outcome) == text) return outcome;
  }
  return Outcome::failed;
}

chat::Certainty certainty_of(std::string_view text) {
  using chat::Certainty;
  for (const Certainty certainty : {Certainty::exact, Certainty::estimated}) {
    if (chat::name(certainty) == text) return certainty;
  }
  return Certainty::unknown;
}

void bind_amount(RowBinder& row, const std::optional<NanoDollars>& amount) {
  if (amount) {
    row.add(amount->value);
  } else {
    row.add_null();
  }
}

void bind_attempt(RowBinder& row, const ledger::Entry& entry) {
  row.add_blob(entry.id.bytes().data(), entry.id.bytes().size());
  row.add(std::int64_t{entry.attempt});
  row.add(std::int64_t{entry.at.time_since_epoch().count()});
  row.add(std::string_view(entry.provider));
  row.add(std::string_view(entry.model));
  row.add(std::string_view(entry.answered_model));
  row.add(std::string_view(entry.tier));
  row.add(ledger::name(entry.outcome));
  row.add(std::string_view(entry.error));
  row.add(std::int64_t{entry.upstream_status});
  const chat::Usage& usage = entry.usage;
  for (const std::int64_t count : {usage.input, usage.cached_input, usage.cache_write_5m, usage.cache_write_1h,
                                   usage.audio_input, usage.output, usage.reasoning, usage.audio_output}) {
    row.add(count);
  }
  row.add(chat::name(usage.certainty));
  bind_amount(row, entry.cost);
  row.add(microseconds(entry.first_content));
  row.add(microseconds(entry.duration));
}

void bind_settled(RowBinder& row, const std::optional<ledger::Settled>& settled) {
  if (!settled) {
    for (std::size_t i = 0; i < settled_columns; ++i) row.add_null();
    return;
  }
  row.add(std::string_view(settled->requested_model));
  row.add(std::string_view(settled->key));
  row.add(std::string_view(settled->task));
  row.add(settled->task_probability);
  row.add(settled->complexity);
  row.add(std::string_view(settled->tier));
  row.add(std::int64_t{settled->status});
  row.add(std::int64_t{settled->stream});
  row.add(std::int64_t{settled->complete});
  row.add(std::string_view(settled->baseline_model));
  bind_amount(row, settled->baseline_cost);
  row.add(microseconds(settled->total));
  row.add(microseconds(settled->overhead));
  row.add(std::string_view(settled->config_hash));
}

// The fields that a report needs.
ledger::Entry read_entry(const Statement& statement) {
  ledger::Entry entry;
  std::array<std::uint8_t, 16> id{};
  const std::string_view bytes = statement.blob(0);
  std::memcpy(id.data(), bytes.data(), std::min(id.size(), bytes.size()));
  entry.id = RequestId::from_bytes(id);
  entry.attempt = static_cast<std::uint32_t>(statement.number(1));
  entry.at = WallTime(WallTime::duration(statement.number(2)));
  entry.provider = statement.text(3);
  entry.model = statement.text(4);
  entry.tier = statement.text(5);
  entry.outcome = outcome_of(statement.text(6));
  entry.usage.certainty = certainty_of(statement.text(7));
  int column = 8;
  for (std::int64_t* count :
       {&entry.usage.input, &entry.usage.cached_input, &entry.usage.cache_write_5m, &entry.usage.cache_write_1h,
        &entry.usage.audio_input, &entry.usage.output, &entry.usage.reasoning, &entry.usage.audio_output}) {
    *count = statement.number(column++);
  }
  if (!statement.is_null(16)) entry.cost = NanoDollars(statement.number(16));
  entry.purpose = ledger::find_purpose(statement.text(17)).value_or(ledger::Purpose::answer);
  if (statement.is_null(18)) return entry;
  ledger::Settled& settled = entry.settled.emplace();
  settled.complete = statement.number(18) != 0;
  settled.key = statement.text(19);
  settled.task = statement.text(20);
  settled.tier = statement.text(21);
  if (!statement.is_null(22)) settled.baseline_cost = NanoDollars(statement.number(22));
  return entry;
}

class SqliteLedger final : public LedgerStore {
 public:
  // `insert` is none where nothing can be inserted: a database of an earlier version that is open for reading.
  SqliteLedger(std::unique_ptr<Database> database, std::optional<Statement> insert, Statement report)
      : database_(std::move(database)), insert_(std::move(insert)), report_(std::move(report)) {}

  Result<void> insert(const std::vector<ledger::Entry>& batch) override {
    if (auto begun = database_->run("BEGIN IMMEDIATE"); !begun) return begun;
    if (!insert_) {
      return give_up(gateway_error(ErrorKind::storage, 500,
                                   "cannot write to the ledger " + database_->path() + ": it is open for reading"));
    }
    RowBinder row(*insert_, columns);
    for (const ledger::Entry& entry : batch) {
      row.begin_row();
      bind_attempt(row, entry);
      bind_settled(row, entry.settled);
      row.add(ledger::name(entry.purpose));
      const auto done = insert_->step();
      insert_->reset();
      if (!done) return give_up(done.error());
    }
    if (auto committed = database_->run("COMMIT"); !committed) return give_up(committed.error());
    return {};
  }

  Result<ledger::Report> report(const ledger::ReportQuery& query) override {
    const bool endless = query.until == WallTime{};
    report_.bind(1, std::int64_t{query.since.time_since_epoch().count()});
    report_.bind(
        2, endless ? std::numeric_limits<std::int64_t>::max() : std::int64_t{query.until.time_since_epoch().count()});
    ledger::ReportBuilder builder(query);
    std::vector<ledger::Entry> request;
    for (;;) {
      const auto row = report_.step();
      if (!row || !*row) {
        report_.reset();
        if (!row) return row.error();
        break;
      }
      ledger::Entry entry = read_entry(report_);
      if (!request.empty() && request.front().id != entry.id) {
        builder.add(request);
        request.clear();
      }
      request.push_back(std::move(entry));
    }
    if (!request.empty()) builder.add(request);
    return builder.finish();
  }

 private:
  Error give_up(Error error) {
    static_cast<void>(database_->run("ROLLBACK"));  // SQLite may have rolled back by itself
    return error;
  }

  std::unique_ptr<Database> database_;
  std::optional<Statement> insert_;
  Statement report_;
};

Result<void> prepare_file(const std::string& path, bool read_only) {
  std::error_code code;
  if (read_only) {
    if (std::filesystem::exists(path, code)) return {};
    return gateway_error(
        ErrorKind::storage, 500,
        "there is no ledger at " + path + ": nothing has been recorded yet, or ledger.path is another");
  }
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, code);
  if (!code) return {};
  return gateway_error(ErrorKind::storage, 500,
                       "cannot create the directory of the ledger " + path + ": " + code.message());
}

}  // namespace

Result<std::unique_ptr<LedgerStore>> open_sqlite(const std::string& path, bool read_only) {
  if (auto ready = prepare_file(path, read_only); !ready) return ready.error();
  auto opened = Database::open(path, read_only);
  if (!opened) return opened.error();
  std::unique_ptr<Database> database = std::move(*opened);
  const Result<std::int64_t> version = prepare_schema(*database, read_only);
  if (!version) return version.error();
  if (!read_only) {
    // A commit outlives the process without waiting for the disk; a power cut can undo the last ones, as it can the
    // journal. Rows come in the order of their keys, so that writing needs the ends of the trees in memory, not all.
    if (auto set = database->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -512;");
        !set) {
      return set.error();
    }
  }
  std::optional<Statement> insert;
  if (*version == schema_version) {
    auto prepared = database->prepare(insert_sql);
    if (!prepared) return prepared.error();
    insert = std::move(*prepared);
  }
  auto report = database->prepare(report_sql(*version).c_str());
  if (!report) return report.error();
  return std::unique_ptr<LedgerStore>(
      std::make_unique<SqliteLedger>(std::move(database), std::move(insert), std::move(*report)));
}

}  // namespace triaged::store
