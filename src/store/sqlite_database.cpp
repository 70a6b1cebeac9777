#include "store/sqlite_database.hpp"

#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace triaged::store {
namespace {

constexpr int busy_milliseconds = 1'000;

// SQLite counts the bytes of all its allocations under a lock unless told not to. Nobody asks for the sum. Refused
// where SQLite is in use already, and then it goes on counting.
void leave_memory_uncounted() { [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// What an operator can do about it.
std::string_view advice(int code) {
  switch (code & 0xFF) {
    case SQLITE_NOTADB: return "it is not an SQLite database: move it away or set another ledger.path";
    case SQLITE_CORRUPT: return "it is damaged: restore it from a backup, or move it away to start anew";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "it is locked by another process: stop that one or wait for it";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "it is read-only: make the file and its directory writable for this user";
    case SQLITE_CANTOPEN: return "make sure that its directory exists and is accessible to this user";
    case SQLITE_FULL: return "its disk is full: make room";
    default: return "";
  }
}

// Who asked for what, and at what price, is not for everyone on the machine. What SQLite keeps beside the file follows
// it.
void create_for_owner_and_group(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int column, std::int64_t value) { sqlite3_bind_int64(statement_.get(), column, value); }

void Statement::bind(int column, double value) { sqlite3_bind_double(statement_.get(), column, value); }

void Statement::bind(int column, std::string_view text) {
  // A null pointer would bind NULL; the data of an empty view may be one.
  const char* data = text.empty() ? "" : text.data();
  sqlite3_bind_text(statement_.get(), column, data, static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind_blob(int column, const void* bytes, std::size_t size) {
  sqlite3_bind_blob(statement_.get(), column, bytes, static_cast<int>(size), SQLITE_STATIC);
}

void Statement::bind_null(int column) { sqlite3_bind_null(statement_.get(), column); }

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->error("cannot use the ledger");
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

void Statement::clear() { sqlite3_clear_bindings(statement_.get()); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::text(int column) const {
  const void* data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Database(std::string path) : path_(std::move(path)) {}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, bool read_only) {
  leave_memory_uncounted();
  std::unique_ptr<Database> database(new Database(path));
  const int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (!read_only) create_for_owner_and_group(path);
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  database->connection_.reset(connection);
  if (code != SQLITE_OK) return database->error("cannot open the ledger");
  sqlite3_busy_timeout(connection, busy_milliseconds);
  // SQLite opens a file that it may not write for reading, and would say so only at the first row.
  if (!read_only && sqlite3_db_readonly(connection, "main") == 1) {
    return gateway_error(ErrorKind::storage, 500,
                         "cannot open the ledger " + path + ": " + std::string(advice(SQLITE_READONLY)));
  }
  return database;
}

Result<void> Database::run(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return error("cannot use the ledger");
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return error("cannot use the ledger");
  }
  Statement result;
  result.statement_.reset(statement);
  result.database_ = this;
  return result;
}

Result<std::int64_t> Database::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->number(0) : 0;
}

Error Database::error(const std::string& doing) const {
  const int code = connection_ ? sqlite3_extended_errcode(connection_.get()) : SQLITE_NOMEM;
  const char* said = connection_ ? sqlite3_errmsg(connection_.get()) : "out of memory";
  std::string detail = doing + " " + path_ + ": ";
  const std::string_view what = advice(code);
  if (!what.empty()) {
    detail.append(what).append(" (").append(said).append(")");
  } else {
    detail.append(said);
  }
  return gateway_error(ErrorKind::storage, 500, std::move(detail));
}

}  // namespace triaged::store
