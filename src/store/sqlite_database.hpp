// A thin owner of an SQLite connection and its statements. Errors name the file and say what to do.
#pragma once

#include "triaged/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace triaged::store {

class Database;

// Texts and blobs that are bound must live until they are bound anew or clear().
class Statement {
 public:
  Statement() = default;

  void bind(int column, std::int64_t value);
  void bind(int column, double value);
  void bind(int column, std::string_view text);
  void bind_blob(int column, const void* bytes, std::size_t size);
  void bind_null(int column);

  // True when there is a row to read, false when done.
  Result<bool> step();
  void reset();  // what is bound stays bound
  void clear();  // nothing is bound any more

  bool is_null(int column) const;
  std::int64_t number(int column) const;
  std::string_view text(int column) const;  // valid until the next step
  std::string_view blob(int column) const;  // likewise

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const Database* database_ = nullptr;
};

class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const std::string& path, bool read_only);

  Result<void> run(const char* sql);
  Result<Statement> prepare(const char* sql);
  Result<std::int64_t> number(const char* sql);  // of the first column of the first row
  Error error(const std::string& doing) const;   // what SQLite said last, in words for the operator
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(std::string path);

  std::string path_;
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace triaged::store
