#include "triaged/learn/task_report.hpp"

#include "triaged/routing/features.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::learn {

namespace {

void count(TaskTally& tally, const TaskExample& example, const routing::TaskScores& scores) {
  const bool right = example.accepts(scores.best);
  ++tally.all;
  if (right) ++tally.first;
  if (right || example.accepts(scores.second)) ++tally.second;
  if (scores.confidence < 0.5F) return;
  ++tally.sure;
  if (right) ++tally.sure_right;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

TaskReport report_on(const TaskData& data, const std::vector<TaskPrediction>& predictions) {
  TaskReport report;
  for (const TaskPrediction& prediction : predictions) {
    const TaskExample& example = data.examples[prediction.example];
    const routing::TaskScores& scores = prediction.scores;
    const auto label = static_cast<std::size_t>(example.label);
    count(report.total, example, scores);
    count(report.by_file[file_name(data.files[example.file].path)], example, scores);
    count(report.by_language[example.language], example, scores);
    count(report.by_label[label], example, scores);
    const bool right = example.accepts(scores.best);
    ++report.confusion[label][right ? label : static_cast<std::size_t>(scores.best)];

    const auto confidence = static_cast<double>(scores.confidence);
    CalibrationBin& bin = report.calibration[std::min<std::size_t>(9, static_cast<std::size_t>(confidence * 10))];
    ++bin.count;
    bin.confidence += confidence;
    if (right) ++bin.right;
  }
  double distance = 0;
  for (const CalibrationBin& bin : report.calibration) {
    distance += std::fabs(bin.confidence - static_cast<double>(bin.right));
  }
  report.calibration_error = predictions.empty() ? 0 : distance / static_cast<double>(predictions.size());
  return report;
}

std::vector<TaskPrediction> predict(const TaskData& data, const routing::Classifier& classifier) {
  std::vector<TaskPrediction> predictions;
  for (std::size_t i = 0; i < data.examples.size(); ++i) {
    const chat::Request& request = data.examples[i].request;
    predictions.push_back({i, routing::classify(request, routing::extract_features(request), classifier)});
  }
  return predictions;
}

}  // namespace triaged::learn
