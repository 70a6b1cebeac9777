#include "triaged/routing/plan.hpp"

#include "triaged/base/decimals.hpp"
#include "triaged/base/text.hpp"

#include "routing/outlook.hpp"
#include "routing/past_view.hpp"
#include "routing/plan_words.hpp"
#include "routing/price_ceiling.hpp"
#include "routing/rules.hpp"
#include "routing/stickiness.hpp"
#include "routing/tiers.hpp"
#include "routing/usable.hpp"
#include "routing/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::size_t longest_reason = 200;
constexpr std::size_t most_routes_told = 5;

// Builds one plan; each step adds its half sentence to the reason.
class Planner {
 public:
  Planner(const chat::Request& request, const config::Settings& settings, const Brain& brain, const Origin& origin,
          const Hints& hints)
      : request_(request), settings_(settings), brain_(brain), origin_(origin), hints_(hints) {}

  Result<Plan> run() {
    if (settings_.tiers.empty() || settings_.targets.empty()) {
      return gateway_error(ErrorKind::no_target, 503, "No model is configured: add a tier with at least one target.");
    }
    Result<Wanted> wanted = resolve_wanted(request_, settings_);
    if (!wanted) return wanted.error();
    plan_.wanted = *std::move(wanted);
    look();
    set_baseline();
    if (plan_.wanted.kind == WantedKind::target || plan_.wanted.kind == WantedKind::list) {
      pin_targets();
    } else {
      const Result<void> chosen = choose();
      if (!chosen) return chosen.error();
    }
    finish_reason();
    return std::move(plan_);
  }

 private:
  const std::string& tier_name(std::size_t tier) const { return settings_.tiers[tier].name; }
  const std::string& target_name(std::size_t target) const { return settings_.targets[target].name; }
  OutlookInput outlook_input(const EstimateInput& input) const {
    return {input, settings_, brain_, price_,
            plan_.past ? std::span<const PastNeighbour>(plan_.past->neighbours) : std::span<const PastNeighbour>()};
  }
  EstimateInput estimate_input() const { return {plan_.features, plan_.task, plan_.complexity, text_}; }

  void look() {
    Words words;
    plan_.features = extract_features(request_, words);
    extract_task_features(request_, plan_.features, text_);
    plan_.task = hints_.task ? *hints_.task : brain_.classifier.classify(text_);
    plan_.llm = hints_.llm;
    plan_.features.task_words = nullptr;
    plan_.complexity = score_complexity(plan_.features, plan_.task.best);
    plan_.reason = name(plan_.task.best);
    plan_.reason += " (p=";
    append_two_decimals(plan_.reason, plan_.task.confidence);
    plan_.reason += who_classified();
    plan_.reason += "), complexity ";
    append_two_decimals(plan_.reason, plan_.complexity.value);
    plan_.reason += ": ";
  }

  std::string_view who_classified() const {
    if (hints_.task) return ", says the LLM";
    if (hints_.llm == "used" || hints_.llm == "cached") return ", as the LLM was unsure";
    if (hints_.llm == "late") return ", as the LLM was late";
    if (hints_.llm == "failed") return ", as the LLM failed";
    if (hints_.llm == "invalid") return ", as the LLM made no sense";
    if (hints_.llm == "paused") return ", as the LLM is left alone for a while";
    if (plan_.features.language == Language::other) return ", by structure: the language is not known";
    return "";
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
      plan_.reason += target_name(plan_.candidates.front().target) + " was asked for";
    } else {
      append_integer(plan_.reason, static_cast<std::int64_t>(plan_.candidates.size()));
      plan_.reason += " models were asked for, in their order";
    }
  }

  Result<void> choose() {
    ceiling_ = settings_.tiers.size() - 1;
    if (plan_.wanted.kind == WantedKind::intercepted) ceiling_ = std::min(ceiling_, plan_.wanted.tier);
    if (!plan_.baseline_model.empty() && brain_.pricing != nullptr) {
      price_ = PriceCeiling(*brain_.pricing, plan_.wanted.model, plan_.features.input_tokens);
    }
    const UsableTargets usable(request_, plan_.features, settings_, ceiling_, plan_.removed);
    if (hints_.detail) {
      estimate(usable);
      find_route();
      find_past();
    }
    choose_tier(usable);
    if (!usable.first(plan_.tier)) {
      Result<void> moved = move_start(usable);
      if (!moved) return moved;
    }
    if (hints_.warm) stay_where_warm(*hints_.warm, usable);
    choose_gate();
    plan_.candidates = usable.from(plan_.tier);
    put_dearer_ones_last();
    if (plan_.kept_warm) put_first(hints_.warm->target);
    return {};
  }

  void choose_gate() {
    const config::Routing& routing = settings_.routing;
    plan_.gate = routing.gate;
    if (plan_.strategy == config::Strategy::intent && plan_.rule) plan_.gate = routing.table[*plan_.rule].gate;
    if (chosen_by_route(plan_)) {
      plan_.gate = routing.semantic.routes[plan_.route->route].gate;
    }
  }

  void choose_tier(const UsableTargets& usable) {
    if (plan_.wanted.kind == WantedKind::tier) {
      plan_.tier = plan_.wanted.tier;
      plan_.reason += "tier " + tier_name(plan_.tier) + " was asked for";
      return;
    }
    ask_strategies(usable);
    if (plan_.tier > ceiling_) {
      plan_.tier = ceiling_;
      plan_.reason += ", held at " + tier_name(ceiling_) + ", the tier of the model asked for";
    }
    hold_at_price(usable);
  }

  // Who asks for a model that is no target pays for that one, and is not sent to a dearer one.
  void hold_at_price(const UsableTargets& usable) {
    const std::size_t chosen = plan_.tier;
    while (plan_.tier > 0 && price_.excludes_all(usable.in(plan_.tier))) --plan_.tier;
    if (plan_.tier != chosen) {
      plan_.reason += ", held at " + tier_name(plan_.tier) + ": stronger tiers cost more than the model asked for";
    }
  }

  // Where nothing else can take the request, or nothing else answers, a dearer answer is still one.
  void put_dearer_ones_last() {
    std::vector<Candidate>& all = plan_.candidates;
    for (Candidate& each : all) each.above_price = price_.excludes(each.target);
    std::stable_partition(all.begin(), all.end(), [](const Candidate& each) { return !each.above_price; });
    if (all.front().above_price) plan_.reason += ", which costs more than the model asked for";
  }

  void ask_strategies(const UsableTargets& usable) {
    for (const config::Strategy strategy : settings_.routing.strategies) {
      if (!decides(strategy, usable)) continue;
      plan_.strategy = strategy;
      return;
    }
    plan_.tier = std::min(settings_.routing.default_tier, settings_.tiers.size() - 1);
    plan_.reason += "no table row matches, default tier " + tier_name(plan_.tier);
    raise_for_doubt();
  }

  bool decides(config::Strategy strategy, const UsableTargets& usable) {
    switch (strategy) {
      case config::Strategy::intent: return look_up_table();
      case config::Strategy::cost_aware: return weigh_costs(usable);
      case config::Strategy::semantic: return compare_with_routes(usable);
    }
    return false;
  }

  // What the task is does not matter to it, nor how sure that is.
  bool compare_with_routes(const UsableTargets& usable) {
    if (plan_.embedder.empty()) find_route();
    if (!plan_.route || !plan_.route->near_enough()) {
      if (hints_.embedding) plan_.reason += "near to no route by " + who_compared() + ", ";
      return compare_with_past(usable);
    }
    plan_.tier = std::min(plan_.route->tier, settings_.tiers.size() - 1);
    plan_.reason += "near to route " + settings_.routing.semantic.routes[plan_.route->route].name + " (";
    append_two_decimals(plan_.reason, plan_.route->similarity);
    if (hints_.embedding) plan_.reason += " by " + who_compared();
    plan_.reason += "), which goes to " + tier_name(plan_.tier);
    return true;
  }

  // Past prompts say of a weaker tier that it surely did well, or nothing.
  bool compare_with_past(const UsableTargets& usable) {
    find_past();
    if (!plan_.past) return false;
    plan_.past->choice =
        choose_by_past(past_offers(*plan_.past, *brain_.past, usable, price_, ceiling_), brain_.past->quality_floor());
    if (!plan_.past->choice) return false;
    plan_.tier = plan_.past->choice->tier;
    plan_.reason += sentence_of(*plan_.past, tier_name(plan_.tier));
    return true;
  }

  void find_past() {
    if (!plan_.past && brain_.past != nullptr) plan_.past = look_at_past(*brain_.past, plan_.features);
  }

  std::string who_compared() const {
    std::string who(plan_.embedder);
    if (!hints_.embedding->routes) who.append(" as upstream was ").append(hints_.embedding->result);
    return who;
  }

  void find_route() {
    if (hints_.embedding) plan_.embedding = hints_.embedding->result;
    if (hints_.embedding && hints_.embedding->routes) {
      plan_.embedder = settings_.routing.semantic.embedder;
      find_route(*hints_.embedding->routes, std::span<const float>(hints_.embedding->vector));
    } else if (brain_.routes != nullptr) {
      plan_.embedder = brain_.routes->embedder().version();
      find_route(*brain_.routes, plan_.features.task_text);
    }
  }

  // One that is near enough; else the nearest, which is worth telling. `what` is the text or its vector.
  template <class What>
  void find_route(const SemanticRoutes& routes, What what) {
    const auto unknown = [&](const SemanticMatch& match) {
      return match.route >= settings_.routing.semantic.routes.size();
    };
    plan_.route = routes.find(what);
    if (hints_.detail) {
      plan_.routes = routes.ranked(what, most_routes_told);
      std::erase_if(plan_.routes, unknown);
      if (!plan_.route && !plan_.routes.empty()) plan_.route = plan_.routes.front();
    }
    if (plan_.route && unknown(*plan_.route)) plan_.route.reset();
  }

  bool look_up_table() {
    const std::vector<config::Rule>& table = settings_.routing.table;
    const RuleFacts facts{request_, origin_, plan_.features, plan_.task.best, plan_.complexity.value};
    const auto row = std::find_if(table.begin(), table.end(), [&](const auto& rule) { return matches(rule, facts); });
    if (row == table.end()) return false;
    plan_.rule = static_cast<std::size_t>(row - table.begin());
    plan_.tier = std::min(row->tier, settings_.tiers.size() - 1);
    plan_.reason += "table row ";
    append_integer(plan_.reason, row - table.begin() + 1);
    if (const std::string own = own_conditions(*row); !own.empty()) plan_.reason += " (" + own + ")";
    plan_.reason += " sends it to " + tier_name(plan_.tier);
    if (depends_on_task(*row)) raise_for_doubt();
    return true;
  }

  void raise_for_doubt() {
    if (static_cast<double>(plan_.task.confidence) >= settings_.routing.confidence || plan_.tier >= ceiling_) return;
    ++plan_.tier;
    plan_.raised_for_doubt = true;
    plan_.reason += ", unsure, so up to " + tier_name(plan_.tier);
  }

  void estimate(const UsableTargets& usable) {
    if (!plan_.outlooks.empty() || brain_.estimates == nullptr) return;
    const EstimateInput input = estimate_input();
    find_past();
    plan_.outlooks = look_ahead(outlook_input(input), usable, ceiling_);
  }

  // Without a price to compare with it has no answer, and the next strategy is asked.
  bool weigh_costs(const UsableTargets& usable) {
    estimate(usable);
    const CostAwareChoice choice = choose_by_cost(offers_of(plan_.outlooks), brain_.cost_aware);
    if (!choice.tier || choice.reason == CostAwareReason::prices_unknown) {
      plan_.reason += choice.sentence + ", ";
      return false;
    }
    plan_.tier = *choice.tier;
    plan_.reason += tier_name(plan_.tier) + ": " + choice.sentence;
    for (const TierOutlook& outlook : plan_.outlooks) {
      if (outlook.target && !outlook.cost) plan_.reason += "; " + tier_name(outlook.tier) + " has no price";
    }
    if (plan_.past && !plan_.past->neighbours.empty()) {
      const CostAwareChoice alone = choose_by_cost(offers_without_past(plan_.outlooks), brain_.cost_aware);
      plan_.past->moved = alone.tier != choice.tier;
      if (plan_.past->moved) plan_.reason += ", by past prompts like it";
    }
    return true;
  }

  // Up when the tier is empty; down only when nothing stronger is left.
  Result<void> move_start(const UsableTargets& usable) {
    const std::size_t start = plan_.tier;
    for (std::size_t tier = start + 1; tier <= ceiling_; ++tier) {
      if (!usable.first(tier)) continue;
      plan_.tier = tier;
      plan_.reason += ", which cannot take it (" + usable.why_not(start) + "), so up to " + tier_name(tier);
      return {};
    }
    for (std::size_t tier = start; tier-- > 0;) {
      if (!usable.first(tier)) continue;
      plan_.tier = tier;
      plan_.reason += ", but neither that nor a stronger one can take it (" + usable.why_not(start) + "), so down to " +
                      tier_name(tier);
      return {};
    }
    return usable.nothing_left();
  }

  // A weaker target than the plan's is left whatever its cache holds: the answer comes first.
  void stay_where_warm(const WarmTarget& warm, const UsableTargets& usable) {
    if (warm.target >= settings_.targets.size() || !usable.contains(warm.target)) return;
    if (warm.cold || price_.excludes(warm.target)) return;
    if (stands_in(warm.target, settings_.tiers[plan_.tier])) {
      plan_.kept_warm = true;
      return;
    }
    const std::optional<std::size_t> tier = lowest_tier_of(warm.target, settings_);
    const bool stronger = tier && *tier > plan_.tier && *tier <= ceiling_;
    if (!stronger || plan_.wanted.kind == WantedKind::tier || brain_.estimates == nullptr || brain_.pricing == nullptr)
      return;
    const std::size_t next = usable.first(plan_.tier).value_or(warm.target);
    const EstimateInput input = estimate_input();
    Move move;
    move.from = warm.target;
    move.to = next;
    move.cached = warm.tokens;
    move.input = plan_.features.input_tokens;
    move.output_from = std::llround(expected_output(outlook_input(input), *tier, warm.target));
    move.output_to = std::llround(expected_output(outlook_input(input), plan_.tier, next));
    move.further_turns = settings_.routing.conversations.further_turns;
    const std::optional<MoveCost> cost = cost_of_moving(move, *brain_.pricing);
    if (!cost) return;
    plan_.stay_cost = cost->stay;
    plan_.move_cost = cost->move;
    if (cost->pays()) return;
    plan_.kept_warm = true;
    plan_.tier = *tier;
    plan_.reason += ", but stays in " + tier_name(*tier) + ", whose prompt cache is warm";
  }

  void put_first(std::size_t target) {
    auto& all = plan_.candidates;
    const auto warm =
        std::find_if(all.begin(), all.end(), [target](const Candidate& each) { return each.target == target; });
    if (warm != all.end()) std::rotate(all.begin(), warm, warm + 1);
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
  const Brain& brain_;
  const Origin& origin_;
  const Hints& hints_;
  std::size_t ceiling_ = 0;
  PriceCeiling price_;
  TaskFeatures text_;
  Plan plan_;
};

}  // namespace

bool chosen_by_route(const Plan& plan) {
  return plan.strategy == config::Strategy::semantic && plan.route && !(plan.past && plan.past->choice);
}

bool routes_matter(const Plan& plan, const config::Settings& settings) {
  const bool routed = plan.wanted.kind == WantedKind::automatic || plan.wanted.kind == WantedKind::intercepted;
  const std::size_t ceiling = plan.wanted.kind == WantedKind::intercepted ? plan.wanted.tier : settings.tiers.size();
  if (!routed || settings.tiers.size() < 2 || ceiling == 0 || trim(plan.features.task_text).empty()) return false;
  if (settings.routing.semantic.routes.empty()) return false;
  for (const config::Strategy strategy : settings.routing.strategies) {
    if (strategy == config::Strategy::semantic) return true;
    if (plan.strategy == strategy) return false;
  }
  return false;
}

std::size_t way_count(const config::Settings& settings) {
  return settings.routing.table.size() + settings.routing.semantic.routes.size() + 1;
}

std::size_t way_of(const Plan& plan, const config::Settings& settings) {
  if (plan.strategy == config::Strategy::intent && plan.rule) return *plan.rule;
  if (chosen_by_route(plan)) {
    return settings.routing.table.size() + plan.route->route;
  }
  return way_count(settings) - 1;
}

std::string way_name(std::size_t way, const config::Settings& settings) {
  const std::size_t rows = settings.routing.table.size();
  if (way < rows) return "row " + std::to_string(way + 1);
  const auto& routes = settings.routing.semantic.routes;
  return way - rows < routes.size() ? "route " + routes[way - rows].name : "other";
}

Result<Plan> make_plan(const chat::Request& request, const config::Settings& settings, const Brain& brain,
                       const Origin& origin, const Hints& hints) {
  return Planner(request, settings, brain, origin, hints).run();
}

}  // namespace triaged::routing
