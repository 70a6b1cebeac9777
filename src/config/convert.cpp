#include "config/convert.hpp"

#include "triaged/base/text.hpp"

#include "config/values.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace triaged::config {

namespace {

using Converted = std::variant<Value, Fault>;

Fault out_of_range(const Key& key) {
  return Fault{"must be between " + written_limit(key.min, key.type) + " and " + written_limit(key.max, key.type), {}};
}

template <class T>
Converted within(std::optional<T> value, const Key& key, Fault otherwise) {
  if (!value) return otherwise;
  if (static_cast<double>(*value) < key.min || static_cast<double>(*value) > key.max) return out_of_range(key);
  return Value(*value);
}

Converted convert_duration(std::string_view text, const Key& key) {
  if (text == "0") {
    if (key.min > 0) return out_of_range(key);
    return Value(Duration::zero());
  }
  if (parse_number(text))
    return Fault{"is a number without a unit", "write \"" + std::string(text.substr(0, 24)) + "s\""};
  const auto duration = parse_duration(text);
  if (!duration) return Fault{"is no duration", "write one number with a unit, such as 250ms, 30s, 5m or 1h"};
  const double seconds = std::chrono::duration<double>(*duration).count();
  if (seconds < key.min || seconds > key.max) return out_of_range(key);
  return Value(*duration);
}

Converted convert_boolean(std::string_view text) {
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  return Fault{"is neither true nor false", "write true or false"};
}

Converted convert_choice(std::string_view text, const Key& key) {
  const auto found = std::find(key.choices.begin(), key.choices.end(), text);
  if (found != key.choices.end()) return Value(static_cast<std::int64_t>(found - key.choices.begin()));
  std::string all;
  for (const std::string_view choice : key.choices) all += (all.empty() ? "" : ", ") + std::string(choice);
  const std::string_view near = nearest(text, key.choices);
  return Fault{"is none of: " + all, near.empty() ? std::string() : "did you mean '" + std::string(near) + "'?"};
}

}  // namespace

std::variant<Value, Fault> convert_scalar(std::string_view text, const Key& key) {
  switch (key.type) {
    case Type::boolean: return convert_boolean(text);
    case Type::integer: return within(parse_integer(text), key, Fault{"is no whole number", {}});
    case Type::number: return within(parse_number(text), key, Fault{"is no number", {}});
    case Type::bytes: return within(parse_bytes(text), key, Fault{"is no size", "write 64KiB, 32MiB or 1GiB"});
    case Type::tokens:
      return within(parse_tokens(text), key, Fault{"is no number of tokens", "write 8192, 128k or 1M"});
    case Type::duration: return convert_duration(text, key);
    case Type::choice: return convert_choice(text, key);
    case Type::address: {
      std::optional<Address> address = parse_address(text);
      if (address) return Value(std::move(*address));
      return Fault{"is no address", "write an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080"};
    }
    case Type::secret: return Value(Secret{std::string(text)});
    default: return Value(std::string(text));
  }
}

std::string written_limit(double limit, Type type) {
  const auto whole = static_cast<std::int64_t>(limit);
  switch (type) {
    case Type::bytes: return format_bytes(whole);
    case Type::tokens: return format_tokens(whole);
    case Type::integer: return std::to_string(whole);
    case Type::duration:
      return limit == 0 ? "0" : format_duration(std::chrono::nanoseconds(static_cast<std::int64_t>(limit * 1e9)));
    default: return format_number(limit);
  }
}

std::string written(const Value& value, Type type, const Key& key) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return format_number(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* address = std::get_if<Address>(&value)) return format_address(*address);
  if (const auto* duration = std::get_if<Duration>(&value)) {
    return *duration == Duration::zero() ? "0" : format_duration(*duration);
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (type == Type::bytes) return format_bytes(*integer);
    if (type == Type::tokens) return format_tokens(*integer);
    if (type == Type::choice) return std::string(key.choices.at(static_cast<std::size_t>(*integer)));
    return std::to_string(*integer);
  }
  return {};
}

}  // namespace triaged::config
