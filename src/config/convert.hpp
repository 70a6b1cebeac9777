// One scalar into a value of its type, within its limits.
#pragma once

#include "config/schema.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace triaged::config {

struct Fault {
  std::string message;  // follows the value: "is no duration"; never repeats it
  std::string suggestion;
};

std::variant<Value, Fault> convert_scalar(std::string_view text, const Key& key);

// A limit or default as one would write it in the file: "32MiB", "30s".
std::string written(const Value& value, Type type, const Key& key);
std::string written_limit(double limit, Type type);

}  // namespace triaged::config
