// A small value that satisfies a JSON schema: what the simulated provider answers when a schema is asked for.
#pragma once

#include <nlohmann/json.hpp>

namespace triaged::provider {

// Knows type, const, enum, default, required, properties, items, prefixItems, minItems, minLength, maxLength, format,
// minimum, maximum, multipleOf, anyOf, oneOf, allOf and local $ref. Strings hold the word "simulated" where they may.
nlohmann::json instance_of(const nlohmann::json& schema);

}  // namespace triaged::provider
