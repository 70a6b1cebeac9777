// Training of the task classifier: multinomial logistic regression with AdaGrad over the features of
// routing/task_features.hpp, one thread, the same bytes for the same data and seed. The temperature comes from
// cross-validation.
#pragma once

#include "triaged/learn/task_data.hpp"
#include "triaged/routing/task_model.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct TaskTraining {
  std::uint64_t seed = 1;
  unsigned epochs = 12;
  unsigned folds = 4;            // of the cross-validation
  float rate = 0.12F;            // AdaGrad's step
  float decay = 2e-4F;           // of the weights a step touches
  float drop_cues = 0.25F;       // share of steps that must do without the dense features ...
  float drop_words = 0.3F;       // ... without one of the groups of n-grams
  double sure_precision = 0.91;  // where p >= 0.5, at least so many are right in the cross-validation
};

// One prediction on an example that the model behind it had not seen.
struct TaskPrediction {
  std::size_t example = 0;  // index into the data's examples
  routing::TaskScores scores;
};

struct TaskTrainingResult {
  routing::TaskWeights weights;
  std::vector<TaskPrediction> cross_validated;
};

// `progress` is told what is going on, a line at a time.
TaskTrainingResult train_tasks(const TaskData& data, const TaskTraining& options,
                               const std::function<void(std::string_view)>& progress);

}  // namespace triaged::learn
