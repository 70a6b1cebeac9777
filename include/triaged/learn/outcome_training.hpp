// Training of the outcome model, one thread, the same bytes for the same data. Two ridge regressions, of the level and
// of the gain of a pair of models, with three kinds of shrinkage: towards a prior in which longer prompts gain more,
// so that without labels only what the task type certainly is stands beside length (all else misled on kinds that
// training did not see); towards the trained model when a few labels of a new kind are added; and of each penalty by
// cross-validation where labels decide.
#pragma once

#include "triaged/learn/outcome_data.hpp"
#include "triaged/routing/estimates.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct OutcomeTraining {
  std::uint64_t seed = 1;
  double length_prior = 0.1;    // what e times as many words add to the gain, before any data
  double length_penalty = 1e6;  // on the distance from it
  double task_penalty = 100;    // on weights of task types
  double table_penalty = 1e6;   // on cells of task type and complexity
  double slope_penalty = 1e6;   // on how length counts in a task type, or among formulas, code, lettered options
  double signal_penalty = 1e6;  // on all other dense features
  double text_penalty = 1e6;    // on hashed words
  unsigned steps = 40;          // of the solver
};

// `rows` are indices into `pairs`. An empty `rows` gives the prior alone.
routing::OutcomeWeights train_outcomes(const OutcomeData& data, const std::vector<Pair>& pairs,
                                       std::span<const std::size_t> rows, const OutcomeTraining& options);

// Moves a model towards labels of the kind of requests it is to serve; how far is found by cross-validation on them.
routing::OutcomeWeights adapt_outcomes(const routing::OutcomeWeights& base, const OutcomeData& data,
                                       const std::vector<Pair>& pairs, std::span<const std::size_t> labels,
                                       const OutcomeTraining& options);

// How many outcomes the model is worth on kinds of requests that it did not see, from its errors on those left out.
struct KindError {
  double actual = 0;
  double predicted = 0;
};
double prior_weight_of(std::span<const KindError> kinds);

// Lengths of outputs by task and length of the prompt, and each model's factor on them.
routing::OutputTable train_output_lengths(const OutcomeData& data);

// `count` of 0 .. size-1, those whose hashes with the seed are smallest; in rising order.
std::vector<std::size_t> sample_pairs(const OutcomeData& data, const std::vector<Pair>& pairs, std::size_t count,
                                      std::uint64_t seed);

double gain_of(const routing::OutcomeWeights& weights, const OutcomePoint& point);
double level_of(const routing::OutcomeWeights& weights, const OutcomePoint& point);

}  // namespace triaged::learn
