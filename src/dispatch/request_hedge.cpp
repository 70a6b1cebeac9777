// A second attempt beside a slow first one.
#include "triaged/net/task_group.hpp"

#include "dispatch/request_run.hpp"

#include <algorithm>

namespace triaged::dispatch {

struct RequestRun::Hedging {
  Hedging(net::Executor executor, const AttemptRun& slow, Duration after)
      : first(slow),
        timer(executor, std::chrono::duration_cast<std::chrono::steady_clock::duration>(after)),
        tasks(executor) {}
  const AttemptRun& first;
  bool first_ended = false;
  Timer timer;
  net::TaskGroup tasks;
};

// Runs `first`, and a hedge beside it if it is slow. Afterwards winner_ says whose answer counts; losers and a hedge
// that failed are booked, `first` is not if it failed.
net::Task<void> RequestRun::attempt(AttemptRun& first) {
  running_.assign(1, &first);
  const std::optional<Duration> after =
      hedge_after(state_.settings.hedge, state_.first_content_times[first.order().target]);
  if (!after || !hedge_candidate(first)) {
    co_await first.run();
    running_.clear();
    co_return;
  }
  Hedging hedging(state_.environment.executor, first, *after);
  hedging.tasks.spawn("hedge", hedge(hedging));
  co_await first.run();
  std::erase(running_, &first);
  hedging.first_ended = true;
  hedging.timer.cancel();
  co_await hedging.tasks.wait();
  if (!won_by_other(first)) co_return;
  if (first.lost())
    note_lost(first);
  else
    note_failed(first);
}

net::Task<void> RequestRun::hedge(Hedging& hedging) {
  co_await hedging.timer.async_wait(net::as_result);
  if (hedging.first_ended || winner_ != nullptr || gone_) co_return;
  const std::optional<std::size_t> candidate = hedge_candidate(hedging.first);
  if (!candidate || !state_.hedge_budget.try_take()) co_return;
  state_.environment.metrics->measure("hedge");
  spent_[*candidate] = true;
  ++attempts_;
  ++tries_[*candidate];
  Duration waited_beside{0};  // the time counts once
  AttemptRun::Owner& owner = *this;
  Order beside = order(*candidate, false);
  beside.turn = Turn::beside;
  hedge_ = std::make_unique<AttemptRun>(state_, beside, owner, waited_beside);
  running_.push_back(hedge_.get());
  co_await hedge_->run();
  std::erase(running_, hedge_.get());
  if (winner_ == hedge_.get()) {
    state_.environment.metrics->measure("hedge_won");
    co_return;
  }
  if (hedge_->lost() || gone_)
    note_lost(*hedge_);
  else
    note_failed(*hedge_);
}

// The first candidate of another provider that can be asked now.
std::optional<std::size_t> RequestRun::hedge_candidate(const AttemptRun& first) const {
  const std::vector<config::Target>& targets = state_.settings.targets;
  const TimePoint at = now();
  for (std::size_t i = 0; i < spent_.size(); ++i) {
    const std::size_t target = job_.plan.candidates[i].target;
    if (spent_[i] || i == first.order().candidate || job_.plan.candidates[i].above_price) continue;
    if (targets[target].provider == targets[first.order().target].provider) continue;
    const TargetHealth& health = state_.health[target];
    if (health.held_until <= at && health.breaker.state(at) == Breaker::State::closed) return i;
  }
  return std::nullopt;
}

}  // namespace triaged::dispatch
