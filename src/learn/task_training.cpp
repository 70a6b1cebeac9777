#include "triaged/learn/task_training.hpp"

#include "triaged/base/ids.hpp"
#include "triaged/routing/features.hpp"
#include "triaged/routing/task_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace triaged::learn {

namespace {

using routing::bucket_count;
using routing::task_type_count;
using routing::TaskFeatures;
using routing::TaskWeights;
using routing::text_group_count;
using routing::TextGroup;
using Classes = std::array<float, task_type_count>;

// The features of one example, kept small.
struct Sparse {
  std::array<std::uint32_t, text_group_count + 1> begin{};
  std::array<float, text_group_count> scale{};
  std::vector<std::uint16_t> buckets;
  std::vector<std::pair<std::uint8_t, float>> dense;
  Classes target{};
  float weight = 1;
};

// How much of the target's probability the other acceptable labels get, together.
constexpr float alternative_share = 0.35F;

// What the weights set by hand are worth at the start: data decide, but without any they should still mean something.
constexpr float trust_in_tables = 0.5F;

Sparse look(const TaskExample& example) {
  Sparse row;
  TaskFeatures found;
  routing::extract_task_features(example.request, routing::extract_features(example.request), found);
  for (std::size_t g = 0; g < text_group_count; ++g) {
    const auto group = found.group(static_cast<TextGroup>(g));
    row.buckets.insert(row.buckets.end(), group.begin(), group.end());
    row.begin[g + 1] = static_cast<std::uint32_t>(row.buckets.size());
    row.scale[g] = found.scale(static_cast<TextGroup>(g));
  }
  const auto dense = found.dense();
  for (std::size_t k = 0; k < dense.size(); ++k) {
    if (dense[k] != 0) row.dense.emplace_back(static_cast<std::uint8_t>(k), dense[k]);
  }
  const float others = example.alternatives.empty() ? 0.0F : alternative_share;
  row.target[static_cast<std::size_t>(example.label)] = 1.0F - others;
  for (const routing::TaskType task : example.alternatives) {
    row.target[static_cast<std::size_t>(task)] += others / static_cast<float>(example.alternatives.size());
  }
  row.weight = example.weight;
  return row;
}

class Learner {
 public:
  explicit Learner(const TaskTraining& options) : options_(options), random_(options.seed) {
    weights_.text.assign(bucket_count * task_type_count, 0);
    weights_.dense = routing::cue_weights();
    for (float& weight : weights_.dense) weight *= trust_in_tables;
    text_squares_.assign(weights_.text.size(), 0);
    dense_squares_.assign(weights_.dense.size(), 0);
  }

  void learn(const std::vector<Sparse>& rows, std::vector<std::uint32_t> order) {
    for (unsigned epoch = 0; epoch < options_.epochs; ++epoch) {
      for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[static_cast<std::size_t>(random_.unit() * static_cast<double>(i))]);
      }
      for (const std::uint32_t index : order) step(rows[index]);
    }
  }

  Classes logits(const Sparse& row) const {
    std::array<bool, text_group_count> all{};
    all.fill(true);
    return logits(row, all, true);
  }
  TaskWeights take() { return std::move(weights_); }

 private:
  Classes logits(const Sparse& row, const std::array<bool, text_group_count>& groups, bool cues) const {
    Classes sums{};
    for (std::size_t g = 0; g < text_group_count; ++g) {
      if (!groups[g]) continue;
      Classes part{};
      for (std::uint32_t k = row.begin[g]; k < row.begin[g + 1]; ++k) {
        const float* const from = weights_.text.data() + std::size_t{row.buckets[k]} * task_type_count;
        for (std::size_t i = 0; i < task_type_count; ++i) part[i] += from[i];
      }
      const float value = row.scale[g];
      for (std::size_t i = 0; i < task_type_count; ++i) sums[i] += part[i] * value;
    }
    if (!cues) return sums;
    for (const auto& [cue, value] : row.dense) {
      const float* const from = weights_.dense.data() + std::size_t{cue} * task_type_count;
      for (std::size_t i = 0; i < task_type_count; ++i) sums[i] += from[i] * value;
    }
    return sums;
  }

  void step(const Sparse& row) {
    std::array<bool, text_group_count> groups{};
    for (std::size_t g = 0; g < text_group_count; ++g) {
      groups[g] = g == static_cast<std::size_t>(TextGroup::structure) || random_.unit() >= options_.drop_words;
    }
    const bool cues = random_.unit() >= options_.drop_cues;
    Classes gradient = logits(row, groups, cues);
    const float top = *std::max_element(gradient.begin(), gradient.end());
    float sum = 0;
    for (float& value : gradient) sum += value = std::exp(value - top);
    for (std::size_t i = 0; i < task_type_count; ++i) {
      gradient[i] = (gradient[i] / sum - row.target[i]) * row.weight;
    }
    for (std::size_t g = 0; g < text_group_count; ++g) {
      if (!groups[g]) continue;
      const float value = row.scale[g];
      for (std::uint32_t k = row.begin[g]; k < row.begin[g + 1]; ++k) {
        const std::size_t at = std::size_t{row.buckets[k]} * task_type_count;
        move(weights_.text.data() + at, text_squares_.data() + at, gradient, value);
      }
    }
    if (!cues) return;
    for (const auto& [cue, value] : row.dense) {
      const std::size_t at = std::size_t{cue} * task_type_count;
      move(weights_.dense.data() + at, dense_squares_.data() + at, gradient, value);
    }
  }

  void move(float* weights, float* squares, const Classes& gradient, float value) const {
    for (std::size_t i = 0; i < task_type_count; ++i) {
      const float slope = gradient[i] * value + options_.decay * weights[i];
      squares[i] += slope * slope;
      weights[i] -= options_.rate * slope / (std::sqrt(squares[i]) + 1e-3F);
    }
  }

  const TaskTraining& options_;
  Random random_;
  TaskWeights weights_;
  std::vector<float> text_squares_;
  std::vector<float> dense_squares_;
};

routing::TaskScores scores_of(const Classes& logits, float temperature) {
  routing::TaskScores scores;
  const float top = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (std::size_t i = 0; i < task_type_count; ++i) {
    sum += scores.probability[i] = std::exp((logits[i] - top) / temperature);
  }
  for (float& p : scores.probability) p /= sum;
  std::array<std::size_t, task_type_count> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::partial_sort(order.begin(), order.begin() + 2, order.end(),
                    [&](std::size_t a, std::size_t b) { return scores.probability[a] > scores.probability[b]; });
  scores.best = static_cast<routing::TaskType>(order[0]);
  scores.second = static_cast<routing::TaskType>(order[1]);
  scores.confidence = scores.probability[order[0]];
  return scores;
}

// The lowest temperature that is both the likeliest and careful enough where it is sure. Real traffic decides, where
// there is any: on easy rows everything looks sure.
float find_temperature(const TaskData& data, const std::vector<Classes>& logits, double sure_precision) {
  const bool any_own = std::any_of(data.examples.begin(), data.examples.end(), [](const auto& row) { return row.own; });
  float best = 1;
  double least = 1e300;
  std::vector<std::pair<float, bool>> tried;
  for (float temperature = 0.5F; temperature < 4.0F; temperature *= 1.04F) {
    double loss = 0;
    double sure = 0;
    double right = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const TaskExample& example = data.examples[i];
      if (any_own && !example.own) continue;
      const routing::TaskScores scores = scores_of(logits[i], temperature);
      const auto p = static_cast<double>(scores.probability[static_cast<std::size_t>(example.label)]);
      loss -= std::log(std::max(p, 1e-9));
      if (scores.confidence < 0.5F) continue;
      ++sure;
      if (example.accepts(scores.best)) ++right;
    }
    const bool careful = sure == 0 || right >= sure_precision * sure;
    tried.emplace_back(temperature, careful);
    if (loss < least) {
      least = loss;
      best = temperature;
    }
  }
  for (const auto& [temperature, careful] : tried) {
    if (temperature >= best && careful) return temperature;
  }
  return tried.back().first;
}

}  // namespace

TaskTrainingResult train_tasks(const TaskData& data, const TaskTraining& options,
                               const std::function<void(std::string_view)>& progress) {
  std::vector<Sparse> rows;
  rows.reserve(data.examples.size());
  for (const TaskExample& example : data.examples) rows.push_back(look(example));
  progress("read the features of " + std::to_string(rows.size()) + " prompts");

  std::vector<Classes> held_out(rows.size());
  for (unsigned fold = 0; fold < options.folds; ++fold) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      if (data.examples[i].hash % options.folds != fold) order.push_back(i);
    }
    Learner learner(options);
    learner.learn(rows, std::move(order));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (data.examples[i].hash % options.folds == fold) held_out[i] = learner.logits(rows[i]);
    }
    progress("cross-validation: fold " + std::to_string(fold + 1) + " of " + std::to_string(options.folds));
  }
  TaskTrainingResult result;
  const float temperature = find_temperature(data, held_out, options.sure_precision);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.cross_validated.push_back({i, scores_of(held_out[i], temperature)});
  }
  Learner learner(options);
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  learner.learn(rows, std::move(order));
  result.weights = learner.take();
  result.weights.temperature = temperature;
  progress("trained on all of them");
  return result;
}

}  // namespace triaged::learn
