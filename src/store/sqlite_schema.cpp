#include "store/sqlite_schema.hpp"

#include <string>

namespace triaged::store {
namespace {

// One row per attempt or side call. The columns from `requested_model` to `config_hash` are those of the request as a
// whole: NULL but on the row that settles it. Times are milliseconds since 1970 (UTC), durations microseconds, amounts
// nano-dollars (NULL: not known).
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
  purpose TEXT NOT NULL DEFAULT 'answer',
  PRIMARY KEY (id, attempt)
) WITHOUT ROWID;
CREATE INDEX attempts_at ON attempts (at);
PRAGMA user_version = 2;
)sql";

// From version 1. New columns stand last, as in the table above, so that rows of both are written alike.
constexpr const char* add_purpose = R"sql(
ALTER TABLE attempts ADD COLUMN purpose TEXT NOT NULL DEFAULT 'answer';
PRAGMA user_version = 2;
)sql";

Error refusal(const Database& database, const std::string& why) {
  return gateway_error(ErrorKind::storage, 500, "cannot use the ledger " + database.path() + ": " + why);
}

// Whole or not at all. Another process may have been faster, so the version is looked at again.
Result<void> bring_up_to_date(Database& database) {
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  const auto version = database.number("PRAGMA user_version");
  Result<void> done = version ? Result<void>() : Result<void>(version.error());
  if (version && *version == 0) done = database.run(schema);
  if (version && *version == 1) done = database.run(add_purpose);
  if (done) done = database.run("COMMIT");
  if (!done) static_cast<void>(database.run("ROLLBACK"));
  return done;
}

}  // namespace

Result<std::int64_t> prepare_schema(Database& database, bool read_only) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version > schema_version) {
    return refusal(database, "a newer version wrote it (schema " + std::to_string(*version) + ", this one knows " +
                                 std::to_string(schema_version) + "): use that version, or set another ledger.path");
  }
  if (*version < 1) {
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!tables) return tables.error();
    if (*tables > 0 || *version < 0)
      return refusal(database, "it is a database of another program: set another ledger.path");
    if (read_only) return refusal(database, "it is empty: nothing has been recorded yet");
  }
  if (read_only || *version == schema_version) return *version;
  if (auto done = bring_up_to_date(database); !done) return done.error();
  return schema_version;
}

}  // namespace triaged::store
