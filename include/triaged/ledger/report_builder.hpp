// Adds up a report from ledger rows. The stores feed it, so that all of them count alike.
#pragma once

#include "triaged/ledger/entry.hpp"
#include "triaged/ledger/report.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace triaged::ledger {

class ReportBuilder {
 public:
  explicit ReportBuilder(const ReportQuery& query);

  // All rows of one request, whether or not they all lie in the period of the query. Of each row these fields count:
  // attempt, at, purpose, provider, model, tier, outcome, usage, cost; and of the settled part: key, task, complete,
  // baseline_cost.
  void add(const std::vector<Entry>& request);

  Report finish();

 private:
  bool in_period(WallTime at) const;
  std::string group_of(const Entry& row, const Entry* settling) const;
  ReportRow& row(const std::string& name);
  void add_attempt(const Entry& attempt, const Entry* settling);
  void add_request(const std::vector<Entry>& request, const Entry& settling);

  ReportQuery query_;
  std::unordered_map<std::string, ReportRow> rows_;
};

}  // namespace triaged::ledger
