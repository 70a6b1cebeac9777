// How good a task classifier is on labelled prompts: shares that are right, a confusion table, a calibration table.
#pragma once

#include "triaged/learn/task_data.hpp"
#include "triaged/learn/task_training.hpp"
#include "triaged/routing/classifier.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct TaskTally {
  std::size_t all = 0;
  std::size_t first = 0;       // best guess acceptable
  std::size_t second = 0;      // one of the best two
  std::size_t sure = 0;        // p >= 0.5
  std::size_t sure_right = 0;  // of these

  double top1() const { return all == 0 ? 0 : static_cast<double>(first) / static_cast<double>(all); }
  double top2() const { return all == 0 ? 0 : static_cast<double>(second) / static_cast<double>(all); }
  double sure_share() const { return all == 0 ? 0 : static_cast<double>(sure) / static_cast<double>(all); }
  double sure_precision() const { return sure == 0 ? 0 : static_cast<double>(sure_right) / static_cast<double>(sure); }
};

struct CalibrationBin {
  std::size_t count = 0;
  double confidence = 0;  // sums
  std::size_t right = 0;
};

struct TaskReport {
  TaskTally total;
  std::map<std::string, TaskTally> by_file;
  std::map<std::string, TaskTally> by_language;
  std::array<TaskTally, routing::task_type_count> by_label{};
  // [label][best guess]; an acceptable guess counts as the label.
  std::array<std::array<std::size_t, routing::task_type_count>, routing::task_type_count> confusion{};
  std::array<CalibrationBin, 10> calibration{};
  double calibration_error = 0;  // expected: mean distance of confidence and accuracy over the bins
};

std::string report_json(const TaskReport& report);
std::string report_text(const TaskReport& report);  // Markdown tables

TaskReport report_on(const TaskData& data, const std::vector<TaskPrediction>& predictions);
std::vector<TaskPrediction> predict(const TaskData& data, const routing::Classifier& classifier);

std::string sha256_hex(std::string_view bytes);

// The card that is kept beside a model: what it was made from and how good it is.
struct TaskCard {
  std::string version;
  std::string model_sha256;
  TaskTraining training;
  float temperature = 1;
  const TaskData* data = nullptr;
  TaskReport cross_validated;  // own rows where there are any, else all
  TaskReport cross_validated_all;
  const TaskData* held_out_data = nullptr;  // null: none was given
  TaskReport held_out;
};
std::string card_json(const TaskCard& card);
std::string card_markdown(const TaskCard& card);

}  // namespace triaged::learn
