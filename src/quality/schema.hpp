// JSON against a JSON Schema, as far as that can be said for certain. What is checked and what is not: docs/quality.md.
#pragma once

#include <string>
#include <string_view>

namespace triaged::quality {

// What of `value` the schema forbids, like `lacks "price" at "/items/0"`; "" if nothing, and where it cannot be told:
// the value is no JSON, the schema is none or too large, has keywords that decide and are not known, or takes too long.
// Bounded in time and depth whatever both are; never throws.
std::string schema_problem(std::string_view schema, std::string_view value);

}  // namespace triaged::quality
