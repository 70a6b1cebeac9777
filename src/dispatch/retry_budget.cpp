#include "dispatch/retry_budget.hpp"

#include <algorithm>

namespace triaged::dispatch {

void RetryBudget::on_first_attempt() { left_ = std::min(left_ + share_, most); }

bool RetryBudget::allows(TimePoint now) const { return left_ >= 1 || now - last_ >= trial; }

// A target that answers owes nothing, however many failed before it came back.
void RetryBudget::on_further_answered() { left_ = std::min(std::max(left_, 0.0) + 1, most); }

}  // namespace triaged::dispatch
