// The trained task classifier: a softmax over the features of task_features.hpp. Its file is made by `triaged train
// tasks`; numbers are little-endian:
//   "triaged task model\n"  u32 format, feature version, buckets, task types, dense features
//   f32 temperature, f32 value of one step of the int8 weights
//   f32 dense weights [dense features][task types]   i8 text weights [buckets][task types]
//   u32 CRC-32C of everything before it
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/task_features.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::routing {

// As training makes them, before rounding. Logits are divided by the temperature.
struct TaskWeights {
  std::vector<float> text;   // [bucket_count][task_type_count]
  std::vector<float> dense;  // [dense_feature_count()][task_type_count]
  float temperature = 1.0F;
};
// The weights of the dense features as they stand in the tables of cues: where training starts, so that little data is
// enough.
std::vector<float> cue_weights();
std::string encode_task_model(const TaskWeights& weights);

// Immutable, used by all workers at once.
class TaskModel {
 public:
  // Errors: no model, damaged, or made for another version; the sentence begins with `origin` (a file name).
  static Result<std::shared_ptr<const TaskModel>> decode(std::string_view bytes, std::string_view origin);

  TaskScores score(const TaskFeatures& features) const;
  const std::string& version() const { return version_; }  // "tasks-" and the checksum

 private:
  static constexpr std::size_t row = 16;  // a row of weights, padded: those of text are one load

  std::string version_;
  std::vector<float> dense_;
  std::vector<std::uint8_t> text_;  // of int8 weights, each 128 more, so that sums need no signs
  float step_ = 0;
  float inverse_temperature_ = 1;
};

std::unique_ptr<Classifier> make_trained_classifier(std::shared_ptr<const TaskModel> model);

}  // namespace triaged::routing
