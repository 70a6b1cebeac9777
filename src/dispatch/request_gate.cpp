// What answers of a request are held against, and what follows when one is not good enough.
#include "triaged/quality/judge.hpp"

#include "dispatch/request_run.hpp"
#include "dispatch/side_call.hpp"

#include <algorithm>

namespace triaged::dispatch {
namespace {

constexpr std::size_t judge_sees = 24U << 10U;  // bytes of question and answer: some 6,000 tokens

}  // namespace

void RequestRun::start_where_it_pays() {
  way_ = routing::way_of(job_.plan, state_.settings);
  const std::vector<routing::Candidate>& candidates = job_.plan.candidates;
  std::vector<std::size_t> tiers;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (can_be_asked(i) && !candidates[i].above_price && (tiers.empty() || candidates[i].tier > tiers.back()))
      tiers.push_back(candidates[i].tier);
  }
  if (tiers.size() < 2) return;
  const double random = state_.random.unit();
  const Escalations::Start start = state_.escalations.start(way_, tiers, random, state_.random.unit());
  raised_ = start.reason;
  start_tier_ = start.tier;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].tier < start.tier) spent_[i] = true;
  }
}

bool RequestRun::can_be_asked(std::size_t candidate) const {
  const TargetHealth& health = state_.health[job_.plan.candidates[candidate].target];
  const TimePoint at = now();
  return !spent_[candidate] && health.held_until <= at && health.breaker.state(at) != Breaker::State::open;
}

// None where nobody stronger could answer instead: what comes is the answer then.
std::optional<GateUse> RequestRun::gate_for(std::size_t candidate) {
  const routing::Plan& plan = job_.plan;
  if (!plan.gate || gate_lifted_) return std::nullopt;
  bool stronger = false;
  for (std::size_t i = 0; i < spent_.size() && !stronger; ++i) {
    const routing::Candidate& other = plan.candidates[i];
    stronger = other.tier > plan.candidates[candidate].tier && !other.above_price && can_be_asked(i);
  }
  if (!stronger) return std::nullopt;
  if (!asked_) asked_.emplace(job_.request, job_.body);
  GateUse use;
  use.gate = &state_.settings.quality.gates[*plan.gate];
  use.checker = &state_.checkers[*plan.gate];
  use.asked = &*asked_;
  return use;
}

// Only a stronger tier can do better, and only what is paid for is asked for more than an answer.
void RequestRun::escalate(const AttemptRun& attempt) {
  const std::size_t candidate = attempt.order().candidate;
  const std::vector<routing::Candidate>& candidates = job_.plan.candidates;
  for (std::size_t i = 0; i < spent_.size(); ++i) {
    if (candidates[i].tier <= candidates[candidate].tier || candidates[i].above_price) spent_[i] = true;
  }
  not_good_ = candidate;
  const AttemptFacts& facts = attempt.facts();
  const config::Gate& gate = *attempt.order().gate->gate;
  state_.environment.metrics->gate_finding(gate.name, facts.finding->check);
  state_.escalations.judged(way_, candidates[candidate].tier, false);
  if (!gate.feedback) return;
  told_ =
      &rewritten_.emplace_back(tell_finding(job_.request, job_.body, facts.poor_text, *facts.finding, judge_reason_));
}

void RequestRun::note_gated_answer(const AttemptRun& winner) {
  if (winner.order().gate) {
    state_.escalations.judged(way_, job_.plan.candidates[winner.order().candidate].tier, true);
  }
  if (!raised_.empty() || (!winner.order().gate && !not_good_)) return;
  const bool escalated = not_good_.has_value();
  state_.escalations.ended(way_, escalated);
  state_.environment.metrics->gated_answer(state_.escalations.name(way_), escalated ? "escalated" : "passed",
                                           state_.escalations.alarm(way_));
}

// An answer that was not good enough is better than none.
bool RequestRun::lift_gate() {
  if (!not_good_ || gate_lifted_ || gone_) return false;
  gate_lifted_ = true;
  std::fill(spent_.begin(), spent_.end(), true);
  spent_[*not_good_] = false;
  return true;
}

bool RequestRun::wants_probabilities(const Order& order) const {
  return order.gate && order.gate->gate->min_confidence > 0 && !job_.request.wants_logprobs &&
         !state_.refuses_probabilities[order.target];
}

// Models that tell no probabilities refuse the question: that must not become the client's error.
bool RequestRun::without_probabilities(const AttemptRun& refused) {
  if (!refused.order().asks_probabilities) return false;
  if (refused.facts().failure.failure_class != provider::FailureClass::bad_request) return false;
  state_.refuses_probabilities[refused.order().target] = true;
  spent_[refused.order().candidate] = false;
  return true;
}

net::Task<std::optional<quality::Finding>> RequestRun::assess(const AttemptRun& attempt, const quality::Given& answer,
                                                              std::function<void()>& wake) {
  const std::optional<config::Judge>& judge = attempt.order().gate->gate->judge;
  if (!judge || gone_ || state_.random.unit() >= judge->sample) co_return std::nullopt;
  observe::Shard& metrics = *state_.environment.metrics;
  if (!state_.judge_budget.allows(judge->budget)) {
    metrics.judge_call("over_budget");
    co_return std::nullopt;
  }
  const std::string instructions = quality::judge_instructions(judge->rubric);
  const std::string description = quality::describe_for_judge(job_.request, answer, judge_sees);
  SideQuestion question;
  question.purpose = ledger::Purpose::judge;
  question.id = job_.id;
  question.tier = judge->tier;
  question.deadline = Deadline::in(judge->timeout, now());
  question.system = instructions;
  question.user = description;
  question.max_output_tokens = quality::judge_reply_tokens;
  SideCall call(state_, question, side_, wake);
  const Result<SideAnswer> reply = co_await call.run();
  if (!reply) {
    metrics.judge_call(call.late() ? "late" : "failed");
    co_return std::nullopt;
  }
  if (reply->cost) state_.judge_budget.judged(*reply->cost);
  const Result<quality::JudgeScore> score = quality::read_judge_reply(reply->text);
  if (!score) {
    metrics.judge_call("invalid");
    co_return std::nullopt;
  }
  const bool good = score->score >= judge->threshold;
  metrics.judge_call(good ? "good" : "poor");
  if (good) co_return std::nullopt;
  judge_reason_ = score->reason;
  co_return quality::judge_finding(*score, judge->threshold);
}

}  // namespace triaged::dispatch
