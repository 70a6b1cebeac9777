// Which task type a request is, with a probability for each.
#pragma once

#include "triaged/routing/features.hpp"
#include "triaged/routing/task_features.hpp"
#include "triaged/routing/task_type.hpp"

#include <array>
#include <string_view>

namespace triaged::routing {

struct TaskScores {
  std::array<float, task_type_count> probability{};  // sums to 1
  TaskType best = TaskType::chat;
  TaskType second = TaskType::qa;
  float confidence = 0;  // probability of `best`
};

// Immutable, used by all workers at once.
class Classifier {
 public:
  virtual ~Classifier() = default;
  virtual TaskScores classify(const TaskFeatures& text) const = 0;
  virtual std::string_view version() const = 0;  // booked with every decision; thresholds belong to one version
};

inline TaskScores classify(const chat::Request& request, const Features& features, const Classifier& classifier) {
  TaskFeatures text;
  extract_task_features(request, features, text);
  return classifier.classify(text);
}

}  // namespace triaged::routing
