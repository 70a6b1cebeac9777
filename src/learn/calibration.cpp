#include "triaged/learn/calibration.hpp"

#include "triaged/learn/outcome_training.hpp"
#include "triaged/routing/outcomes.hpp"

#include <algorithm>
#include <numeric>

namespace triaged::learn {

namespace {

constexpr std::size_t least_rows = 50;

struct Cut {
  double at = 0;     // rows with a larger value go to the strong model
  double share = 1;  // of them
};

// The highest cut that keeps the quality; rows of equal value stay together.
Cut find_cut(const std::vector<Pair>& pairs, const std::vector<double>& values, double wanted) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  double quality = 0;
  for (const Pair& pair : pairs) quality += static_cast<double>(pair.weak);
  const double needed = wanted - 1e-9;
  if (quality >= needed) return {values[order.front()], 0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    quality += static_cast<double>(pairs[order[i]].gain());
    const bool last = i + 1 == order.size();
    if (!last && values[order[i + 1]] == values[order[i]]) continue;
    if (quality < needed && !last) continue;
    const double next = last ? values[order[i]] - 1 : values[order[i + 1]];
    return {(values[order[i]] + next) / 2, static_cast<double>(i + 1) / static_cast<double>(order.size())};
  }
  return {};
}

}  // namespace

Result<routing::Thresholds> calibrate(const OutcomeData& data, const std::vector<Pair>& pairs,
                                      const routing::EstimateModel& model, const CalibrationOptions& options) {
  const auto bad = [](std::string sentence) {
    return client_error(ErrorKind::invalid_request, 400, std::move(sentence));
  };
  if (pairs.size() < least_rows) {
    return bad("only " + std::to_string(pairs.size()) +
               " rows have outcomes of both models: thresholds need at least " + std::to_string(least_rows));
  }
  if (data.classifier != model.classifier()) {
    return bad("the outcome model " + model.version() + " was trained with the classifier " + model.classifier() +
               ", not with " + data.classifier + ": give that one, or train it anew");
  }
  routing::Outcomes::Options prior;
  prior.prior_weight = model.prior_weight();
  const routing::Outcomes nothing_seen(2, prior);
  std::vector<double> gains;
  std::vector<double> lost;  // share of the strong tier's quality that the weak one is not sure to keep
  double strong = 0;
  for (const Pair& pair : pairs) {
    const OutcomePoint& point = data.examples[pair.example].point;
    const routing::Outlook outlook{level_of(model.weights(), point), gain_of(model.weights(), point)};
    const double lower = nothing_seen.estimate(routing::TaskType::chat, 0, 0, outlook.good(0)).lower;
    gains.push_back(outlook.gain);
    lost.push_back(1 - lower / outlook.good(1));
    strong += static_cast<double>(pair.strong);
  }
  const Cut by_gain = find_cut(pairs, gains, options.quality * strong);
  const Cut by_floor = find_cut(pairs, lost, options.quality * strong);
  routing::Thresholds found;
  found.model = model.version();
  found.rows = pairs.size();
  found.quality = options.quality;
  found.quality_floor = std::clamp(1 - by_floor.at, 0.0, 1.0);
  found.gain_cutoff = by_gain.at;
  found.strong_share = by_gain.share;
  // The strong answer is worth its extra cost where gain * worth exceeds it.
  if (options.extra_cost && by_gain.at > 0) found.willingness_to_pay = *options.extra_cost / by_gain.at;
  return found;
}

}  // namespace triaged::learn
