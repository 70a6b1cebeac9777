#include "triaged/learn/cost_evaluation.hpp"

#include "triaged/base/ids.hpp"
#include "triaged/routing/cost_aware.hpp"

#include "learn/cost_estimates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace triaged::learn {

namespace {

constexpr std::size_t folds = 5;
constexpr std::size_t worths = 48;  // steps of the willingness to pay

struct Spent {
  double quality = 0;
  double dollars = 0;
};
using Rows = std::vector<std::size_t>;  // indices into PricedOutcomes::rows

double score_of(const OutcomeData& data, const PricedOutcomes& outcomes, std::size_t row, std::size_t model) {
  return static_cast<double>(data.examples[outcomes.rows[row].example].scores[outcomes.models[model]]);
}

std::vector<Spent> means(const OutcomeData& data, const PricedOutcomes& outcomes, const Rows& rows) {
  std::vector<Spent> found(outcomes.models.size());
  for (std::size_t m = 0; m < found.size(); ++m) {
    for (const std::size_t row : rows) {
      found[m].quality += score_of(data, outcomes, row, m) / static_cast<double>(rows.size());
      found[m].dollars += outcomes.rows[row].dollars[m] / static_cast<double>(rows.size());
    }
  }
  return found;
}

// Upper convex hull, cheapest first: what is below it, a mix of two others beats.
std::vector<std::size_t> hull(const std::vector<Spent>& points, double margin) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return points[a].dollars != points[b].dollars ? points[a].dollars < points[b].dollars
                                                  : points[a].quality > points[b].quality;
  });
  std::vector<std::size_t> kept;
  for (const std::size_t next : order) {
    if (!kept.empty() && points[next].quality <= points[kept.back()].quality) continue;
    while (kept.size() > 1) {
      const Spent& a = points[kept[kept.size() - 2]];
      const Spent& b = points[kept.back()];
      const double part = (b.dollars - a.dollars) / (points[next].dollars - a.dollars);
      if (b.quality > a.quality + part * (points[next].quality - a.quality) + margin) break;
      kept.pop_back();
    }
    kept.push_back(next);
  }
  return kept;
}

// Least dollars that reach the quality, with mixes of neighbours on the hull.
std::optional<double> cheapest(const std::vector<Spent>& points, double quality) {
  const std::vector<std::size_t> kept = hull(points, 0);
  const double wanted = quality - 1e-12;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Spent& here = points[kept[i]];
    if (here.quality < wanted) continue;
    if (i == 0) return here.dollars;
    const Spent& before = points[kept[i - 1]];
    const double part = (quality - before.quality) / (here.quality - before.quality);
    return before.dollars + std::clamp(part, 0.0, 1.0) * (here.dollars - before.dollars);
  }
  return std::nullopt;
}

std::optional<double> saving(const std::vector<Spent>& points, double quality, double reference) {
  const auto dollars = cheapest(points, quality);
  if (!dollars || reference <= 0) return std::nullopt;
  return 100 * (1 - *dollars / reference);
}

// What every row spends at each worth.
using Sweep = std::vector<std::vector<Spent>>;  // [worth][row]

// From where the cheapest model always wins to where the best one does.
std::vector<double> worth_steps(const std::vector<Spent>& overall) {
  double least = overall.front().dollars;
  double most = overall.front().dollars;
  for (const Spent& model : overall) {
    least = std::min(least, model.dollars);
    most = std::max(most, model.dollars);
  }
  std::vector<double> steps;
  const double low = std::log(std::max(least, 1e-9) / 2);
  const double high = std::log(std::max(most, 1e-9) * 2000);
  for (std::size_t i = 0; i < worths; ++i) {
    steps.push_back(std::exp(low + (high - low) * static_cast<double>(i) / static_cast<double>(worths - 1)));
  }
  return steps;
}

std::size_t choose(std::span<const double> good, std::span<const double> dollars, double worth) {
  std::vector<routing::TierOffer> offers;
  for (std::size_t i = 0; i < good.size(); ++i) {
    offers.push_back({good[i], good[i], NanoDollars(std::llround(dollars[i] * 1e9)), true});
  }
  routing::CostAware strategy;
  strategy.willingness_to_pay = worth;
  return *routing::choose_by_cost(offers, strategy).tier;
}

std::size_t fold_of(const OutcomeExample& example, std::uint64_t seed) {
  Random random(example.hash ^ seed);
  return static_cast<std::size_t>(random.unit() * static_cast<double>(folds));
}

struct TrainingRows {
  std::vector<const OutcomePoint*> points;
  ModelValues scores;
  ModelValues dollars;
};

TrainingRows training_rows(const OutcomeData& data, const PricedOutcomes& outcomes, const Rows& rows,
                           const std::vector<std::size_t>& models) {
  TrainingRows found{{}, ModelValues(models.size()), ModelValues(models.size())};
  for (const std::size_t row : rows) {
    found.points.push_back(&data.examples[outcomes.rows[row].example].point);
    for (std::size_t i = 0; i < models.size(); ++i) {
      found.scores[i].push_back(score_of(data, outcomes, row, models[i]));
      found.dollars[i].push_back(outcomes.rows[row].dollars[models[i]]);
    }
  }
  return found;
}

void add_fold(const OutcomeData& data, const PricedOutcomes& outcomes, const Rows& train, const Rows& test,
              const CostTraining& options, const std::vector<double>& steps, Sweep& sweep, CostReport& report) {
  const std::vector<Spent> overall = means(data, outcomes, train);
  const std::vector<std::size_t> kept = hull(overall, options.prune_margin);
  for (const std::size_t m : kept) ++report.models[m].kept;
  const TrainingRows rows = training_rows(data, outcomes, train, kept);
  const QualityEstimates quality(rows.points, rows.scores, options);
  const CostEstimates costs(rows.points, rows.dollars, options);
  for (const std::size_t row : test) {
    const OutcomePoint& point = data.examples[outcomes.rows[row].example].point;
    const std::vector<double> good = quality.good(point);
    const std::vector<double> dollars = costs.dollars(point);
    for (std::size_t w = 0; w < steps.size(); ++w) {
      const std::size_t m = kept[choose(good, dollars, steps[w])];
      sweep[w][row] = {score_of(data, outcomes, row, m), outcomes.rows[row].dollars[m]};
    }
  }
}

std::vector<Spent> totals(const Sweep& sweep, const std::vector<double>& counts) {
  std::vector<Spent> points;
  double all = 0;
  for (const double count : counts) all += count;
  for (const std::vector<Spent>& rows : sweep) {
    Spent sum;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum.quality += counts[i] * rows[i].quality / all;
      sum.dollars += counts[i] * rows[i].dollars / all;
    }
    points.push_back(sum);
  }
  return points;
}

// Who knows all outcomes pays for quality only where there is some.
Sweep oracle_sweep(const OutcomeData& data, const PricedOutcomes& outcomes, const std::vector<double>& steps) {
  Sweep sweep(steps.size(), std::vector<Spent>(outcomes.rows.size()));
  for (std::size_t row = 0; row < outcomes.rows.size(); ++row) {
    for (std::size_t w = 0; w < steps.size(); ++w) {
      double most = -1e300;
      for (std::size_t m = 0; m < outcomes.models.size(); ++m) {
        const Spent spent{score_of(data, outcomes, row, m), outcomes.rows[row].dollars[m]};
        const double value = steps[w] * spent.quality - spent.dollars;
        if (value <= most) continue;
        most = value;
        sweep[w][row] = spent;
      }
    }
  }
  return sweep;
}

std::optional<Interval> saving_interval(const Sweep& sweep, const Sweep& best, double share, std::uint64_t seed) {
  constexpr unsigned resamples = 200;
  const std::size_t rows = sweep.front().size();
  Random random(seed);
  std::vector<double> found;
  for (unsigned i = 0; i < resamples; ++i) {
    std::vector<double> counts(rows, 0.0);
    for (std::size_t k = 0; k < rows; ++k)
      ++counts[static_cast<std::size_t>(random.unit() * static_cast<double>(rows))];
    const Spent reference = totals(best, counts).front();
    const auto saved = saving(totals(sweep, counts), share * reference.quality, reference.dollars);
    if (saved) found.push_back(*saved);
  }
  if (found.size() < resamples * 39 / 40) return std::nullopt;
  std::sort(found.begin(), found.end());
  const auto at = [&](double part) {
    return found[static_cast<std::size_t>(part * static_cast<double>(found.size() - 1))];
  };
  return Interval{at(0.025), at(0.975)};
}

}  // namespace

CostReport evaluate_costs(const OutcomeData& data, const PricedOutcomes& outcomes, const CostTraining& options,
                          const std::function<void(std::string_view)>& progress) {
  CostReport report;
  report.rows = outcomes.rows.size();
  if (outcomes.rows.size() < folds || outcomes.models.empty()) return report;
  Rows all(outcomes.rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const std::vector<Spent> overall = means(data, outcomes, all);
  for (std::size_t m = 0; m < overall.size(); ++m) {
    report.models.push_back({data.models[outcomes.models[m]], overall[m].quality, overall[m].dollars, 0});
    if (overall[m].quality > overall[report.best].quality) report.best = m;
  }
  const std::vector<double> steps = worth_steps(overall);
  Sweep sweep(steps.size(), std::vector<Spent>(all.size()));
  for (std::size_t fold = 0; fold < folds; ++fold) {
    Rows train;
    Rows test;
    for (const std::size_t row : all) {
      (fold_of(data.examples[outcomes.rows[row].example], options.seed) == fold ? test : train).push_back(row);
    }
    if (!train.empty()) add_fold(data, outcomes, train, test, options, steps, sweep, report);
    progress("fold " + std::to_string(fold + 1) + " of " + std::to_string(folds));
  }
  Sweep best(1, std::vector<Spent>(all.size()));
  for (const std::size_t row : all) {
    best[0][row] = {score_of(data, outcomes, row, report.best), outcomes.rows[row].dollars[report.best]};
  }
  const std::vector<double> once(all.size(), 1.0);
  const std::vector<Spent> by_router = totals(sweep, once);
  const std::vector<Spent> by_oracle = totals(oracle_sweep(data, outcomes, steps), once);
  const Spent& reference = overall[report.best];
  for (std::size_t i = 0; i < saving_shares.size(); ++i) {
    const double quality = saving_shares[i] * reference.quality;
    Saving& saved = report.savings[i];
    saved.router = saving(by_router, quality, reference.dollars);
    if (saved.router) saved.interval = saving_interval(sweep, best, saving_shares[i], options.seed);
    saved.mix = saving(overall, quality, reference.dollars);
    saved.oracle = saving(by_oracle, quality, reference.dollars);
  }
  return report;
}

}  // namespace triaged::learn
