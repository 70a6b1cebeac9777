#include "triaged/routing/plan.hpp"

#include "routing/constraints.hpp"
#include "routing/plan_words.hpp"
#include "routing/rules.hpp"
#include "routing/tiers.hpp"
#include "routing/words.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::size_t longest_reason = 200;

// Builds one plan; each step adds its half sentence to the reason.
class Planner {
 public:
  Planner(const chat::Request& request, const config::Settings& settings, const Origin& origin)
      : request_(request), settings_(settings), origin_(origin) {}

  Result<Plan> run(const Classifier& classifier) {
    if (settings_.tiers.empty() || settings_.targets.empty()) {
      return gateway_error(ErrorKind::no_target, 503, "No model is configured: add a tier with at least one target.");
    }
    Result<Wanted> wanted = resolve_wanted(request_, settings_);
    if (!wanted) return wanted.error();
    plan_.wanted = *std::move(wanted);
    look(classifier);
    set_baseline();
    if (plan_.wanted.kind == WantedKind::target || plan_.wanted.kind == WantedKind::list) {
      pin_targets();
    } else {
      choose_tier();
      const Result<void> filled = fill_candidates();
      if (!filled) return filled.error();
    }
    finish_reason();
    return std::move(plan_);
  }

 private:
  const std::string& tier_name(std::size_t tier) const { return settings_.tiers[tier].name; }

  void look(const Classifier& classifier) {
    Words words;
    plan_.features = extract_features(request_, words);
    plan_.task = classifier.classify(request_, plan_.features);
    plan_.features.task_words = nullptr;
    plan_.complexity = score_complexity(plan_.features, plan_.task.best);
    plan_.reason = name(plan_.task.best);
    plan_.reason += " (p=";
    append_fixed(plan_.reason, plan_.task.confidence, 2);
    plan_.reason += "), complexity ";
    append_fixed(plan_.reason, plan_.complexity.value, 2);
    plan_.reason += ": ";
  }

  void set_baseline() {
    plan_.baseline_target = std::min(settings_.routing.baseline_target, settings_.targets.size() - 1);
    if (plan_.wanted.kind != WantedKind::intercepted) return;
    if (plan_.wanted.targets.empty()) {
      plan_.baseline_model = request_.model;
    } else {
      plan_.baseline_target = plan_.wanted.targets.front();
    }
  }

  // The client named them: they get the request as it is, even where a constraint says that it cannot work.
  void pin_targets() {
    for (const std::size_t target : plan_.wanted.targets) {
      const std::size_t tier = lowest_tier_of(target, settings_).value_or(settings_.routing.default_tier);
      plan_.candidates.push_back({tier, target});
    }
    plan_.tier = plan_.candidates.front().tier;
    if (plan_.candidates.size() == 1) {
      plan_.reason += settings_.targets[plan_.candidates.front().target].name + " was asked for";
    } else {
      append_integer(plan_.reason, static_cast<std::int64_t>(plan_.candidates.size()));
      plan_.reason += " models were asked for, in their order";
    }
  }

  void choose_tier() {
    ceiling_ = settings_.tiers.size() - 1;
    if (plan_.wanted.kind == WantedKind::tier) {
      plan_.tier = plan_.wanted.tier;
      plan_.reason += "tier " + tier_name(plan_.tier) + " was asked for";
      return;
    }
    if (plan_.wanted.kind == WantedKind::intercepted) ceiling_ = std::min(ceiling_, plan_.wanted.tier);
    look_up_table();
    raise_for_doubt();
    if (plan_.tier > ceiling_) {
      plan_.tier = ceiling_;
      plan_.reason += ", held at " + tier_name(ceiling_) + ", the tier of the model asked for";
    }
  }

  void look_up_table() {
    const std::vector<config::Rule>& table = settings_.routing.table;
    const RuleFacts facts{request_, origin_, plan_.features, plan_.task.best, plan_.complexity.value};
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (!matches(table[i], facts)) continue;
      plan_.rule = i;
      plan_.tier = std::min(table[i].tier, settings_.tiers.size() - 1);
      plan_.reason += "table row ";
      append_integer(plan_.reason, static_cast<std::int64_t>(i + 1));
      plan_.reason += " sends it to " + tier_name(plan_.tier);
      return;
    }
    plan_.tier = std::min(settings_.routing.default_tier, settings_.tiers.size() - 1);
    plan_.reason += "no table row matches, default tier " + tier_name(plan_.tier);
  }

  void raise_for_doubt() {
    if (plan_.rule && !depends_on_task(settings_.routing.table[*plan_.rule])) return;
    if (static_cast<double>(plan_.task.confidence) >= settings_.routing.confidence || plan_.tier >= ceiling_) return;
    ++plan_.tier;
    plan_.raised_for_doubt = true;
    plan_.reason += ", unsure, so up to " + tier_name(plan_.tier);
  }

  bool is_removed(std::size_t target) const {
    return std::any_of(plan_.removed.begin(), plan_.removed.end(),
                       [target](const Removed& removed) { return removed.target == target; });
  }

  void apply_constraints() {
    for (std::size_t tier = 0; tier <= ceiling_; ++tier) {
      for (const std::size_t target : settings_.tiers[tier].targets) {
        if (is_removed(target)) continue;
        if (auto violation = find_violation(target, request_, plan_.features, settings_)) {
          plan_.removed.push_back(*std::move(violation));
        }
      }
    }
  }

  bool has_usable(std::size_t tier) const {
    const std::vector<std::size_t>& targets = settings_.tiers[tier].targets;
    return std::any_of(targets.begin(), targets.end(), [this](std::size_t target) { return !is_removed(target); });
  }

  Result<void> fill_candidates() {
    apply_constraints();
    if (!has_usable(plan_.tier)) {
      const Result<void> moved = move_start();
      if (!moved) return moved.error();
    }
    for (std::size_t tier = plan_.tier; tier <= ceiling_; ++tier) {
      for (const std::size_t target : settings_.tiers[tier].targets) {
        if (!is_removed(target) && !is_candidate(target)) plan_.candidates.push_back({tier, target});
      }
    }
    return {};
  }

  bool is_candidate(std::size_t target) const {
    return std::any_of(plan_.candidates.begin(), plan_.candidates.end(),
                       [target](const Candidate& candidate) { return candidate.target == target; });
  }

  // Up when the tier is empty; down only when nothing stronger is left.
  Result<void> move_start() {
    const std::size_t start = plan_.tier;
    for (std::size_t tier = start + 1; tier <= ceiling_; ++tier) {
      if (!has_usable(tier)) continue;
      plan_.tier = tier;
      plan_.reason += ", which cannot take it (" + why_not(start) + "), so up to " + tier_name(tier);
      return {};
    }
    for (std::size_t tier = start; tier-- > 0;) {
      if (!has_usable(tier)) continue;
      plan_.tier = tier;
      plan_.reason +=
          ", but neither that nor a stronger one can take it (" + why_not(start) + "), so down to " + tier_name(tier);
      return {};
    }
    return nothing_left();
  }

  std::string why_not(std::size_t tier) const {
    const std::vector<std::size_t>& targets = settings_.tiers[tier].targets;
    for (const Removed& removed : plan_.removed) {
      if (std::find(targets.begin(), targets.end(), removed.target) != targets.end()) {
        return std::string(removed.constraint);
      }
    }
    return "no targets";
  }

  Error nothing_left() const {
    constexpr std::size_t longest = 1500;
    const bool too_long = std::all_of(plan_.removed.begin(), plan_.removed.end(),
                                      [](const Removed& removed) { return removed.constraint == "context_window"; });
    std::string detail = "No configured model can serve this request.";
    for (const Removed& removed : plan_.removed) {
      const std::string line = " " + settings_.targets[removed.target].name + ": " + removed.detail + ".";
      if (detail.size() + line.size() > longest) {
        detail += " And so on.";
        break;
      }
      detail += line;
    }
    if (plan_.removed.empty()) {
      return gateway_error(ErrorKind::no_target, 503, detail + " The tiers have no targets.");
    }
    if (too_long) detail += " Shorten the messages or the answer asked for, or configure a model with a larger window.";
    return client_error(ErrorKind::invalid_request, 400, std::move(detail),
                        too_long ? "context_length_exceeded" : "no_capable_model", too_long ? "messages" : "");
  }

  // It goes into a header: one line of printable ASCII.
  void finish_reason() {
    for (char& c : plan_.reason) {
      if (c < ' ' || c > '~') c = '?';
    }
    if (plan_.reason.size() <= longest_reason) return;
    plan_.reason.resize(longest_reason - 3);
    plan_.reason += "...";
  }

  const chat::Request& request_;
  const config::Settings& settings_;
  const Origin& origin_;
  std::size_t ceiling_ = 0;
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const chat::Request& request, const config::Settings& settings, const Classifier& classifier,
                       const Origin& origin) {
  return Planner(request, settings, origin).run(classifier);
}

}  // namespace triaged::routing
