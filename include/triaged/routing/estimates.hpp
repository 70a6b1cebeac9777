// How good an answer each tier would give, and how long: a model trained on outcomes (`triaged train outcomes`), with
// linear heads that are shrunk hard. Tiers differ in their strength, from 0 (weakest) to 1 (strongest):
//   P(good | strength) = level + (strength - 1/2) * max(gain, 0), kept within [0.01, 0.99]
// A negative gain ranks a request among those that need no strong tier; it does not make the weak one better.
// Its file, numbers little-endian:
//   "triaged outcome model\n"  u32 format, feature version, buckets, task types, dense features
//   text  version of the classifier it was trained with (u32 length, bytes)
//   f32   intercepts of level and gain, prior weight
//   f32   dense weights [dense features][level, gain]   f32 steps of level and gain   i8 text weights [buckets][2]
//   f32   log of output tokens [task types][length bands], its standard deviation
//   u32   number of models, for each: its name, f32 factor on output tokens
//   u32   CRC-32C of everything before it
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/complexity.hpp"
#include "triaged/routing/task_features.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::routing {

// What is known of a request when its outcome is estimated; all of it computed for the decision anyway.
struct EstimateInput {
  const Features& features;
  const TaskScores& task;
  const Complexity& complexity;
  const TaskFeatures& text;
};

constexpr std::size_t complexity_bands = 4;
std::size_t complexity_band(double complexity);  // quarters of [0, 1]

constexpr std::size_t length_bands = 4;
std::size_t length_band(std::int64_t tokens);  // up to 50, 200, 1,000 tokens, more

// The linear heads read dense features, then hashed words, each in one of `outcome_buckets`.
constexpr std::size_t outcome_buckets = std::size_t{1} << 15U;
inline constexpr std::array outcome_groups{TextGroup::instruction_words, TextGroup::document_words,
                                           TextGroup::openings};
constexpr std::size_t outcome_bucket(std::uint16_t bucket) { return bucket >> 1U; }
constexpr std::size_t most_outcome_features = 256;
using OutcomeVector = std::array<float, most_outcome_features>;
std::size_t outcome_feature_count();
const std::vector<std::string>& outcome_feature_names();  // of the dense ones
void outcome_features(const EstimateInput& input, OutcomeVector& out);

struct OutcomeHead {
  float intercept = 0;
  std::vector<float> dense;  // [outcome_feature_count()]
  std::vector<float> text;   // [outcome_buckets]
};

struct ModelLength {
  std::string model;
  float factor = 1;  // its output tokens against the table's
};

struct OutputTable {
  std::array<std::array<float, length_bands>, task_type_count> log_tokens{};
  float deviation = 0.8F;           // of the logarithm, within a cell
  std::vector<ModelLength> models;  // by name
};

// As training makes them, before rounding.
struct OutcomeWeights {
  OutcomeHead level;
  OutcomeHead gain;
  float prior_weight = 8;  // how many outcomes of a kind of requests the model is worth, where it saw none of the kind
  OutputTable output;
  std::string classifier;  // version
};
std::string encode_estimate_model(const OutcomeWeights& weights);

struct Outlook {
  double level = 0.5;
  double gain = 0;
  double good(double strength) const;  // P(good), in [0.01, 0.99]
};

struct OutputLength {
  double expected = 0;  // tokens
  double median = 0;
  double p90 = 0;  // nine of ten answers are no longer
};

// Immutable, used by all workers at once.
class EstimateModel {
 public:
  // Errors: no model, damaged, or made for another version; the sentence begins with `origin` (a file name).
  static Result<std::shared_ptr<const EstimateModel>> decode(std::string_view bytes, std::string_view origin);
  static std::shared_ptr<const EstimateModel> built_in();  // config/models/outcomes.model

  Outlook look(const EstimateInput& input) const;
  // Of any model of ordinary wordiness, or of a model that the training data knew by this name. Where the request says
  // how long the answer shall be, that long.
  OutputLength output_length(const EstimateInput& input, std::string_view model = {}) const;
  double prior_weight() const { return weights_.prior_weight; }
  const std::string& version() const { return version_; }                // "outcomes-" and the checksum
  const std::string& classifier() const { return weights_.classifier; }  // version it was trained with
  const OutcomeWeights& weights() const { return weights_; }             // to train on from here

 private:
  std::string version_;
  OutcomeWeights weights_;
};

// Strengths of `tiers` tiers in order, evenly spread.
double tier_strength(std::size_t tier, std::size_t tiers);

}  // namespace triaged::routing
