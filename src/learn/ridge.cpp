#include "learn/ridge.hpp"

#include <cmath>

namespace triaged::learn {

namespace {

// All weights in one vector: the dense ones, then the buckets. Points are seen from their weighted mean, so that the
// intercept needs no column.
class Problem {
 public:
  Problem(std::span<const RidgeRow> rows, const Penalty& penalty)
      : rows_(rows), penalty_(penalty), dense_(penalty.dense.size()), mean_(size(), 0.0) {
    for (const RidgeRow& row : rows_) total_ += row.weight;
    for (const RidgeRow& row : rows_) add(*row.point, row.weight / total_, mean_);
  }

  std::size_t size() const { return dense_ + routing::outcome_buckets; }
  const std::vector<double>& mean() const { return mean_; }
  double total() const { return total_; }
  double penalty(std::size_t i) const { return i < dense_ ? penalty_.dense[i] : penalty_.text; }

  double dot(const OutcomePoint& point, const std::vector<double>& w) const {
    double sum = 0;
    for (std::size_t i = 0; i < dense_; ++i) sum += static_cast<double>(point.dense[i]) * w[i];
    for (const auto& [bucket, value] : point.text) sum += static_cast<double>(value) * w[dense_ + bucket];
    return sum;
  }
  void add(const OutcomePoint& point, double times, std::vector<double>& to) const {
    for (std::size_t i = 0; i < dense_; ++i) to[i] += times * static_cast<double>(point.dense[i]);
    for (const auto& [bucket, value] : point.text) to[dense_ + bucket] += times * static_cast<double>(value);
  }

  // out = (centred rows' Gram matrix + penalties) w
  void apply(const std::vector<double>& w, std::vector<double>& out) const {
    for (std::size_t i = 0; i < w.size(); ++i) out[i] = penalty(i) * w[i];
    double centre = 0;
    for (std::size_t i = 0; i < w.size(); ++i) centre += mean_[i] * w[i];
    double sum = 0;
    for (const RidgeRow& row : rows_) {
      const double value = row.weight * (dot(*row.point, w) - centre);
      sum += value;
      add(*row.point, value, out);
    }
    for (std::size_t i = 0; i < w.size(); ++i) out[i] -= sum * mean_[i];
  }

  std::vector<double> diagonal() const {
    std::vector<double> squares(size());
    for (std::size_t i = 0; i < size(); ++i) squares[i] = penalty(i);
    for (const RidgeRow& row : rows_) {
      for (std::size_t i = 0; i < dense_; ++i) {
        const auto value = static_cast<double>(row.point->dense[i]);
        squares[i] += row.weight * value * value;
      }
      for (const auto& [bucket, value] : row.point->text) {
        squares[dense_ + bucket] += row.weight * static_cast<double>(value * value);
      }
    }
    return squares;
  }

 private:
  std::span<const RidgeRow> rows_;
  const Penalty& penalty_;
  std::size_t dense_;
  std::vector<double> mean_;
  double total_ = 0;
};

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<double> flat(const routing::OutcomeHead& head) {
  std::vector<double> weights(head.dense.begin(), head.dense.end());
  weights.insert(weights.end(), head.text.begin(), head.text.end());
  return weights;
}

// Conjugate gradients, preconditioned by the diagonal, from `w` on.
void solve(const Problem& problem, std::vector<double> residual, std::vector<double>& w, unsigned steps) {
  constexpr double small_enough = 1e-10;
  const std::vector<double> diagonal = problem.diagonal();
  std::vector<double> eased(w.size());
  const auto ease = [&] {
    for (std::size_t i = 0; i < w.size(); ++i) eased[i] = diagonal[i] > 0 ? residual[i] / diagonal[i] : 0.0;
  };
  ease();
  std::vector<double> direction = eased;
  std::vector<double> image(w.size());
  double size = product(residual, eased);
  for (unsigned step = 0; step < steps && size > small_enough; ++step) {
    problem.apply(direction, image);
    const double far = size / product(direction, image);
    for (std::size_t i = 0; i < w.size(); ++i) {
      w[i] += far * direction[i];
      residual[i] -= far * image[i];
    }
    ease();
    const double next = product(residual, eased);
    for (std::size_t i = 0; i < w.size(); ++i) direction[i] = eased[i] + next / size * direction[i];
    size = next;
  }
}

}  // namespace

routing::OutcomeHead empty_head() {
  routing::OutcomeHead head;
  head.dense.assign(routing::outcome_feature_count(), 0.0F);
  head.text.assign(routing::outcome_buckets, 0.0F);
  return head;
}

double score(const routing::OutcomeHead& head, const OutcomePoint& point) {
  auto sum = static_cast<double>(head.intercept);
  for (std::size_t i = 0; i < point.dense.size(); ++i) sum += static_cast<double>(head.dense[i] * point.dense[i]);
  for (const auto& [bucket, value] : point.text) sum += static_cast<double>(head.text[bucket] * value);
  return sum;
}

routing::OutcomeHead fit_ridge(std::span<const RidgeRow> rows, const Penalty& penalty,
                               const routing::OutcomeHead& prior, unsigned steps) {
  if (rows.empty()) return prior;
  const Problem problem(rows, penalty);
  std::vector<double> w = flat(prior);
  double centre = product(problem.mean(), w);
  double target = 0;
  for (const RidgeRow& row : rows) target += row.weight * row.target / problem.total();

  // What is left of the targets at the prior, where the penalty is nothing yet.
  std::vector<double> residual(w.size(), 0.0);
  double sum = 0;
  for (const RidgeRow& row : rows) {
    const double rest = row.weight * (row.target - target - (problem.dot(*row.point, w) - centre));
    sum += rest;
    problem.add(*row.point, rest, residual);
  }
  for (std::size_t i = 0; i < w.size(); ++i) residual[i] -= sum * problem.mean()[i];
  solve(problem, std::move(residual), w, steps);

  routing::OutcomeHead head = empty_head();
  for (std::size_t i = 0; i < head.dense.size(); ++i) head.dense[i] = static_cast<float>(w[i]);
  for (std::size_t i = 0; i < head.text.size(); ++i) head.text[i] = static_cast<float>(w[head.dense.size() + i]);
  centre = product(problem.mean(), w);
  head.intercept = static_cast<float>(target - centre);
  return head;
}

}  // namespace triaged::learn
