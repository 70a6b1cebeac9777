// Judging is paid for out of what the judged answers cost: a share of it, so that a judge never costs more than what it
// watches over.
#pragma once

#include "triaged/base/money.hpp"

namespace triaged::dispatch {

class JudgeBudget {
 public:
  void answered(NanoDollars cost) { answers_ += cost; }
  void judged(NanoDollars cost) { judging_ += cost; }
  // `share`: Judge::budget. A first cent is free, so that judging can begin.
  bool allows(double share) const {
    return static_cast<double>(judging_.value) <= share * static_cast<double>(answers_.value) + first_cent;
  }

 private:
  static constexpr double first_cent = 1e7;  // nano-dollars
  NanoDollars answers_;
  NanoDollars judging_;
};

}  // namespace triaged::dispatch
