// The reports of routers and the card of an outcome model, as JSON, as Markdown and as a table for people.
#include "triaged/learn/router_report.hpp"

#include "learn/report_numbers.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace triaged::learn {

namespace {

using nlohmann::ordered_json;

using learn::rounded;
ordered_json rounded(const std::optional<double>& value) {
  return value ? ordered_json(rounded(*value)) : ordered_json(nullptr);
}

ordered_json to_json(const RouterMetrics& metrics) {
  ordered_json out;
  out["apgr"] = rounded(metrics.apgr);
  out["cpt50"] = rounded(metrics.cpt50);
  out["cpt80"] = rounded(metrics.cpt80);
  for (std::size_t i = 0; i < kept_shares.size(); ++i) {
    const std::string share = std::to_string(static_cast<int>(std::lround(100 * kept_shares[i])));
    out["strong_share"][share] = rounded(metrics.strong_share[i]);
  }
  out["auc"] = rounded(metrics.auc);
  return out;
}

ordered_json to_json(const Interval& interval) { return {rounded(interval.low), rounded(interval.high)}; }

ordered_json to_json(const RouterReport& report) {
  ordered_json out;
  out["rows"] = report.rows;
  out["strong"] = rounded(report.strong);
  out["weak"] = rounded(report.weak);
  out["router"] = to_json(report.router);
  out["router"]["apgr_interval"] = to_json(report.apgr);
  out["words"] = to_json(report.words);
  out["above_words"] = {{"apgr", rounded(report.router.apgr - report.words.apgr)},
                        {"interval", to_json(report.above_words)}};
  out["shuffled"] = {{"apgr", rounded(report.shuffled)}};
  if (report.untaught) out["untaught"] = {{"apgr", rounded(*report.untaught)}};
  out["oracle"] = to_json(report.oracle);
  return out;
}

ordered_json to_json(const std::vector<LeftOut>& parts) {
  ordered_json out = ordered_json::array();
  for (const LeftOut& part : parts) {
    ordered_json row{{"name", part.name}, {"labels", part.labels}};
    row.update(to_json(part.report));
    out.push_back(std::move(row));
  }
  return out;
}

double mean(double sum, std::size_t count) { return count == 0 ? 0 : sum / static_cast<double>(count); }

ordered_json to_json(const Reliability& reliability) {
  ordered_json out = ordered_json::array();
  for (const ExpectedAnswers& answers : reliability) {
    out.push_back({{"answers", answers.count},
                   {"expected", rounded(mean(answers.expected, answers.count))},
                   {"good", rounded(mean(answers.good, answers.count))}});
  }
  return out;
}

ordered_json to_json(const CrossEvaluation& evaluation) {
  return {{"mean_apgr", rounded(evaluation.router)},
          {"mean_apgr_of_words", rounded(evaluation.words)},
          {"counted", evaluation.counted},
          {"calibration_error", rounded(calibration_error(evaluation.reliability))},
          {"calibration", to_json(evaluation.reliability)},
          {"parts", to_json(evaluation.parts)}};
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string row_of(const LeftOut& part) {
  const RouterReport& report = part.report;
  std::string out = "| " + part.name + " | " + std::to_string(report.rows) + " | " + fixed(report.strong, 2) + " / " +
                    fixed(report.weak, 2) + " | ";
  if (report.strong <= report.weak) return out + "no gap | | | | | |\n";
  out += fixed(report.router.apgr) + " | " + fixed(report.apgr.low) + " to " + fixed(report.apgr.high) + " | " +
         fixed(report.words.apgr) + " | " + fixed(report.shuffled) + " | ";
  out += (report.untaught ? fixed(*report.untaught) : "") + " | ";
  return out + (report.router.auc ? fixed(*report.router.auc) : "") + " |\n";
}

std::string table_of(const std::vector<LeftOut>& parts) {
  std::string out =
      "| part | rows | strong / weak | APGR | 95 % | words | shuffled | untaught | AUC |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const LeftOut& part : parts) out += row_of(part);
  return out;
}

std::string calibration_of(const Reliability& reliability) {
  std::string out =
      "\nCalibration: how many of their answers were good, by the probability that was estimated (mean error " +
      percent(100 * calibration_error(reliability)) +
      ").\n\n| P(good) | answers | estimated | good |\n|---|---:|---:|---:|\n";
  for (std::size_t tenth = 0; tenth < reliability.size(); ++tenth) {
    const ExpectedAnswers& answers = reliability[tenth];
    if (answers.count == 0) continue;
    const auto low = static_cast<double>(tenth) / static_cast<double>(reliability.size());
    out += "| " + fixed(low, 1) + " to " + fixed(low + 0.1, 1) + " | " + std::to_string(answers.count) + " | " +
           fixed(mean(answers.expected, answers.count)) + " | " + fixed(mean(answers.good, answers.count)) + " |\n";
  }
  return out;
}

std::string section(const std::string& title, const CrossEvaluation& evaluation) {
  if (evaluation.parts.empty()) return "";
  return "\n## " + title + "\n\nMean APGR " + fixed(evaluation.router) + ", of the words " + fixed(evaluation.words) +
         ", over " + std::to_string(evaluation.counted) + " parts with a clear gap.\n\n" + table_of(evaluation.parts) +
         calibration_of(evaluation.reliability);
}

void add_line(std::string& out, const char* name, const RouterMetrics& metrics, const std::string& interval) {
  std::array<char, 192> text{};
  std::snprintf(text.data(), text.size(), "%-10s %6.3f  %-16s %6s %6s  %6s %6s %6s  %5s\n", name, metrics.apgr,
                interval.c_str(), fixed(metrics.cpt50, 1).c_str(), fixed(metrics.cpt80, 1).c_str(),
                fixed(metrics.strong_share[0], 1).c_str(), fixed(metrics.strong_share[1], 1).c_str(),
                fixed(metrics.strong_share[2], 1).c_str(), metrics.auc ? fixed(*metrics.auc).c_str() : "");
  out += text.data();
}

}  // namespace

std::string report_json(const RouterReport& report) { return to_json(report).dump(2) + "\n"; }

std::string report_text(const RouterReport& report) {
  std::string out = std::to_string(report.rows) + " prompts; mean outcome " + fixed(report.strong) + " strong, " +
                    fixed(report.weak) + " weak\n";
  if (report.strong <= report.weak) out += "The strong model is no better here: there is no gap to recover.\n";
  out += "             APGR  95 %              CPT50  CPT80    q90    q95    q99    AUC\n";
  add_line(out, "router", report.router, fixed(report.apgr.low) + " to " + fixed(report.apgr.high));
  add_line(out, "words", report.words, "");
  add_line(out, "oracle", report.oracle, "");
  out += "shuffled   " + std::string(" ") + fixed(report.shuffled) + "  the same scores, dealt to other prompts\n";
  if (report.untaught) out += "untaught    " + fixed(*report.untaught) + "  trained on outcomes of other prompts\n";
  out += "router - words " + fixed(report.router.apgr - report.words.apgr) + " (95 % " + fixed(report.above_words.low) +
         " to " + fixed(report.above_words.high) + ")\n";
  return out + "CPT, q: percent of strong calls that recover so much of the gap, keep so much of the strong quality\n";
}

std::string card_json(const OutcomeCard& card) {
  ordered_json out;
  out["model"] = card.version;
  out["sha256"] = card.model_sha256;
  out["classifier"] = card.classifier;
  out["prior_weight"] = rounded(static_cast<double>(card.prior_weight));
  ordered_json files = ordered_json::array();
  for (std::size_t i = 0; i < card.data->files.size(); ++i) {
    const OutcomeFile& file = card.data->files[i];
    files.push_back({{"file", file_name(file.path)},
                     {"sha256", file.sha256},
                     {"rows", file.rows},
                     {"strong", card.strong[i]},
                     {"weak", card.weak[i]}});
  }
  out["training"] = {
      {"seed", card.training.seed}, {"rows", card.trained_rows}, {"labels", card.labels}, {"files", files}};
  if (!card.labelled.empty()) out["rest_of_labelled"] = to_json(card.labelled);
  out["kinds_left_out"] = to_json(card.kinds);
  out["files_left_out"] = to_json(card.files);
  out["files_left_out_but_labels"] = to_json(card.with_labels);
  return out.dump(2) + "\n";
}

std::string card_markdown(const OutcomeCard& card) {
  std::string out = "# Report card of " + card.version + "\n\nTrained on " + std::to_string(card.trained_rows) +
                    " prompts and " + std::to_string(card.labels) + " labels of their own kind (seed " +
                    std::to_string(card.training.seed) + "), with the classifier " + card.classifier +
                    ". A kind of requests that it never saw: worth " +
                    fixed(static_cast<double>(card.prior_weight), 1) + " outcomes.\n\n";
  out +=
      "APGR: the share of the gap between weak and strong model that is recovered, over all shares of strong calls; "
      "random is 0.5. Words: more words, rather the strong model. Shuffled: the same scores dealt to other prompts. "
      "Untaught: trained on outcomes that belong to other prompts. AUC: of telling prompts where the strong model is "
      "better "
      "from the others.\n";
  if (!card.labelled.empty()) out += "\n## The rest of what labels were taken from\n\n" + table_of(card.labelled);
  out += section("One kind of prompts left out of training", card.kinds);
  out += section("One file left out of training", card.files);
  const std::string labels =
      card.with_labels.parts.empty() ? "" : std::to_string(card.with_labels.parts.front().labels);
  out += section("One file left out, but for " + labels + " of its rows", card.with_labels);
  out += "\n## Files\n\n| file | rows | strong | weak | SHA-256 |\n|---|---:|---|---|---|\n";
  for (std::size_t i = 0; i < card.data->files.size(); ++i) {
    const OutcomeFile& file = card.data->files[i];
    out += "| " + file_name(file.path) + " | " + std::to_string(file.rows) + " | " + card.strong[i] + " | " +
           card.weak[i] + " | " + file.sha256 + " |\n";
  }
  return out;
}

}  // namespace triaged::learn
