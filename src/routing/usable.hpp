// Which targets can serve a request at all, tier by tier.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/plan.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace triaged::routing {

class UsableTargets {
 public:
  // Looks at the tiers up to `ceiling`; what cannot serve goes to `removed`, which outlives this.
  UsableTargets(const chat::Request& request, const Features& features, const config::Settings& settings,
                std::size_t ceiling, std::vector<Removed>& removed);

  bool contains(std::size_t target) const;
  std::optional<std::size_t> first(std::size_t tier) const;
  std::vector<std::size_t> in(std::size_t tier) const;
  // Those of `tier`, then of the stronger ones, each once.
  std::vector<Candidate> from(std::size_t tier) const;
  std::string why_not(std::size_t tier) const;  // "context_window"
  Error nothing_left() const;                   // names each target's constraint

 private:
  const config::Settings& settings_;
  std::size_t ceiling_;
  const std::vector<Removed>& removed_;
};

}  // namespace triaged::routing
