// The rows of a running daemon's ledger.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace triaged::store {
class Database;
}

namespace triaged::test {

struct LedgerRow {
  std::string id;  // "req_..."
  std::int64_t attempt = 0;
  std::string purpose;
  std::string provider;
  std::string model;
  std::string answered_model;
  std::string tier;
  std::string outcome;
  std::string error;
  std::int64_t upstream_status = 0;
  std::int64_t input = 0;
  std::int64_t cached_input = 0;
  std::int64_t output = 0;
  std::int64_t reasoning = 0;
  std::string certainty;
  std::optional<std::int64_t> cost;  // nano-dollars
  bool settled = false;              // it carries what follows
  std::string requested_model;
  std::string key;
  std::string start_tier;
  std::int64_t status = 0;
  bool stream = false;
  bool complete = false;
  std::string baseline_model;
  std::optional<std::int64_t> baseline_cost;
};

class Ledger {
 public:
  explicit Ledger(const std::string& path);
  ~Ledger();

  std::vector<LedgerRow> all();
  // The rows of a request by its x-triaged-id, waited for until the request is settled. Throws when it is not in time.
  std::vector<LedgerRow> of(const std::string& id);
  // The row that was stored last, waited for until there are `count` settled ones in all.
  std::vector<LedgerRow> settled(std::size_t count);

 private:
  std::unique_ptr<store::Database> database_;
};

}  // namespace triaged::test
