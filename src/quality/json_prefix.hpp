// Whether bytes can be the beginning of JSON: a scanner that goes byte by byte and stops at the first one that no JSON
// text can have there. Constant memory but for one bit per open bracket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace triaged::quality {

class JsonPrefix {
 public:
  static constexpr std::size_t max_depth = 128;

  // Reads on; false from the first impossible byte on.
  bool put(std::string_view bytes);
  bool ok() const { return state_ != State::broken; }
  // Whether what came is a whole value (a number at the top may still go on).
  bool complete() const;
  // Where the impossible byte stands, counted from the first put().
  std::size_t position() const { return position_; }

 private:
  enum class State : std::uint8_t {
    value,           // a value must come
    value_or_close,  // behind '[': a value or ']'
    key_or_close,    // behind '{': a key or '}'
    key,             // behind a comma in an object
    colon,           // behind a key
    after,           // behind a value: a comma, a bracket, or nothing more
    string,
    escape,
    hex,  // the digits of \uXXXX
    literal,
    minus,     // of a number
    zero,      // its leading zero
    integer,   // digits before the point
    point,     // the point itself
    fraction,  // digits behind it
    exponent,  // e
    exponent_sign,
    exponent_digits,
    broken,
  };

  State next(char c);
  State begin_value(char c);
  State open(bool object);
  State close(bool object);
  State after_value(char c);
  State in_string(char c);
  State in_literal(char c);
  State in_number(char c);

  State state_ = State::value;
  std::vector<bool> objects_;  // for each open bracket whether it is a brace
  bool in_key_ = false;        // the string is a member's name
  std::string_view literal_;   // what of true, false or null must still come
  std::uint8_t hex_left_ = 0;
  std::size_t position_ = 0;
};

}  // namespace triaged::quality
