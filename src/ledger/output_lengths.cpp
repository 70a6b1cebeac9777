#include "triaged/ledger/output_lengths.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::ledger {

OutputLengths::OutputLengths(std::size_t models, std::size_t tasks) : tasks_(tasks), cells_(models * tasks * bands) {}

std::size_t OutputLengths::index(std::size_t model, std::size_t task, double complexity) const {
  const double scaled = std::clamp(complexity, 0.0, 1.0) * static_cast<double>(bands);
  const std::size_t band = std::min(static_cast<std::size_t>(scaled), bands - 1);
  return (model * tasks_ + task) * bands + band;
}

void OutputLengths::observe(std::size_t model, std::size_t task, double complexity, std::int64_t output_tokens) {
  if (output_tokens <= 0) return;
  Cell& cell = cells_[index(model, task, complexity)];
  cell.count += 1;
  cell.sum += static_cast<double>(output_tokens);
}

std::int64_t OutputLengths::expected(std::size_t model, std::size_t other, std::size_t task, double complexity,
                                     std::int64_t tokens) const {
  if (model == other) return tokens;
  const Cell& mine = cells_[index(model, task, complexity)];
  const Cell& theirs = cells_[index(other, task, complexity)];
  const double seen = std::min(mine.count, theirs.count);
  if (seen <= 0) return tokens;
  const double measured = (mine.sum / mine.count) / (theirs.sum / theirs.count);
  const double shrunk = (seen * measured + prior) / (seen + prior);
  return std::llround(static_cast<double>(tokens) * std::clamp(shrunk, 1.0 / 8, 8.0));
}

}  // namespace triaged::ledger
