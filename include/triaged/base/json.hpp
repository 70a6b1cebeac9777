// A strict forward-only JSON reader over text in memory: checks the whole grammar while it goes, allocates nothing,
// keeps byte positions, and leaves numbers and strings as they stand (so integers of any size and lone surrogates
// pass). It does not check UTF-8: do that first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged {

enum class JsonType : std::uint8_t { object, array, string, number, boolean, null, none };

// What stands between the quotes of a JSON string: checked, escapes not resolved yet.
class JsonString {
 public:
  std::string_view raw;
  bool escaped = false;  // holds a backslash

  bool equals(std::string_view text) const { return escaped ? equals_escaped(text) : raw == text; }
  bool empty() const { return raw.empty(); }
  void append_to(std::string& out) const;  // resolved; a lone surrogate becomes U+FFFD
  std::string resolved() const;
  std::uint32_t characters() const;  // code points once resolved

 private:
  bool equals_escaped(std::string_view text) const;
};

// Read a value by exactly one of: enter_object + next_member until false, enter_array + next_element until false,
// take_string, take_number, take_bool, skip. After an error every call returns a neutral value and every loop ends;
// look at ok() once, at the end, with at_end().
class JsonReader {
 public:
  explicit JsonReader(std::string_view text, std::uint32_t max_depth = 128);

  bool ok() const { return problem_ == nullptr; }
  const char* problem() const { return problem_; }  // null if none; a phrase like "expected a colon"
  std::size_t position() const;                     // byte offset of the cursor, or of the problem

  JsonType peek();  // type of the value at the cursor; none after an error

  bool enter_object();
  bool next_member(JsonString& key);  // the cursor then stands before the member's value
  bool enter_array();
  bool next_element();

  // Where another type is no error, only of no use: the value is then skipped.
  bool enter_object_or_skip();
  bool enter_array_or_skip();
  std::optional<JsonString> string_or_skip();

  JsonString take_string();
  std::string_view take_number();  // its text
  bool take_bool();
  std::string_view skip();  // any value; returns its text
  // The same, several times as fast: of objects and arrays only brackets and strings are looked at. For what another
  // reader checks, or nobody needs.
  std::string_view leap();
  bool at_end();  // nothing but white space is left, and no error

  // Of the member that next_member() returned last: where its key's quote stands, and the comma before it (npos if
  // first).
  std::size_t key_position() const { return key_position_; }
  std::size_t comma_position() const { return comma_position_; }
  std::size_t value_position();  // of the value at the cursor

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  void fail(const char* problem, const char* at);
  void skip_space() {
    if (cursor_ == end_ || *cursor_ <= ' ') skip_more_space();
  }
  void skip_more_space();
  bool enter(char opening);
  bool next(char closing);
  bool check_escape(const char*& at);
  void take_literal(std::string_view literal);
  void skip_value();
  std::size_t offset(const char* at) const { return static_cast<std::size_t>(at - begin_); }

  const char* begin_;
  const char* cursor_;
  const char* end_;
  const char* problem_ = nullptr;
  std::size_t key_position_ = npos;
  std::size_t comma_position_ = npos;
  std::uint32_t depth_ = 0;
  std::uint32_t max_depth_;
  bool fresh_ = false;  // just behind an opening bracket
};

// The text of a JSON number as an integer: also "12.0" and "1e3". Nothing for fractions and for what exceeds 64 bits.
std::optional<std::int64_t> json_integer(std::string_view number);
std::uint32_t utf8_length(std::string_view text);  // code points; assumes valid UTF-8
// How many bytes of `text`, which begins inside a JSON string, come before its end or anything else that is special: a
// quote, a backslash or a control character.
std::size_t plain_string_length(std::string_view text);

}  // namespace triaged
