#include "triaged/base/embedded.hpp"
#include "triaged/routing/estimates.hpp"

#include "routing/model_file.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::string_view magic = "triaged outcome model\n";
constexpr std::uint32_t format = 2;
constexpr float largest_step = 127;
constexpr std::size_t longest_name = 256;
constexpr std::size_t most_models = 100'000;

float step_of(const std::vector<float>& weights) {
  float largest = 0;
  for (const float weight : weights) largest = std::max(largest, std::fabs(weight));
  return largest > 0 ? largest / largest_step : 1.0F;
}

void put_text(ModelWriter& file, std::string_view text) {
  file.put(static_cast<std::uint32_t>(text.size()));
  file.put_bytes(text);
}

std::string take_text(ModelReader& file) {
  const std::size_t size = std::min<std::size_t>(file.get<std::uint32_t>(), longest_name);
  return std::string(file.take(size));
}

void put_output(ModelWriter& file, const OutputTable& output) {
  for (const auto& row : output.log_tokens) {
    for (const float cell : row) file.put(cell);
  }
  file.put(output.deviation);
  file.put(static_cast<std::uint32_t>(output.models.size()));
  for (const ModelLength& known : output.models) {
    put_text(file, known.model);
    file.put(known.factor);
  }
}

OutputTable take_output(ModelReader& file) {
  OutputTable output;
  for (auto& row : output.log_tokens) {
    for (float& cell : row) cell = file.finite("length of output");
  }
  output.deviation = file.positive("deviation of output");
  const std::size_t models = std::min<std::size_t>(file.get<std::uint32_t>(), most_models);
  for (std::size_t i = 0; i < models; ++i) {
    ModelLength known;
    known.model = take_text(file);
    known.factor = file.positive("factor on output");
    if (known.model.empty()) break;  // nothing is left to read: finish() tells
    output.models.push_back(std::move(known));
  }
  return output;
}

double score(const OutcomeHead& head, const OutcomeVector& dense, const TaskFeatures& text) {
  double sum = static_cast<double>(head.intercept);
  for (std::size_t i = 0; i < head.dense.size(); ++i) sum += static_cast<double>(head.dense[i] * dense[i]);
  for (const TextGroup group : outcome_groups) {
    float part = 0;
    for (const std::uint16_t bucket : text.group(group)) part += head.text[outcome_bucket(bucket)];
    sum += static_cast<double>(part * text.scale(group));
  }
  return sum;
}

}  // namespace

std::string encode_estimate_model(const OutcomeWeights& weights) {
  ModelWriter file(magic);
  file.put(format);
  file.put(feature_version);
  file.put(static_cast<std::uint32_t>(outcome_buckets));
  file.put(static_cast<std::uint32_t>(task_type_count));
  file.put(static_cast<std::uint32_t>(weights.level.dense.size()));
  put_text(file, weights.classifier);
  file.put(weights.level.intercept);
  file.put(weights.gain.intercept);
  file.put(weights.prior_weight);
  for (std::size_t i = 0; i < weights.level.dense.size(); ++i) {
    file.put(weights.level.dense[i]);
    file.put(weights.gain.dense[i]);
  }
  const std::array<float, 2> steps{step_of(weights.level.text), step_of(weights.gain.text)};
  for (const float step : steps) file.put(step);
  for (std::size_t i = 0; i < weights.level.text.size(); ++i) {
    file.put(static_cast<std::int8_t>(std::round(weights.level.text[i] / steps[0])));
    file.put(static_cast<std::int8_t>(std::round(weights.gain.text[i] / steps[1])));
  }
  put_output(file, weights.output);
  return file.finish();
}

Result<std::shared_ptr<const EstimateModel>> EstimateModel::decode(std::string_view bytes, std::string_view origin) {
  const std::size_t dense = outcome_feature_count();
  ModelReader file(bytes, magic, "an outcome model", origin);
  file.expect("format", format);
  file.expect("feature version", feature_version);
  file.expect("number of buckets", outcome_buckets);
  file.expect("number of task types", task_type_count);
  file.expect("number of features", dense);
  auto model = std::make_shared<EstimateModel>();
  OutcomeWeights& weights = model->weights_;
  weights.classifier = take_text(file);
  weights.level.intercept = file.finite("constant");
  weights.gain.intercept = file.finite("constant");
  weights.prior_weight = file.positive("prior weight");
  weights.level.dense.resize(dense);
  weights.gain.dense.resize(dense);
  for (std::size_t i = 0; i < dense; ++i) {
    weights.level.dense[i] = file.finite("weight");
    weights.gain.dense[i] = file.finite("weight");
  }
  const std::array<float, 2> steps{file.positive("step"), file.positive("step")};
  const std::string_view text = file.take(2 * outcome_buckets);
  weights.output = take_output(file);
  if (Result<void> whole = file.finish(); !whole) return whole.error();
  weights.level.text.resize(outcome_buckets);
  weights.gain.text.resize(outcome_buckets);
  for (std::size_t i = 0; i < outcome_buckets; ++i) {
    weights.level.text[i] = static_cast<float>(static_cast<signed char>(text[2 * i])) * steps[0];
    weights.gain.text[i] = static_cast<float>(static_cast<signed char>(text[2 * i + 1])) * steps[1];
  }
  model->version_ = "outcomes-" + file.checksum();
  return std::shared_ptr<const EstimateModel>(std::move(model));
}

std::shared_ptr<const EstimateModel> EstimateModel::built_in() {
  static const std::shared_ptr<const EstimateModel> model = [] {
    auto decoded = decode(embedded_outcome_model(), "built-in outcome model");
    if (!decoded) throw std::runtime_error(decoded.error().detail);
    return *decoded;
  }();
  return model;
}

double Outlook::good(double strength) const {
  return std::clamp(level + (strength - 0.5) * std::max(gain, 0.0), 0.01, 0.99);
}

Outlook EstimateModel::look(const EstimateInput& input) const {
  OutcomeVector dense;
  outcome_features(input, dense);
  return {score(weights_.level, dense, input.text), score(weights_.gain, dense, input.text)};
}

OutputLength EstimateModel::output_length(const EstimateInput& input, std::string_view model) const {
  const OutputTable& table = weights_.output;
  const std::size_t band = length_band(input.features.trained_task_tokens);
  double log_tokens = 0;
  for (std::size_t t = 0; t < task_type_count; ++t) {
    log_tokens += static_cast<double>(input.task.probability[t] * table.log_tokens[t][band]);
  }
  const auto at = std::lower_bound(table.models.begin(), table.models.end(), model,
                                   [](const ModelLength& known, std::string_view name) { return known.model < name; });
  const double factor = at != table.models.end() && at->model == model ? static_cast<double>(at->factor) : 1.0;
  auto deviation = static_cast<double>(table.deviation);
  constexpr double ninth_decile = 1.2816;  // of the normal distribution
  OutputLength length;
  length.median = factor * std::exp(log_tokens);
  if (input.features.asked_output_tokens > 0) {
    // What is asked for is kept to, more or less; what a model needs beyond the ordinary it needs for its reasoning.
    constexpr double asked_deviation = 0.3;
    const double reasoning = std::max(0.0, factor - 1) * std::exp(log_tokens);
    length.median = static_cast<double>(input.features.asked_output_tokens) + reasoning;
    deviation = std::min(deviation, asked_deviation);
  }
  length.expected = length.median * std::exp(deviation * deviation / 2);
  length.p90 = length.median * std::exp(ninth_decile * deviation);
  if (const std::int64_t most = input.features.max_output_tokens; most > 0) {
    const auto cap = static_cast<double>(most);
    length = {std::min(length.expected, cap), std::min(length.median, cap), std::min(length.p90, cap)};
  }
  return length;
}

}  // namespace triaged::routing
