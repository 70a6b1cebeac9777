// The report card of a task model, as JSON and as Markdown.
#include "triaged/learn/task_report.hpp"

#include "learn/report_numbers.hpp"

#include <nlohmann/json.hpp>

namespace triaged::learn {

namespace {

using nlohmann::ordered_json;
using routing::task_type_count;
using routing::task_type_names;

ordered_json to_json(const TaskTally& tally) {
  return {{"prompts", tally.all},
          {"top1", rounded(tally.top1())},
          {"top2", rounded(tally.top2())},
          {"sure_share", rounded(tally.sure_share())},
          {"sure_precision", rounded(tally.sure_precision())}};
}

ordered_json to_json(const TaskReport& report) {
  ordered_json out = to_json(report.total);
  out["calibration_error"] = rounded(report.calibration_error);
  for (const auto& [name, tally] : report.by_language) out["by_language"][name] = to_json(tally);
  for (const auto& [name, tally] : report.by_file) out["by_file"][name] = to_json(tally);
  for (std::size_t i = 0; i < task_type_count; ++i) {
    if (report.by_label[i].all == 0) continue;
    out["by_label"][std::string(task_type_names[i])] = to_json(report.by_label[i]);
    ordered_json& row = out["confusion"][std::string(task_type_names[i])];
    for (std::size_t k = 0; k < task_type_count; ++k) row[std::string(task_type_names[k])] = report.confusion[i][k];
  }
  for (const CalibrationBin& bin : report.calibration) {
    const double count = static_cast<double>(std::max<std::size_t>(bin.count, 1));
    out["calibration"].push_back({{"prompts", bin.count},
                                  {"confidence", rounded(bin.confidence / count)},
                                  {"right", rounded(static_cast<double>(bin.right) / count)}});
  }
  return out;
}

ordered_json to_json(const TaskData& data) {
  ordered_json files = ordered_json::array();
  for (const TaskFile& file : data.files) {
    files.push_back({{"file", file.path.substr(file.path.rfind('/') + 1)},
                     {"sha256", file.sha256},
                     {"rows", file.rows},
                     {"used", file.used}});
  }
  return files;
}

std::string percent_of(double share) { return percent(100 * share); }

void add_row(std::string& out, std::string_view name, const TaskTally& tally) {
  out.append("| ").append(name).append(" | ").append(std::to_string(tally.all));
  for (const double share : {tally.top1(), tally.top2(), tally.sure_share(), tally.sure_precision()}) {
    out.append(" | ").append(percent_of(share));
  }
  out += " |\n";
}

void add_report(std::string& out, const TaskReport& report) {
  out += "| | prompts | right | right among two | p >= 0.5 | right there |\n|---|---:|---:|---:|---:|---:|\n";
  add_row(out, "all", report.total);
  for (const auto& [name, tally] : report.by_language) add_row(out, "language " + name, tally);
  for (std::size_t i = 0; i < task_type_count; ++i) {
    if (report.by_label[i].all > 0) add_row(out, task_type_names[i], report.by_label[i]);
  }
  out += "\nLabel (rows) and best guess (columns); a guess that is acceptable counts as the label:\n\n|";
  for (const std::string_view name : task_type_names) out.append(" | ").append(name);
  out += " |\n|---|";
  for (std::size_t i = 0; i < task_type_count; ++i) out += "---:|";
  for (std::size_t i = 0; i < task_type_count; ++i) {
    out.append("\n| ").append(task_type_names[i]);
    for (const std::size_t cell : report.confusion[i]) out.append(" | ").append(std::to_string(cell));
    out += " |";
  }
  out += "\n\nCalibration (expected error " + percent_of(report.calibration_error) +
         "):\n\n| confidence | prompts | mean confidence | right |\n|---|---:|---:|---:|\n";
  for (std::size_t i = 0; i < report.calibration.size(); ++i) {
    const CalibrationBin& bin = report.calibration[i];
    if (bin.count == 0) continue;
    const auto count = static_cast<double>(bin.count);
    out += "| 0." + std::to_string(i) + " to " + (i == 9 ? "1.0" : "0." + std::to_string(i + 1)) + " | " +
           std::to_string(bin.count) + " | " + percent_of(bin.confidence / count) + " | " +
           percent_of(static_cast<double>(bin.right) / count) + " |\n";
  }
}

}  // namespace

std::string report_json(const TaskReport& report) { return to_json(report).dump(2) + "\n"; }

std::string report_text(const TaskReport& report) {
  std::string out;
  add_report(out, report);
  return out;
}

std::string card_json(const TaskCard& card) {
  ordered_json out;
  out["model"] = card.version;
  out["sha256"] = card.model_sha256;
  out["temperature"] = rounded(static_cast<double>(card.temperature));
  out["training"] = {{"seed", card.training.seed},
                     {"epochs", card.training.epochs},
                     {"folds", card.training.folds},
                     {"prompts", card.data->examples.size()},
                     {"files", to_json(*card.data)}};
  out["cross_validated"] = {{"own", to_json(card.cross_validated)}, {"all", to_json(card.cross_validated_all)}};
  if (card.held_out_data != nullptr) {
    out["held_out"] = to_json(card.held_out);
    out["held_out"]["files"] = to_json(*card.held_out_data);
  }
  return out.dump(2) + "\n";
}

std::string card_markdown(const TaskCard& card) {
  std::string out = "# Report card of " + card.version + "\n\nTrained on " +
                    std::to_string(card.data->examples.size()) + " prompts of " +
                    std::to_string(card.data->files.size()) + " files (seed " + std::to_string(card.training.seed) +
                    ", " + std::to_string(card.training.epochs) + " epochs).\n";
  if (card.held_out_data != nullptr) {
    out += "\n## Held out: prompts that training never saw\n\n";
    add_report(out, card.held_out);
  }
  out += "\n## Cross-validated on the own prompts\n\n";
  add_report(out, card.cross_validated);
  out += "\n## Files\n\n| file | rows | used | SHA-256 |\n|---|---:|---:|---|\n";
  for (const TaskFile& file : card.data->files) {
    out += "| " + file.path.substr(file.path.rfind('/') + 1) + " | " + std::to_string(file.rows) + " | " +
           std::to_string(file.used) + " | " + file.sha256 + " |\n";
  }
  return out;
}

}  // namespace triaged::learn
