// What a worker keeps of its targets: told by attempts, asked when a request chooses where to go.
#include "triaged/dispatch/pricing.hpp"

#include "dispatch/dispatcher_state.hpp"

#include <algorithm>
#include <numeric>

namespace triaged::dispatch {
namespace {

// Output of an answer that nothing is known of; only compared between targets.
constexpr std::int64_t usual_output = 400;

std::int64_t expected_output(const routing::Plan& plan, std::size_t tier, const chat::Request& request) {
  std::int64_t output = usual_output;
  if (tier < plan.outlooks.size() && plan.outlooks[tier].output_tokens > 0)
    output = static_cast<std::int64_t>(plan.outlooks[tier].output_tokens);
  return std::min(output, request.max_output_tokens.value_or(output));
}

// How far a target is that came back: 0 at once, 1 after `slow_start`.
double warmth(const Breaker& breaker, Duration slow_start, TimePoint now) {
  if (!breaker.back_since() || slow_start <= Duration::zero()) return 1;
  const auto since = std::chrono::duration<double>(now - *breaker.back_since());
  return std::clamp(since / std::chrono::duration<double>(slow_start), 0.0, 1.0);
}

TimePoint::duration steady(Duration duration) { return std::chrono::duration_cast<TimePoint::duration>(duration); }

// A client's list or a target by name is asked in its own order.
bool balanced(const routing::Plan& plan) {
  return plan.wanted.kind != routing::WantedKind::target && plan.wanted.kind != routing::WantedKind::list;
}

// Whether a failed further attempt is what retry budgets are there to limit: not when the request itself was the
// matter, the client left, or the answer came and was only not good enough.
bool costs_budget(const AttemptFailure& failure) {
  using provider::FailureClass;
  if (failure.blame != Blame::upstream || failure.kind == ErrorKind::poor_answer) return false;
  const auto stated = failure.failure_class;
  return stated != FailureClass::context_length && stated != FailureClass::content_policy &&
         stated != FailureClass::bad_request;
}

}  // namespace

std::optional<Choice> Dispatcher::State::choose(const Job& job, const std::vector<bool>& spent, bool first_attempt) {
  const Field what = field(job, spent, first_attempt);
  return dispatch::choose(what, health, environment.clock->now());
}

void Dispatcher::State::look_around(const Job& job, const std::vector<bool>& spent, const Asked& failed,
                                    AttemptState& found) {
  const TimePoint now = environment.clock->now();
  order_.resize(job.plan.candidates.size());
  std::iota(order_.begin(), order_.end(), std::size_t(0));
  const Field rest{job.plan, order_, spent, settings.balance.panic, false};
  found.other_target_left = any_left(rest, health, now);
  found.other_key_left = key_rings[failed.target].other_left(failed.key, now);
  const TargetHealth& own = health[failed.target];
  found.resets_fresh = own.resets_fresh;
  // One attempt at a target whose breaker is open is enough.
  found.budget_left = own.budget.allows(now) && own.breaker.state(now) != Breaker::State::open;
  if (!own.budget.allows(now)) environment.metrics->budget_exhausted(settings.targets[failed.target].name);
  for (const std::size_t i : order_) {
    const std::size_t target = job.plan.candidates[i].target;
    if (target == failed.target || spent[i] || health[target].budget.allows(now)) continue;
    environment.metrics->budget_exhausted(settings.targets[target].name);
  }
}

Field Dispatcher::State::field(const Job& job, const std::vector<bool>& spent, bool first_attempt) {
  const std::vector<routing::Candidate>& candidates = job.plan.candidates;
  order_.resize(candidates.size());
  std::iota(order_.begin(), order_.end(), std::size_t(0));
  if (balanced(job.plan)) {
    // The target that holds the conversation in its cache stays first.
    for (std::size_t begin = job.plan.kept_warm ? 1 : 0; begin < candidates.size();) {
      std::size_t end = begin + 1;
      const routing::Candidate& first = candidates[begin];
      const auto alike = [&first](const routing::Candidate& each) {
        return each.tier == first.tier && each.above_price == first.above_price;
      };
      while (end < candidates.size() && alike(candidates[end])) ++end;
      if (end - begin > 1) arrange_tier(job, begin, end);
      begin = end;
    }
  }
  return Field{job.plan, order_, spent, settings.balance.panic, first_attempt};
}

// What is in no tier is asked in the order of the configuration.
config::Policy Dispatcher::State::policy_of(std::size_t tier) const {
  return tier < settings.tiers.size() ? settings.tiers[tier].policy : config::Policy::order;
}

void Dispatcher::State::arrange_tier(const Job& job, std::size_t begin, std::size_t end) {
  const TimePoint now = environment.clock->now();
  const std::size_t tier = job.plan.candidates[begin].tier;
  const config::Policy policy = policy_of(tier);
  const routing::Features& features = job.plan.features;
  const Demand demand{job.request.stream, features.texts, features.beside_texts,
                      expected_output(job.plan, tier, job.request)};
  contenders_.clear();
  for (std::size_t i = begin; i < end; ++i) {
    contenders_.push_back(contender(job.plan.candidates[i].target, policy, demand, now));
    contenders_.back().candidate = i;
  }
  arrange(policy, contenders_, random);
  for (std::size_t i = begin; i < end; ++i) order_[i] = contenders_[i - begin].candidate;
}

const std::vector<Contender>& Dispatcher::State::arranged(std::size_t tier, const Demand& demand) {
  const TimePoint now = environment.clock->now();
  const config::Policy policy = policy_of(tier);
  contenders_.clear();
  for (const std::size_t target : settings.tiers[tier].targets) {
    contenders_.push_back(contender(target, policy, demand, now));
    contenders_.back().candidate = target;
  }
  arrange(policy, contenders_, random);
  return contenders_;
}

Contender Dispatcher::State::contender(std::size_t target, config::Policy policy, const Demand& demand,
                                       TimePoint now) const {
  const config::Target& configured = settings.targets[target];
  const TargetLoad& load = loads[target];
  Contender contender;
  contender.weight = configured.weight;
  contender.in_flight = load.in_flight;
  contender.latency = load.expected(demand.stream, now);
  contender.warmth = warmth(health[target].breaker, settings.balance.slow_start, now);
  if (policy == config::Policy::usage) {
    // Of its limits, this worker has the share of the requests that come to it.
    const double own = load.use.share(configured.rpm, configured.tpm, now);
    contender.used = own * static_cast<double>(environment.workers);
  }
  if (policy == config::Policy::cheapest && prices[target] != nullptr) {
    chat::Usage usage;
    usage.certainty = chat::Certainty::estimated;
    usage.input = demand.beside_texts + estimate_tokens(demand.texts, configured.tokenizer);
    usage.output = demand.output_tokens;
    contender.cost = ledger::cost_of(*prices[target], usage);
  }
  return contender;
}

void Dispatcher::State::on_asked(const Asked& asked) {
  TargetLoad& load = loads[asked.target];
  load.use.add(1, 0, asked.since);
  RetryBudget& budget = health[asked.target].budget;
  if (asked.turn == Turn::first) budget.on_first_attempt();
  if (asked.turn == Turn::further) budget.on_further_attempt(asked.since);
}

void Dispatcher::State::on_answered(const Asked& asked, Duration first_content) {
  const TimePoint at = environment.clock->now();
  TargetHealth& marked = health[asked.target];
  marked.breaker.on_success(at);
  marked.resets_fresh = false;
  report_breaker(asked.target, at);
  if (asked.turn == Turn::further) marked.budget.on_further_answered();
  observe_latency(asked, first_content, at);
}

void Dispatcher::State::on_failed(const Asked& asked, const AttemptFailure& failure, const Verdict& verdict) {
  if (verdict.next == Next::fresh_connection) return;
  TargetHealth& marked = health[asked.target];
  const TimePoint at = environment.clock->now();
  if (verdict.blame_target)
    marked.breaker.on_failure(at);
  else
    marked.breaker.on_neutral();
  if (failure.kind == ErrorKind::reset && !failure.reused_connection && !failure.got_bytes) marked.resets_fresh = true;
  if (verdict.key_out > Duration::zero()) put_key_out(asked, failure, at + steady(verdict.key_out));
  if (verdict.target_out > Duration::zero()) {
    // Until the first key is back.
    const TimePoint until = std::min(at + steady(verdict.target_out), key_rings[asked.target].soonest());
    if (failure.failure_class == provider::FailureClass::rate_limited)
      marked.held_until = std::max(marked.held_until, until);
    else
      marked.breaker.hold_off(until);
  }
  report_breaker(asked.target, at);

  if (asked.turn == Turn::further && costs_budget(failure)) marked.budget.on_further_failed();
  // Whoever was waited for in vain takes at least that long.
  const bool silent = failure.kind == ErrorKind::head_timeout || failure.kind == ErrorKind::first_content_timeout;
  if (silent) observe_latency(asked, at - asked.since, at);
}

void Dispatcher::State::on_unjudged(const Asked& asked) { health[asked.target].breaker.on_neutral(); }

void Dispatcher::State::on_checked(std::size_t target, bool well, const config::HealthCheck& check) {
  const TimePoint at = environment.clock->now();
  Breaker& breaker = health[target].breaker;
  if (well)
    breaker.on_check_passed(at);
  else
    breaker.on_check_failed(at + steady(2 * check.interval + check.timeout));  // the next one says how it goes on
  report_breaker(target, at);
}

// A rate limit goes for this model; a key that is refused is so for all models of its provider.
void Dispatcher::State::put_key_out(const Asked& asked, const AttemptFailure& failure, TimePoint until) {
  const std::size_t provider = settings.targets[asked.target].provider;
  environment.metrics->key_out(settings.providers[provider].name, asked.key);
  if (failure.failure_class == provider::FailureClass::rate_limited) {
    key_rings[asked.target].put_out(asked.key, until);
    return;
  }
  for (std::size_t target = 0; target < settings.targets.size(); ++target) {
    if (settings.targets[target].provider == provider) key_rings[target].put_out(asked.key, until);
  }
}

void Dispatcher::State::report_breaker(std::size_t target, TimePoint at) {
  const bool open = health[target].breaker.state(at) == Breaker::State::open;
  if (open == told_open[target]) return;
  told_open[target] = open;
  environment.metrics->breaker(settings.targets[target].name, open);
}

void Dispatcher::State::observe_latency(const Asked& asked, Duration took, TimePoint at) {
  PeakEwma& latency = loads[asked.target].latency[asked.stream ? 1 : 0];
  latency.observe(took, at);
  environment.metrics->latency(settings.targets[asked.target].name, asked.stream, *latency.latest());
}

void Dispatcher::State::count_in_flight(std::size_t target, int more) {
  std::size_t& in_flight = loads[target].in_flight;
  in_flight = more > 0 ? in_flight + 1 : in_flight - 1;
  environment.metrics->target_in_flight(settings.targets[target].name, more);
}

InFlight::InFlight(Dispatcher::State& state, std::size_t target) : state_(state), target_(target) {
  state_.count_in_flight(target_, 1);
}

InFlight::~InFlight() { state_.count_in_flight(target_, -1); }

}  // namespace triaged::dispatch
