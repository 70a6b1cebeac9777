#include "triaged/routing/past_prompts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace triaged::routing {

namespace {

bool is_known(float score) { return !std::isnan(score); }

double deviation(double good, double weight) { return std::sqrt(good * (1 - good) / (weight + 1)); }

}  // namespace

PastPrompts::PastPrompts(const std::vector<PastPrompt>& rows, std::size_t targets, const config::Past& settings,
                         std::shared_ptr<const Embedder> embedder, const Neighbours::Limits& limits)
    : embedder_(std::move(embedder)),
      targets_(targets),
      most_(settings.neighbours),
      least_similarity_(settings.threshold.value_or(embedder_->threshold())),
      quality_floor_(settings.quality_floor) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (std::any_of(rows[i].scores.begin(), rows[i].scores.end(), is_known)) usable.push_back(i);
  }
  if (usable.size() > limits.rows) {
    usable.erase(usable.begin(), usable.end() - static_cast<std::ptrdiff_t>(limits.rows));
  }
  index_ = std::make_unique<Neighbours>(embedder_->dimensions(), limits);
  std::vector<float> vector(embedder_->dimensions());
  for (const std::size_t i : usable) {
    if (!embedder_->embed(rows[i].text, vector)) continue;
    index_->insert(vector, static_cast<std::uint32_t>(rows_.size()));
    rows_.push_back(i);
    ids_.push_back(rows[i].id);
    for (std::size_t target = 0; target < targets_; ++target) {
      scores_.push_back(target < rows[i].scores.size() ? rows[i].scores[target] : no_score);
    }
  }
  while (index_->build_next_graph()) {
  }
}

std::vector<PastNeighbour> PastPrompts::find(std::string_view text) const {
  std::vector<PastNeighbour> found;
  std::array<float, most_dimensions> buffer;
  const std::span<float> vector = std::span(buffer).first(embedder_->dimensions());
  if (rows_.empty() || !embedder_->embed(text, vector)) return found;
  std::array<Neighbour, config::Past::most_neighbours> nearest;
  const std::size_t count = index_->find(vector, std::span(nearest).first(std::min(most_, nearest.size())),
                                         static_cast<float>(least_similarity_));
  found.reserve(count);
  for (const Neighbour& neighbour : std::span(nearest).first(count)) {
    const double similarity = std::min(1.0, double{neighbour.similarity});
    found.push_back({rows_[neighbour.row], ids_[neighbour.row], similarity,
                     std::span(scores_).subspan(neighbour.row * targets_, targets_)});
  }
  return found;
}

Evidence evidence_of(std::span<const PastNeighbour> neighbours, std::size_t target, double least_similarity) {
  Evidence evidence;
  double good = 0;
  for (const PastNeighbour& neighbour : neighbours) {
    if (target >= neighbour.scores.size() || !is_known(neighbour.scores[target])) continue;
    const double nearness = (neighbour.similarity - least_similarity) / (1 - least_similarity);
    if (!(nearness > 0)) continue;
    const double weight = std::min(nearness, 1.0) * std::min(nearness, 1.0);
    evidence.weight += weight;
    ++evidence.count;
    good += weight * std::clamp(double{neighbour.scores[target]}, 0.0, 1.0);
  }
  if (evidence.weight > 0) evidence.good = good / evidence.weight;
  return evidence;
}

TierEstimate with_evidence(const TierEstimate& estimate, double weight, const Evidence& evidence) {
  if (!(evidence.weight > 0)) return estimate;
  TierEstimate result = estimate;
  const double all = weight + evidence.weight;
  result.good = std::clamp((estimate.good * weight + evidence.good * evidence.weight) / all, 0.01, 0.99);
  result.lower = std::max(0.0, result.good - Outcomes::Options{}.confidence * deviation(result.good, all));
  result.seen = estimate.seen + evidence.weight;
  return result;
}

std::optional<PastChoice> choose_by_past(std::span<const PastOffer> tiers, double quality_floor) {
  std::size_t top = tiers.size();
  while (top > 0 && !tiers[top - 1].available) --top;
  if (top == 0) return std::nullopt;
  --top;
  constexpr double prior_weight = 1;
  const auto with_prior = [](const Evidence& evidence, double prior) {
    return (evidence.good * evidence.weight + prior * prior_weight) / (evidence.weight + prior_weight);
  };
  const double needed = quality_floor * with_prior(tiers[top].evidence, 1.0);
  for (std::size_t tier = 0; tier < top; ++tier) {
    const Evidence& evidence = tiers[tier].evidence;
    if (!tiers[tier].available || !(evidence.weight > 0)) continue;
    const double good = with_prior(evidence, 0.5);
    const double lower = good - Outcomes::Options{}.confidence * deviation(good, evidence.weight + prior_weight);
    if (lower >= needed) return PastChoice{tier, lower, needed, evidence.count};
  }
  return std::nullopt;
}

}  // namespace triaged::routing
