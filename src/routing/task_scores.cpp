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

  const auto begin = result.probability.begin();
  const auto best = std::max_element(begin, result.probability.end()) - begin;
  std::size_t second = best == 0 ? 1 : 0;
  for (std::size_t i = 0; i < task_type_count; ++i) {
    if (static_cast<std::ptrdiff_t>(i) != best && result.probability[i] > result.probability[second]) second = i;
  }
  result.best = static_cast<TaskType>(best);
  result.second = static_cast<TaskType>(second);
  result.confidence = result.probability[static_cast<std::size_t>(best)];
  return result;
}

}  // namespace triaged::routing
