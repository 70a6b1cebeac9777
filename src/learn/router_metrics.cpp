#include "triaged/learn/router_metrics.hpp"

#include "triaged/base/ids.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace triaged::learn {

namespace {

// Rows by falling score, and how often each counts.
class Ranking {
 public:
  explicit Ranking(std::span<const Routed> rows) : rows_(rows), order_(rows.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [rows](std::size_t a, std::size_t b) { return rows[a].score > rows[b].score; });
  }

  // Calls each(rows counted, sum of gains) for every group of equal scores.
  template <class Each>
  void for_each_group(std::span<const double> counts, const Each& each) const {
    for (std::size_t i = 0; i < order_.size();) {
      double count = 0;
      double gain = 0;
      const double score = rows_[order_[i]].score;
      for (; i < order_.size() && rows_[order_[i]].score == score; ++i) {
        const double times = counts.empty() ? 1.0 : counts[order_[i]];
        count += times;
        gain += times * (rows_[order_[i]].strong - rows_[order_[i]].weak);
      }
      each(count, gain);
    }
  }

  double apgr(std::span<const double> counts) const {
    double area = 0;
    double all = 0;
    double recovered = 0;
    for_each_group(counts, [&](double count, double gain) {
      area += count * (recovered + gain / 2);
      recovered += gain;
      all += count;
    });
    return all > 0 && recovered > 0 ? area / (all * recovered) : 0;
  }

 private:
  std::span<const Routed> rows_;
  std::vector<std::size_t> order_;
};

std::optional<double> share_reaching(const std::vector<CurvePoint>& curve, double quality) {
  // What is reached up to rounding is reached.
  const double wanted = quality - 1e-12;
  if (!curve.empty() && curve.front().quality >= wanted) return 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    if (curve[i].quality < wanted) continue;
    const CurvePoint& a = curve[i - 1];
    const double part = (wanted - a.quality) / (curve[i].quality - a.quality);
    return 100 * (a.share + std::clamp(part, 0.0, 1.0) * (curve[i].share - a.share));
  }
  return std::nullopt;
}

// By ranks, ties counting half.
std::optional<double> area_under_roc(std::span<const Routed> rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [rows](std::size_t a, std::size_t b) { return rows[a].score < rows[b].score; });
  double below = 0;
  double wins = 0;
  double positives = 0;
  for (std::size_t i = 0; i < order.size();) {
    double better = 0;
    double others = 0;
    const double score = rows[order[i]].score;
    for (; i < order.size() && rows[order[i]].score == score; ++i) {
      ++(rows[order[i]].strong > rows[order[i]].weak ? better : others);
    }
    wins += better * (below + others / 2);
    below += others;
    positives += better;
  }
  if (positives == 0 || below == 0) return std::nullopt;
  return wins / (positives * below);
}

std::vector<double> resample(std::size_t rows, Random& random) {
  std::vector<double> counts(rows, 0.0);
  for (std::size_t i = 0; i < rows; ++i) ++counts[static_cast<std::size_t>(random.unit() * static_cast<double>(rows))];
  return counts;
}

Interval middle(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace

std::vector<CurvePoint> routing_curve(std::span<const Routed> rows) {
  std::vector<CurvePoint> curve;
  if (rows.empty()) return curve;
  const auto all = static_cast<double>(rows.size());
  double quality = 0;
  for (const Routed& row : rows) quality += row.weak / all;
  curve.push_back({0, quality});
  double seen = 0;
  Ranking(rows).for_each_group({}, [&](double count, double gain) {
    seen += count;
    quality += gain / all;
    curve.push_back({seen / all, quality});
  });
  return curve;
}

RouterMetrics measure(std::span<const Routed> rows) {
  RouterMetrics metrics;
  const std::vector<CurvePoint> curve = routing_curve(rows);
  if (curve.empty()) return metrics;
  const double weak = curve.front().quality;
  const double strong = curve.back().quality;
  for (std::size_t i = 0; i < kept_shares.size(); ++i) {
    metrics.strong_share[i] = share_reaching(curve, kept_shares[i] * strong);
  }
  metrics.auc = area_under_roc(rows);
  if (strong <= weak) return metrics;
  metrics.apgr = Ranking(rows).apgr({});
  metrics.cpt50 = share_reaching(curve, weak + 0.5 * (strong - weak));
  metrics.cpt80 = share_reaching(curve, weak + 0.8 * (strong - weak));
  return metrics;
}

Interval apgr_interval(std::span<const Routed> rows, std::uint64_t seed, unsigned resamples) {
  if (rows.empty()) return {};
  const Ranking ranking(rows);
  Random random(seed);
  std::vector<double> values;
  for (unsigned i = 0; i < resamples; ++i) values.push_back(ranking.apgr(resample(rows.size(), random)));
  return middle(std::move(values));
}

Interval apgr_difference(std::span<const Routed> rows, std::span<const Routed> others, std::uint64_t seed,
                         unsigned resamples) {
  if (rows.empty() || rows.size() != others.size()) return {};
  const Ranking one(rows);
  const Ranking other(others);
  Random random(seed);
  std::vector<double> values;
  for (unsigned i = 0; i < resamples; ++i) {
    const std::vector<double> counts = resample(rows.size(), random);
    values.push_back(one.apgr(counts) - other.apgr(counts));
  }
  return middle(std::move(values));
}

}  // namespace triaged::learn
