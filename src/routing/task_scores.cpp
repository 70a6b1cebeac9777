#include "routing/task_scores.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace triaged::routing {

TaskScores softmax(const Logits& logits) {
  TaskScores result;
  const float top = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (std::size_t i = 0; i < task_type_count; ++i) {
    result.probability[i] = std::exp(logits[i] - top);
    sum += result.probability[i];
  }
  for (float& p : result.probability) p /= sum;

  rank(result);
  return result;
}

void rank(TaskScores& scores) {
  const auto& probability = scores.probability;
  const auto best = std::max_element(probability.begin(), probability.end()) - probability.begin();
  std::size_t second = best == 0 ? 1 : 0;
  for (std::size_t i = 0; i < task_type_count; ++i) {
    if (static_cast<std::ptrdiff_t>(i) != best && probability[i] > probability[second]) second = i;
  }
  scores.best = static_cast<TaskType>(best);
  scores.second = static_cast<TaskType>(second);
  scores.confidence = probability[static_cast<std::size_t>(best)];
}

}  // namespace triaged::routing
