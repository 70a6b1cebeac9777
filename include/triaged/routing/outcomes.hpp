// How requests turned out, tier by tier: statistics that all workers read and add to at once, without locks. They
// forget exponentially, so that a model that changes is noticed, and correct the trained model's estimates: by nothing
// where nothing was seen, wholly where much was.
#pragma once

#include "triaged/routing/estimates.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace triaged::routing {

struct Outcome {
  TaskType task = TaskType::chat;
  std::size_t band = 0;  // complexity_band()
  std::size_t tier = 0;
  double good = 0;      // 0 .. 1: a gate's verdict, a judge's grade, a user's thumb
  double expected = 0;  // P(good) as the model alone said when it was decided
  // With the reasoning, and what was expected; 0: not known.
  double output_tokens = 0;
  double expected_tokens = 0;
};

struct TierEstimate {
  double good = 0;          // P(good)
  double lower = 0;         // its lower confidence bound
  double seen = 0;          // outcomes behind it, as far as they are not forgotten
  double token_factor = 1;  // on the output tokens that the model expects
};

class Outcomes {
 public:
  struct Options {
    double memory = 500;         // outcomes of a cell after which the oldest count e times less
    double prior_weight = 8;     // outcomes that the model is worth: EstimateModel::prior_weight()
    double confidence = 1.2816;  // standard deviations below the estimate: nine times in ten it is no worse
  };
  Outcomes(std::size_t tiers, Options options);

  void update(const Outcome& outcome);  // what lies outside the tables, or is no number, is left out
  // `prior` is the model's P(good). What a task's other bands showed counts where the band itself has little.
  TierEstimate estimate(TaskType task, std::size_t band, std::size_t tier, double prior) const;

 private:
  // Two numbers that change together: one atomic word.
  struct Cell {
    float count = 0;
    float excess = 0;  // sum of what was found minus what was expected
  };
  using Cells = std::unique_ptr<std::atomic<Cell>[]>;  // NOLINT(modernize-avoid-c-arrays): atomics do not move
  static_assert(std::atomic<Cell>::is_always_lock_free);

  std::size_t cell(TaskType task, std::size_t band, std::size_t tier) const;
  std::size_t task_cell(TaskType task, std::size_t tier) const;
  void add(std::atomic<Cell>& cell, double excess) const;
  double shift(const Cells& cells, TaskType task, std::size_t band, std::size_t tier) const;

  std::size_t tiers_;
  Options options_;
  Cells good_;    // [task][band][tier], then [task][tier]
  Cells tokens_;  // the same, of logarithms
};

}  // namespace triaged::routing
