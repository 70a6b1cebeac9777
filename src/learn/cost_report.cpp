// The report of savings, as JSON and as a table for people.
#include "triaged/learn/cost_evaluation.hpp"

#include "learn/report_numbers.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace triaged::learn {

namespace {

using nlohmann::ordered_json;

ordered_json rounded(const std::optional<double>& value) {
  return value ? ordered_json(std::round(*value * 100) / 100) : ordered_json(nullptr);
}

}  // namespace

std::string report_json(const CostReport& report) {
  ordered_json out{{"rows", report.rows}};
  for (const CostReport::Model& model : report.models) {
    out["models"].push_back({{"model", model.name},
                             {"quality", std::round(model.quality * 1e4) / 1e4},
                             {"dollars", model.dollars},
                             {"folds_kept", model.kept}});
  }
  if (!report.models.empty()) out["best"] = report.models[report.best].name;
  for (std::size_t i = 0; i < saving_shares.size(); ++i) {
    const Saving& saving = report.savings[i];
    ordered_json row{{"quality", saving_shares[i]},
                     {"saved", rounded(saving.router)},
                     {"mix", rounded(saving.mix)},
                     {"oracle", rounded(saving.oracle)}};
    if (saving.interval) row["interval"] = {rounded(saving.interval->low), rounded(saving.interval->high)};
    out["savings"].push_back(std::move(row));
  }
  return out.dump(2) + "\n";
}

std::string report_text(const CostReport& report) {
  std::string out = std::to_string(report.rows) + " prompts\n";
  std::array<char, 256> line{};
  for (std::size_t i = 0; i < report.models.size(); ++i) {
    const CostReport::Model& model = report.models[i];
    std::snprintf(line.data(), line.size(), "  %-34s quality %.3f  $%.6f%s%s\n", model.name.c_str(), model.quality,
                  model.dollars, model.kept == 0 ? "  pruned: mixes of others are better" : "",
                  i == report.best ? "  best" : "");
    out += line.data();
  }
  out += "saved against always the best model:\n  quality  cost_aware  95 %              single-model mix  oracle\n";
  for (std::size_t i = 0; i < saving_shares.size(); ++i) {
    const Saving& saving = report.savings[i];
    const std::string interval =
        saving.interval ? percent(saving.interval->low) + " to " + percent(saving.interval->high) : "";
    std::snprintf(line.data(), line.size(), "  %5.0f %%  %-10s  %-16s  %-16s  %s\n", 100 * saving_shares[i],
                  percent(saving.router).c_str(), interval.c_str(), percent(saving.mix).c_str(),
                  percent(saving.oracle).c_str());
    out += line.data();
  }
  return out;
}

}  // namespace triaged::learn
