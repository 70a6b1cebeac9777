#include "triaged/routing/task_model.hpp"

#include "triaged/base/crc32c.hpp"

#include "routing/model_file.hpp"
#include "routing/task_scores.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace triaged::routing {

namespace {

constexpr std::string_view magic = "triaged task model\n";
constexpr std::uint32_t format = 1;
constexpr float largest_step = 127;

constexpr int bias = 128;               // of the weights in memory
constexpr std::size_t most_rows = 256;  // whose biased weights add up within 16 bits

// Adds the weights of the rows to `sums`, without their bias. At most `most_rows`.
template <std::size_t row>
void add_rows(const std::uint8_t* weights, std::span<const std::uint16_t> rows, std::array<std::int32_t, row>& sums) {
  static_assert(row == 16);
  std::array<std::uint16_t, row> biased{};
#ifdef __SSE2__
  // Two bytes are added as one number of 16 bits: the upper ones alone beside it, so that what the lower ones carried
  // into them can be taken out at the end.
  __m128i both = _mm_setzero_si128();
  __m128i upper = both;
  const auto add = [&](std::uint16_t at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(weights + std::size_t{at} * row));
    both = _mm_add_epi16(both, bytes);
    upper = _mm_add_epi16(upper, _mm_srli_epi16(bytes, 8));
  };
  const std::uint16_t* at = rows.data();
  const std::uint16_t* const end = at + rows.size();
  for (; end - at >= 4; at += 4) {
    add(at[0]);
    add(at[1]);
    add(at[2]);
    add(at[3]);
  }
  for (; at != end; ++at) add(*at);
  const __m128i lower = _mm_sub_epi16(both, _mm_slli_epi16(upper, 8));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(biased.data()), _mm_unpacklo_epi16(lower, upper));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(biased.data() + row / 2), _mm_unpackhi_epi16(lower, upper));
#else
  for (const std::uint16_t at : rows) {
    for (std::size_t i = 0; i < row; ++i) {
      biased[i] = static_cast<std::uint16_t>(biased[i] + weights[std::size_t{at} * row + i]);
    }
  }
#endif
  const auto all = static_cast<std::int32_t>(rows.size()) * bias;
  for (std::size_t i = 0; i < row; ++i) sums[i] += std::int32_t{biased[i]} - all;
}

// The few largest weights are cut off, so that the many small ones keep their digits.
float step_for(const std::vector<float>& weights) {
  std::vector<float> sizes;
  for (const float weight : weights) {
    if (weight != 0) sizes.push_back(std::fabs(weight));
  }
  if (sizes.empty()) return 1;
  const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() - 1 - sizes.size() / 5000);
  std::nth_element(sizes.begin(), at, sizes.end());
  return *at / largest_step;
}

}  // namespace

std::string encode_task_model(const TaskWeights& weights) {
  ModelWriter file(magic);
  file.put(format);
  file.put(feature_version);
  file.put(static_cast<std::uint32_t>(bucket_count));
  file.put(static_cast<std::uint32_t>(task_type_count));
  file.put(static_cast<std::uint32_t>(weights.dense.size() / task_type_count));
  file.put(weights.temperature);
  const float step = step_for(weights.text);
  file.put(step);
  for (const float weight : weights.dense) file.put(weight);
  for (const float weight : weights.text) {
    file.put(static_cast<std::int8_t>(std::clamp(std::round(weight / step), -largest_step, largest_step)));
  }
  return file.finish();
}

Result<std::shared_ptr<const TaskModel>> TaskModel::decode(std::string_view bytes, std::string_view origin) {
  ModelReader file(bytes, magic, "a task model", origin);
  file.expect("format", format);
  file.expect("feature version", feature_version);
  file.expect("number of buckets", bucket_count);
  file.expect("number of task types", task_type_count);
  file.expect("number of cues", static_cast<std::uint32_t>(dense_feature_count()));
  auto model = std::make_shared<TaskModel>();
  model->inverse_temperature_ = 1.0F / file.positive("temperature");
  model->step_ = file.positive("step");
  model->dense_.resize(dense_feature_count() * row);
  for (std::size_t k = 0; k < dense_feature_count(); ++k) {
    for (std::size_t i = 0; i < task_type_count; ++i) model->dense_[k * row + i] = file.finite("weight");
  }
  model->text_.assign(bucket_count * row, 0);
  const std::string_view rows = file.take(bucket_count * task_type_count);
  if (Result<void> whole = file.finish(); !whole) return whole.error();
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    const char* const from = rows.data() + bucket * task_type_count;
    std::transform(from, from + task_type_count, model->text_.begin() + static_cast<std::ptrdiff_t>(bucket * row),
                   [](char weight) { return static_cast<std::uint8_t>(static_cast<unsigned char>(weight) + bias); });
  }
  model->version_ = "tasks-" + file.checksum();
  return std::shared_ptr<const TaskModel>(std::move(model));
}

TaskScores TaskModel::score(const TaskFeatures& features) const {
  std::array<float, row> sums{};
  for (std::size_t g = 0; g < text_group_count; ++g) {
    const auto group = static_cast<TextGroup>(g);
    std::array<std::int32_t, row> steps{};
    std::span<const std::uint16_t> buckets = features.group(group);
    while (!buckets.empty()) {
      const std::size_t count = std::min(buckets.size(), most_rows);
      add_rows(text_.data(), buckets.first(count), steps);
      buckets = buckets.subspan(count);
    }
    const float value = features.scale(group) * step_;
    for (std::size_t i = 0; i < row; ++i) sums[i] += static_cast<float>(steps[i]) * value;
  }
  const std::span<const float> dense = features.dense();
  for (std::size_t k = 0; k < dense.size(); ++k) {
    if (dense[k] == 0) continue;
    const float* const weights = dense_.data() + k * row;
    for (std::size_t i = 0; i < row; ++i) sums[i] += dense[k] * weights[i];
  }
  Logits logits{};
  for (std::size_t i = 0; i < task_type_count; ++i) logits[i] = sums[i] * inverse_temperature_;
  return softmax(logits);
}

namespace {

class TrainedClassifier final : public Classifier {
 public:
  explicit TrainedClassifier(std::shared_ptr<const TaskModel> model) : model_(std::move(model)) {}

  TaskScores classify(const TaskFeatures& text) const override { return model_->score(text); }
  std::string_view version() const override { return model_->version(); }

 private:
  std::shared_ptr<const TaskModel> model_;
};

}  // namespace

std::unique_ptr<Classifier> make_trained_classifier(std::shared_ptr<const TaskModel> model) {
  return std::make_unique<TrainedClassifier>(std::move(model));
}

}  // namespace triaged::routing
