#include "routing/usable.hpp"

#include "routing/constraints.hpp"
#include "routing/tiers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace triaged::routing {

UsableTargets::UsableTargets(const chat::Request& request, const Features& features, const config::Settings& settings,
                             std::size_t ceiling, std::vector<Removed>& removed)
    : settings_(settings), ceiling_(ceiling), removed_(removed) {
  for (std::size_t tier = 0; tier <= ceiling; ++tier) {
    for (const std::size_t target : settings.tiers[tier].targets) {
      if (!contains(target)) continue;
      if (auto violation = find_violation(target, request, features, settings))
        removed.push_back(*std::move(violation));
    }
  }
}

bool UsableTargets::contains(std::size_t target) const {
  return std::none_of(removed_.begin(), removed_.end(),
                      [target](const Removed& removed) { return removed.target == target; });
}

std::optional<std::size_t> UsableTargets::first(std::size_t tier) const {
  const std::vector<std::size_t>& targets = settings_.tiers[tier].targets;
  const auto found =
      std::find_if(targets.begin(), targets.end(), [this](std::size_t target) { return contains(target); });
  return found == targets.end() ? std::nullopt : std::optional(*found);
}

std::vector<std::size_t> UsableTargets::in(std::size_t tier) const {
  const std::vector<std::size_t>& all = settings_.tiers[tier].targets;
  std::vector<std::size_t> usable;
  std::copy_if(all.begin(), all.end(), std::back_inserter(usable),
               [this](std::size_t target) { return contains(target); });
  return usable;
}

std::vector<Candidate> UsableTargets::from(std::size_t tier) const {
  std::vector<Candidate> candidates;
  for (std::size_t at = tier; at <= ceiling_; ++at) {
    for (const std::size_t target : settings_.tiers[at].targets) {
      const bool known = std::any_of(candidates.begin(), candidates.end(),
                                     [target](const Candidate& candidate) { return candidate.target == target; });
      if (!known && contains(target)) candidates.push_back({at, target});
    }
  }
  return candidates;
}

std::string UsableTargets::why_not(std::size_t tier) const {
  for (const Removed& removed : removed_) {
    if (stands_in(removed.target, settings_.tiers[tier])) return std::string(removed.constraint);
  }
  return "no targets";
}

Error UsableTargets::nothing_left() const {
  constexpr std::size_t longest = 1500;
  const bool too_long = std::all_of(removed_.begin(), removed_.end(),
                                    [](const Removed& removed) { return removed.constraint == "context_window"; });
  std::string detail = "No configured model can serve this request.";
  for (const Removed& removed : removed_) {
    const std::string line = " " + settings_.targets[removed.target].name + ": " + removed.detail + ".";
    if (detail.size() + line.size() > longest) {
      detail += " And so on.";
      break;
    }
    detail += line;
  }
  if (removed_.empty()) return gateway_error(ErrorKind::no_target, 503, detail + " The tiers have no targets.");
  if (too_long) detail += " Shorten the messages or the answer asked for, or configure a model with a larger window.";
  return client_error(ErrorKind::invalid_request, 400, std::move(detail),
                      too_long ? "context_length_exceeded" : "no_capable_model", too_long ? "messages" : "");
}

}  // namespace triaged::routing
