// How well each of several models did on each of many prompts, from JSON lines:
//   {"id", "task", "prompt", "scores": {model: 0..1}[, "output_chars": {model: n}][, "costs": {model: dollars}]}
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/estimates.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace triaged::learn {

// What the linear heads read of one prompt.
struct OutcomePoint {
  std::vector<float> dense;
  std::vector<std::pair<std::uint16_t, float>> text;  // bucket, value; each bucket once
};

struct OutcomeExample {
  OutcomePoint point;
  std::array<float, routing::task_type_count> task_probability{};
  std::size_t length_band = 0;
  double input_tokens = 0;
  double words = 0;        // between spaces: what the baseline counts
  std::uint64_t hash = 0;  // of the prompt: decides samples and folds, whatever the order of the rows
  std::size_t file = 0;    // index into OutcomeData::files
  std::size_t kind = 0;    // index into OutcomeData::kinds
  // By index into OutcomeData::models; NaN where nothing is said. The last two may be empty.
  std::vector<float> scores;
  std::vector<float> output_chars;
  std::vector<float> costs;
};

struct OutcomeFile {
  std::string path;
  std::size_t rows = 0;
  std::string sha256;
};

struct OutcomeData {
  std::vector<OutcomeFile> files;
  std::vector<std::string> models;
  std::vector<std::string> kinds;  // "file/task"
  std::vector<OutcomeExample> examples;
  std::string classifier;  // version

  std::optional<std::size_t> find_model(std::string_view name) const;
  // Of `names`, the one that row's file has: files know different models.
  std::size_t model_in(std::size_t file, const std::vector<std::string>& names) const;  // no_model if none
  static constexpr std::size_t no_model = static_cast<std::size_t>(-1);
};

// Errors name file and line. The prompts themselves are not kept.
Result<OutcomeData> read_outcomes(const std::vector<std::string>& paths, const routing::Classifier& classifier);

// A prompt as the models see it: one user turn.
OutcomeExample read_prompt(const std::string& prompt, const routing::Classifier& classifier);

// The outcomes of a strong and a weak model on the rows that have both.
struct Pair {
  std::size_t example = 0;  // index into OutcomeData::examples
  float strong = 0;
  float weak = 0;
  // Means over all strong and all weak models that the row knows: training follows these, as they are less noisy.
  float pooled_strong = 0;
  float pooled_weak = 0;
  float gain() const { return strong - weak; }
};
// The pair is of each file the first of `strong` and the first of `weak` that it knows. An error if no row has both.
Result<std::vector<Pair>> pairs_of(const OutcomeData& data, const std::vector<std::string>& strong,
                                   const std::vector<std::string>& weak);

}  // namespace triaged::learn
