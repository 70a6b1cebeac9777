#include "triaged/routing/outcomes.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::routing {

Outcomes::Outcomes(std::size_t tiers, Options options)
    : tiers_(tiers),
      options_(options),
      good_(std::make_unique<std::atomic<Cell>[]>(task_type_count * (complexity_bands + 1) * tiers)),      // NOLINT
      tokens_(std::make_unique<std::atomic<Cell>[]>(task_type_count * (complexity_bands + 1) * tiers)) {}  // NOLINT

std::size_t Outcomes::cell(TaskType task, std::size_t band, std::size_t tier) const {
  return (static_cast<std::size_t>(task) * complexity_bands + band) * tiers_ + tier;
}

std::size_t Outcomes::task_cell(TaskType task, std::size_t tier) const {
  return (task_type_count * complexity_bands + static_cast<std::size_t>(task)) * tiers_ + tier;
}

void Outcomes::add(std::atomic<Cell>& cell, double excess) const {
  const auto kept = static_cast<float>(1.0 - 1.0 / options_.memory);
  Cell before = cell.load(std::memory_order_relaxed);
  Cell after;
  do {
    after.count = before.count * kept + 1.0F;
    after.excess = before.excess * kept + static_cast<float>(excess);
  } while (!cell.compare_exchange_weak(before, after, std::memory_order_relaxed));
}

void Outcomes::update(const Outcome& outcome) {
  const bool fits = outcome.tier < tiers_ && outcome.band < complexity_bands &&
                    static_cast<std::size_t>(outcome.task) < task_type_count;
  if (!fits) return;
  const std::size_t cells[] = {cell(outcome.task, outcome.band, outcome.tier), task_cell(outcome.task, outcome.tier)};
  if (std::isfinite(outcome.good) && std::isfinite(outcome.expected)) {
    const double excess = std::clamp(outcome.good, 0.0, 1.0) - std::clamp(outcome.expected, 0.0, 1.0);
    for (const std::size_t at : cells) add(good_[at], excess);
  }
  if (outcome.output_tokens > 0 && outcome.expected_tokens > 0) {
    const double ratio = std::log(outcome.output_tokens / outcome.expected_tokens);
    if (!std::isfinite(ratio)) return;
    for (const std::size_t at : cells) add(tokens_[at], ratio);
  }
}

// The task's mean excess is shrunk towards none, the band's towards its task's.
double Outcomes::shift(const Cells& cells, TaskType task, std::size_t band, std::size_t tier) const {
  const Cell whole = cells[task_cell(task, tier)].load(std::memory_order_relaxed);
  const Cell part = cells[cell(task, band, tier)].load(std::memory_order_relaxed);
  const double weight = options_.prior_weight;
  const double of_task = static_cast<double>(whole.excess) / (weight + static_cast<double>(whole.count));
  return (static_cast<double>(part.excess) + weight * of_task) / (weight + static_cast<double>(part.count));
}

TierEstimate Outcomes::estimate(TaskType task, std::size_t band, std::size_t tier, double prior) const {
  TierEstimate result;
  if (tier >= tiers_ || band >= complexity_bands) {
    result.good = prior;
    return result;
  }
  const Cell part = good_[cell(task, band, tier)].load(std::memory_order_relaxed);
  result.seen = static_cast<double>(part.count);
  result.good = std::clamp(prior + shift(good_, task, band, tier), 0.01, 0.99);
  const double variance = result.good * (1 - result.good) / (options_.prior_weight + result.seen + 1);
  result.lower = std::max(0.0, result.good - options_.confidence * std::sqrt(variance));
  constexpr double most = 32;
  result.token_factor = std::clamp(std::exp(shift(tokens_, task, band, tier)), 1 / most, most);
  return result;
}

}  // namespace triaged::routing
