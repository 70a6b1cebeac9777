// From logits to what a Classifier returns.
#pragma once

#include "triaged/routing/classifier.hpp"

#include <array>

namespace triaged::routing {

using Logits = std::array<float, task_type_count>;

TaskScores softmax(const Logits& logits);
// Fills best, second and confidence from the probabilities.
void rank(TaskScores& scores);

}  // namespace triaged::routing
