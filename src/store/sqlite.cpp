#include "triaged/ledger/report_builder.hpp"
#include "triaged/store/ledger_store.hpp"

#include "store/sqlite_database.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

namespace triaged::store {
namespace {

constexpr std::int64_t schema_version = 1;

// One row per attempt. The columns from `requested_model` on are those of the request as a whole: NULL but on the row
// that settles it. Times are milliseconds since 1970 (UTC), durations microseconds, amounts nano-dollars (NULL: not
// known).
constexpr const char* schema = R"sql(
CREATE TABLE attempts (
  id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  answered_model TEXT NOT NULL,
  tier TEXT NOT NULL,
  outcome TEXT NOT NULL,
  error TEXT NOT NULL,
  upstream_status INTEGER NOT NULL,
  input INTEGER NOT NULL,
  cached_input INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  audio_input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  audio_output INTEGER NOT NULL,
  certainty TEXT NOT NULL,
  cost INTEGER,
  first_content_us INTEGER NOT NULL,
  duration_us INTEGER NOT NULL,
  requested_model TEXT,
  key TEXT,
  task TEXT,
  task_probability REAL,
  complexity REAL,
  start_tier TEXT,
  status INTEGER,
  stream INTEGER,
  complete INTEGER,
  baseline_model TEXT,
  baseline_cost INTEGER,
  total_us INTEGER,
  overhead_us INTEGER,
  config_hash TEXT,
  PRIMARY KEY (id, attempt)
) WITHOUT ROWID;
CREATE INDEX attempts_at ON attempts (at);
PRAGMA user_version = 1;
)sql";

constexpr int first_settled_column = 23;
constexpr int column_count = 36;

constexpr const char* insert_sql =
    "INSERT OR IGNORE INTO attempts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

// All rows of every request that has one in the period; ReportBuilder says what counts.
constexpr const char* report_sql = R"sql(
SELECT id, attempt, at, provider, model, tier, outcome, certainty,
       input, cached_input, cache_write_5m, cache_write_1h, audio_input, output, reasoning, audio_output,
       cost, complete, key, task, start_tier, baseline_cost
FROM attempts
WHERE id IN (SELECT id FROM attempts WHERE at >= ? AND at < ?)
ORDER BY id, attempt
)sql";

std::int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

ledger::Outcome outcome_of(std::string_view text) {
  using ledger::Outcome;
  for (const Outcome outcome :
       {Outcome::answered, Outcome::escalated, Outcome::failed, Outcome::cancelled, Outcome::rejected}) {
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

void bind_amount(Statement& statement, int column, const std::optional<NanoDollars>& amount) {
  if (amount) {
    statement.bind(column, amount->value);
  } else {
    statement.bind_null(column);
  }
}

void bind_attempt(Statement& statement, const ledger::Entry& entry) {
  int column = 0;
  statement.bind_blob(++column, entry.id.bytes().data(), entry.id.bytes().size());
  statement.bind(++column, std::int64_t{entry.attempt});
  statement.bind(++column, std::int64_t{entry.at.time_since_epoch().count()});
  statement.bind(++column, entry.provider);
  statement.bind(++column, entry.model);
  statement.bind(++column, entry.answered_model);
  statement.bind(++column, entry.tier);
  statement.bind(++column, ledger::name(entry.outcome));
  statement.bind(++column, entry.error);
  statement.bind(++column, std::int64_t{entry.upstream_status});
  const chat::Usage& usage = entry.usage;
  for (const std::int64_t count : {usage.input, usage.cached_input, usage.cache_write_5m, usage.cache_write_1h,
                                   usage.audio_input, usage.output, usage.reasoning, usage.audio_output}) {
    statement.bind(++column, count);
  }
  statement.bind(++column, chat::name(usage.certainty));
  bind_amount(statement, ++column, entry.cost);
  statement.bind(++column, microseconds(entry.first_content));
  statement.bind(++column, microseconds(entry.duration));
}

void bind_settled(Statement& statement, const std::optional<ledger::Settled>& settled) {
  int column = first_settled_column;
  if (!settled) {
    while (column <= column_count) statement.bind_null(column++);
    return;
  }
  statement.bind(column++, settled->requested_model);
  statement.bind(column++, settled->key);
  statement.bind(column++, settled->task);
  statement.bind(column++, settled->task_probability);
  statement.bind(column++, settled->complexity);
  statement.bind(column++, settled->tier);
  statement.bind(column++, std::int64_t{settled->status});
  statement.bind(column++, std::int64_t{settled->stream});
  statement.bind(column++, std::int64_t{settled->complete});
  statement.bind(column++, settled->baseline_model);
  bind_amount(statement, column++, settled->baseline_cost);
  statement.bind(column++, microseconds(settled->total));
  statement.bind(column++, microseconds(settled->overhead));
  statement.bind(column++, settled->config_hash);
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
  if (statement.is_null(17)) return entry;
  ledger::Settled& settled = entry.settled.emplace();
  settled.complete = statement.number(17) != 0;
  settled.key = statement.text(18);
  settled.task = statement.text(19);
  settled.tier = statement.text(20);
  if (!statement.is_null(21)) settled.baseline_cost = NanoDollars(statement.number(21));
  return entry;
}

class SqliteLedger final : public LedgerStore {
 public:
  SqliteLedger(std::unique_ptr<Database> database, Statement insert, Statement report)
      : database_(std::move(database)), insert_(std::move(insert)), report_(std::move(report)) {}

  Result<void> insert(const std::vector<ledger::Entry>& batch) override {
    if (auto begun = database_->run("BEGIN IMMEDIATE"); !begun) return begun;
    for (const ledger::Entry& entry : batch) {
      bind_attempt(insert_, entry);
      bind_settled(insert_, entry.settled);
      const auto done = insert_.step();
      insert_.reset();
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
  Statement insert_;
  Statement report_;
};

Error refusal(const Database& database, const std::string& why) {
  return gateway_error(ErrorKind::storage, 500, "cannot use the ledger " + database.path() + ": " + why);
}

Result<void> create_tables(Database& database) {
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  const auto version = database.number("PRAGMA user_version");  // another process may have been faster
  Result<void> created = version ? Result<void>() : Result<void>(version.error());
  if (version && *version == 0) created = database.run(schema);
  if (created) created = database.run("COMMIT");
  if (!created) static_cast<void>(database.run("ROLLBACK"));
  return created;
}

Result<void> check_schema(Database& database, bool read_only) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version > schema_version) {
    return refusal(database, "a newer version wrote it (schema " + std::to_string(*version) + ", this one knows " +
                                 std::to_string(schema_version) + "): use that version, or set another ledger.path");
  }
  if (*version == schema_version) return {};
  const auto tables = database.number("SELECT count(*) FROM sqlite_master");
  if (!tables) return tables.error();
  if (*tables > 0) return refusal(database, "it is a database of another program: set another ledger.path");
  if (read_only) return refusal(database, "it is empty: nothing has been recorded yet");
  return create_tables(database);
}

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
  if (auto checked = check_schema(*database, read_only); !checked) return checked.error();
  if (!read_only) {
    // A commit outlives the process without waiting for the disk; a power cut can undo the last ones, as it can the
    // journal.
    if (auto set = database->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;");
        !set) {
      return set.error();
    }
  }
  auto insert = database->prepare(insert_sql);
  if (!insert) return insert.error();
  auto report = database->prepare(report_sql);
  if (!report) return report.error();
  return std::unique_ptr<LedgerStore>(
      std::make_unique<SqliteLedger>(std::move(database), std::move(*insert), std::move(*report)));
}

}  // namespace triaged::store
