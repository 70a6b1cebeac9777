// How long a model's answers are, so that a baseline is priced at its own expected length. Kept per model, task and
// band of complexity, because hard questions go to strong models and would otherwise make those look wordy. Where a
// model was not seen often enough in the same cell as the other, both count as equally long: the neutral assumption.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace triaged::ledger {

class OutputLengths {
 public:
  static constexpr std::size_t bands = 4;

  OutputLengths(std::size_t models, std::size_t tasks);
  void observe(std::size_t model, std::size_t task, double complexity, std::int64_t output_tokens);
  // Output tokens `model` would have used where `other` used `tokens`: tokens * (mean of model / mean of other), the
  // ratio shrunk towards 1 by `prior` pseudo-observations and kept within [1/8, 8].
  std::int64_t expected(std::size_t model, std::size_t other, std::size_t task, double complexity,
                        std::int64_t tokens) const;

 private:
  static constexpr double prior = 50;
  struct Cell {
    double count = 0;
    double sum = 0;
  };
  std::size_t index(std::size_t model, std::size_t task, double complexity) const;

  std::size_t tasks_;
  std::vector<Cell> cells_;
};

}  // namespace triaged::ledger
