// The ledger's table, and how databases of earlier versions become those of this one. The version stands in
// user_version.
#pragma once

#include "store/sqlite_database.hpp"

#include <cstdint>

namespace triaged::store {

constexpr std::int64_t schema_with_purpose = 2;
constexpr std::int64_t schema_version = schema_with_purpose;

// Creates what is missing and migrates what is older. A database opened for reading is left as it is: the version it
// has is returned. Errors: a newer version's database, another program's, nothing to read.
Result<std::int64_t> prepare_schema(Database& database, bool read_only);

}  // namespace triaged::store
