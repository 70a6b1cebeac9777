#include "quality/json_prefix.hpp"

#include "triaged/base/json.hpp"

namespace triaged::quality {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

bool JsonPrefix::put(std::string_view bytes) {
  while (!bytes.empty() && ok()) {
    if (state_ == State::string) {
      const std::size_t plain = plain_string_length(bytes);
      position_ += plain;
      bytes.remove_prefix(plain);
      if (bytes.empty()) break;
    }
    state_ = next(bytes.front());
    if (!ok()) break;
    ++position_;
    bytes.remove_prefix(1);
  }
  return ok();
}

bool JsonPrefix::complete() const {
  if (!objects_.empty()) return false;
  return state_ == State::after || state_ == State::zero || state_ == State::integer || state_ == State::fraction ||
         state_ == State::exponent_digits;
}

JsonPrefix::State JsonPrefix::next(char c) {
  switch (state_) {
    case State::value: return is_space(c) ? state_ : begin_value(c);
    case State::value_or_close:
      if (is_space(c)) return state_;
      return c == ']' ? close(false) : begin_value(c);
    case State::key_or_close:
      if (c == '}') return close(true);
      [[fallthrough]];
    case State::key:
      if (is_space(c)) return state_;
      in_key_ = true;
      return c == '"' ? State::string : State::broken;
    case State::colon:
      if (is_space(c)) return state_;
      return c == ':' ? State::value : State::broken;
    case State::after: return after_value(c);
    case State::string: return in_string(c);
    case State::escape:
      hex_left_ = 4;
      if (c == 'u') return State::hex;
      return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos ? State::string : State::broken;
    case State::hex:
      if (!is_hex(c)) return State::broken;
      return --hex_left_ == 0 ? State::string : State::hex;
    case State::literal: return in_literal(c);
    default: return in_number(c);
  }
}

JsonPrefix::State JsonPrefix::begin_value(char c) {
  switch (c) {
    case '{': return open(true);
    case '[': return open(false);
    case '"': in_key_ = false; return State::string;
    case 't': literal_ = "rue"; return State::literal;
    case 'f': literal_ = "alse"; return State::literal;
    case 'n': literal_ = "ull"; return State::literal;
    case '-': return State::minus;
    case '0': return State::zero;
    default: return is_digit(c) ? State::integer : State::broken;
  }
}

JsonPrefix::State JsonPrefix::open(bool object) {
  if (objects_.size() == max_depth) return State::broken;
  objects_.push_back(object);
  return object ? State::key_or_close : State::value_or_close;
}

JsonPrefix::State JsonPrefix::close(bool object) {
  if (objects_.empty() || objects_.back() != object) return State::broken;
  objects_.pop_back();
  return State::after;
}

JsonPrefix::State JsonPrefix::after_value(char c) {
  if (is_space(c)) return State::after;
  if (c == '}' || c == ']') return close(c == '}');
  if (c != ',' || objects_.empty()) return State::broken;
  return objects_.back() ? State::key : State::value;
}

JsonPrefix::State JsonPrefix::in_string(char c) {
  if (c == '\\') return State::escape;
  if (c == '"') return in_key_ ? State::colon : State::after;
  return static_cast<unsigned char>(c) < 0x20 ? State::broken : State::string;
}

JsonPrefix::State JsonPrefix::in_literal(char c) {
  if (c != literal_.front()) return State::broken;
  literal_.remove_prefix(1);
  return literal_.empty() ? State::after : State::literal;
}

JsonPrefix::State JsonPrefix::in_number(char c) {
  const bool digit = is_digit(c);
  const bool e = c == 'e' || c == 'E';
  switch (state_) {
    case State::minus:
      if (!digit) return State::broken;
      return c == '0' ? State::zero : State::integer;
    case State::integer:
      if (digit) return State::integer;
      [[fallthrough]];
    case State::zero:
      if (c == '.') return State::point;
      return e ? State::exponent : after_value(c);
    case State::point: return digit ? State::fraction : State::broken;
    case State::fraction:
      if (digit) return State::fraction;
      return e ? State::exponent : after_value(c);
    case State::exponent:
      if (c == '+' || c == '-') return State::exponent_sign;
      [[fallthrough]];
    case State::exponent_sign: return digit ? State::exponent_digits : State::broken;
    case State::exponent_digits: return digit ? State::exponent_digits : after_value(c);
    default: return State::broken;
  }
}

}  // namespace triaged::quality
