#include "triaged/provider/standing_faults.hpp"

#include "provider/simulated/simulated_faults.hpp"

#include <utility>

namespace triaged::provider {

Result<void> StandingFaults::hold(const std::string& model, const std::string& faults, Duration now) {
  Faults parsed;
  if (Result<void> known = parse_faults(faults, parsed); !known) return known;
  if (parsed == Faults()) return client_error(ErrorKind::invalid_request, 400, "No fault was named.", "unknown_fault");
  Held held;
  held.model = model;
  held.faults = faults;
  held.left = parsed.times;
  held.since = now;
  const std::scoped_lock lock(mutex_);
  held_.insert_or_assign(model, std::move(held));
  return {};
}

bool StandingFaults::end(const std::string& model) {
  const std::scoped_lock lock(mutex_);
  return held_.erase(model) > 0;
}

void StandingFaults::end_all() {
  const std::scoped_lock lock(mutex_);
  held_.clear();
}

std::string StandingFaults::meet(std::string_view model, Duration now) {
  const std::scoped_lock lock(mutex_);
  auto found = held_.find(model);
  if (found == held_.end()) found = held_.find(std::string_view("*"));
  if (found == held_.end()) return {};
  Held& held = found->second;
  Faults faults;
  const Result<void> known = parse_faults(held.faults, faults);  // they were when they were set
  if (!known || at(faults, now - held.since) == Faults()) return {};
  ++held.met;
  std::string words = momentary_words(held.faults);
  if (held.left && --*held.left == 0) held_.erase(found);
  return words;
}

std::vector<StandingFaults::Held> StandingFaults::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Held> all;
  all.reserve(held_.size());
  for (const auto& [model, held] : held_) all.push_back(held);
  return all;
}

}  // namespace triaged::provider
