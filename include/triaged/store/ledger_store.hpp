// The ledger's database. Inserting the same entry twice is the same as once, so the journal may replay after a crash.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/ledger/entry.hpp"
#include "triaged/ledger/report.hpp"

#include <memory>
#include <string>
#include <vector>

namespace triaged::store {

// Used by one thread.
class LedgerStore {
 public:
  virtual ~LedgerStore() = default;
  virtual Result<void> insert(const std::vector<ledger::Entry>& batch) = 0;
  virtual Result<ledger::Report> report(const ledger::ReportQuery& query) = 0;
};

// SQLite, WAL mode, schema version in user_version. Errors say which file and what to do: not a database, newer schema,
// read-only, locked by another process.
Result<std::unique_ptr<LedgerStore>> open_sqlite(const std::string& path, bool read_only = false);

}  // namespace triaged::store
