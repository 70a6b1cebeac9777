// Lengths of outputs: cells shrunk towards their task, tasks towards all, models towards the ordinary one.
#include "triaged/learn/outcome_training.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace triaged::learn {

namespace {

constexpr double characters_per_token = 4;
constexpr double usual_log_tokens = 5.5;  // 245 tokens: where nothing is known
constexpr double pseudo_rows = 50;
constexpr float usual_deviation = 0.8F;

struct Mean {
  double weight = 0;
  double sum = 0;
  void add(double value, double times) {
    weight += times;
    sum += times * value;
  }
  double towards(double prior) const { return (sum + pseudo_rows * prior) / (weight + pseudo_rows); }
};

bool is_length(float characters) { return characters > 0; }  // false for none (NaN)

double log_tokens(float characters) {
  return std::log(std::max(1.0, static_cast<double>(characters) / characters_per_token));
}

// Each model's mean distance from the others on the same rows.
std::vector<double> model_shifts(const OutcomeData& data) {
  std::vector<Mean> shifts(data.models.size());
  for (const OutcomeExample& example : data.examples) {
    Mean row;
    for (const float length : example.output_chars) {
      if (is_length(length)) row.add(log_tokens(length), 1);
    }
    if (row.weight < 2) continue;
    for (std::size_t m = 0; m < example.output_chars.size(); ++m) {
      if (is_length(example.output_chars[m])) {
        shifts[m].add(log_tokens(example.output_chars[m]) - row.sum / row.weight, 1);
      }
    }
  }
  std::vector<double> found;
  found.reserve(shifts.size());
  for (const Mean& shift : shifts) found.push_back(shift.towards(0));
  return found;
}

}  // namespace

routing::OutputTable train_output_lengths(const OutcomeData& data) {
  using Row = std::array<Mean, routing::length_bands>;
  routing::OutputTable table;
  const std::vector<double> shifts = model_shifts(data);
  Mean all;
  std::array<Mean, routing::task_type_count> tasks{};
  std::array<Row, routing::task_type_count> cells{};
  Mean squares;
  for (const OutcomeExample& example : data.examples) {
    for (std::size_t m = 0; m < example.output_chars.size(); ++m) {
      if (!is_length(example.output_chars[m])) continue;
      const double value = log_tokens(example.output_chars[m]) - shifts[m];
      all.add(value, 1);
      for (std::size_t t = 0; t < tasks.size(); ++t) {
        const auto p = static_cast<double>(example.task_probability[t]);
        tasks[t].add(value, p);
        cells[t][example.length_band].add(value, p);
      }
    }
  }
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const double of_task = tasks[t].towards(all.towards(usual_log_tokens));
    for (std::size_t b = 0; b < routing::length_bands; ++b) {
      table.log_tokens[t][b] = static_cast<float>(cells[t][b].towards(of_task));
    }
  }
  for (const OutcomeExample& example : data.examples) {
    double expected = 0;
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      expected += static_cast<double>(example.task_probability[t] * table.log_tokens[t][example.length_band]);
    }
    for (std::size_t m = 0; m < example.output_chars.size(); ++m) {
      if (!is_length(example.output_chars[m])) continue;
      const double miss = log_tokens(example.output_chars[m]) - shifts[m] - expected;
      squares.add(miss * miss, 1);
    }
  }
  table.deviation = squares.weight > 0 ? static_cast<float>(std::sqrt(squares.sum / squares.weight)) : usual_deviation;
  table.deviation = std::clamp(table.deviation, 0.1F, 2.0F);
  for (std::size_t m = 0; m < shifts.size(); ++m) {
    if (shifts[m] != 0) table.models.push_back({data.models[m], static_cast<float>(std::exp(shifts[m]))});
  }
  std::sort(table.models.begin(), table.models.end(), [](const auto& a, const auto& b) { return a.model < b.model; });
  return table;
}

}  // namespace triaged::learn
