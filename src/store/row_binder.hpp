// Binds the values of one row after the other to a statement. Rows of a batch have most of their values in common, and
// what is bound already need not be bound again: that is a good part of what a row costs.
#pragma once

#include "store/sqlite_database.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace triaged::store {

// For one batch: its texts must live as long as the binder.
class RowBinder {
 public:
  RowBinder(Statement& statement, std::size_t columns) : statement_(statement), bound_(columns) {}
  ~RowBinder() { statement_.clear(); }
  RowBinder(const RowBinder&) = delete;
  RowBinder& operator=(const RowBinder&) = delete;

  void begin_row() { column_ = 0; }
  void add(std::int64_t value) { set(value); }
  void add(double value) { set(value); }
  void add(std::string_view text) { set(text); }
  void add_null() { set(Null()); }
  void add_blob(const void* bytes, std::size_t size) {  // one that differs in every row
    statement_.bind_blob(static_cast<int>(++column_), bytes, size);
  }

 private:
  struct Null {
    bool operator==(const Null&) const = default;
  };
  using Value = std::variant<std::monostate, Null, std::int64_t, double, std::string_view>;

  template <class T>
  void set(T value) {
    Value& last = bound_[column_++];
    const T* const same = std::get_if<T>(&last);
    if (same != nullptr && *same == value) return;
    last = value;
    bind(static_cast<int>(column_), value);
  }
  void bind(int column, Null) { statement_.bind_null(column); }
  template <class T>
  void bind(int column, T value) {
    statement_.bind(column, value);
  }

  Statement& statement_;
  std::vector<Value> bound_;  // by column
  std::size_t column_ = 0;    // the next one
};

}  // namespace triaged::store
