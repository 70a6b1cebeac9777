// How good a router between a weak and a strong model is, from its scores and the outcomes of both. The curve is
// quality against the share of requests that the strong model gets, highest scores first; requests of equal score are
// taken as mixed at random, which makes everything here exact.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace triaged::learn {

struct Routed {
  double score = 0;  // higher: rather to the strong model
  double strong = 0;
  double weak = 0;
};

struct CurvePoint {
  double share = 0;    // of strong calls
  double quality = 0;  // mean outcome
};

inline constexpr std::array kept_shares{0.90, 0.95, 0.99};  // of the strong model's quality

struct RouterMetrics {
  double apgr = 0;  // area between weak and strong quality that is recovered; random: 0.5. 0 without a gap
  std::optional<double> cpt50, cpt80;  // percent of strong calls that recover so much of the gap
  std::array<std::optional<double>, kept_shares.size()> strong_share;  // percent of calls that keep so much quality
  std::optional<double> auc;  // of telling requests where the strong model is better from the others
};

struct Interval {
  double low = 0;
  double high = 0;
};

std::vector<CurvePoint> routing_curve(std::span<const Routed> rows);
RouterMetrics measure(std::span<const Routed> rows);

// 95 % bootstrap interval of APGR over rows; deterministic.
Interval apgr_interval(std::span<const Routed> rows, std::uint64_t seed, unsigned resamples = 500);
// The same of the difference between two scorings of the same rows.
Interval apgr_difference(std::span<const Routed> rows, std::span<const Routed> others, std::uint64_t seed,
                         unsigned resamples = 500);

}  // namespace triaged::learn
