// The policy `latency` over minutes of simulated traffic: targets of different speed, estimates from their answers
// only.
#include "dispatch/balancer.hpp"
#include "dispatch/target_load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

namespace triaged::dispatch {
namespace {

using config::Policy;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Server {
  Duration takes{};
  std::size_t places = 1000;  // requests it works on at a time, more wait
};

struct Traffic {
  const char* name;
  std::vector<Server> servers;
  double per_second;
  Duration length;
};
std::ostream& operator<<(std::ostream& out, const Traffic& traffic) { return out << traffic.name; }

struct Outcome {
  Duration p99{};
  std::vector<double> shares;  // of the requests, by server
};

class Simulation {
 public:
  Simulation(const Traffic& traffic, Policy policy) : traffic_(traffic), policy_(policy) {
    for (const Server& each : traffic.servers) free_at_.push_back(Places({}, std::vector(each.places, TimePoint())));
    loads_.resize(traffic.servers.size());
    asked_.resize(traffic.servers.size());
  }

  Outcome run() {
    const auto between = std::chrono::duration<double>(1 / traffic_.per_second);
    TimePoint now{};
    while (now - TimePoint() < traffic_.length) {
      // Neither in step with the answers nor all at once.
      now += duration_cast<TimePoint::duration>(between * 2 * random_.unit());
      end_until(now);
      ask(choose(now), now);
    }
    Outcome outcome;
    std::sort(times_.begin(), times_.end());
    outcome.p99 = times_[times_.size() * 99 / 100];
    for (const std::size_t each : asked_)
      outcome.shares.push_back(static_cast<double>(each) / static_cast<double>(times_.size()));
    return outcome;
  }

 private:
  using Places = std::priority_queue<TimePoint, std::vector<TimePoint>, std::greater<>>;
  using Answer = std::tuple<TimePoint, std::size_t, Duration>;  // when, of whom, how long it took

  void end_until(TimePoint now) {
    while (!under_way_.empty() && std::get<TimePoint>(under_way_.top()) <= now) {
      const auto [at, server, took] = under_way_.top();
      under_way_.pop();
      --loads_[server].in_flight;
      loads_[server].latency[0].observe(took, at);
    }
  }

  std::size_t choose(TimePoint now) {
    std::vector<Contender> contenders(loads_.size());
    for (std::size_t i = 0; i < loads_.size(); ++i) {
      contenders[i].candidate = i;
      contenders[i].in_flight = loads_[i].in_flight;
      contenders[i].latency = loads_[i].expected(false, now);
    }
    arrange(policy_, contenders, random_);
    return contenders.front().candidate;
  }

  void ask(std::size_t server, TimePoint now) {
    ++asked_[server];
    ++loads_[server].in_flight;
    const TimePoint begins = std::max(free_at_[server].top(), now);
    const TimePoint ends = begins + duration_cast<TimePoint::duration>(traffic_.servers[server].takes);
    free_at_[server].pop();
    free_at_[server].push(ends);
    const Duration took = duration_cast<Duration>(ends - now);
    under_way_.emplace(ends, server, took);
    times_.push_back(took);
  }

  const Traffic& traffic_;
  Policy policy_;
  Random random_{11};
  std::vector<TargetLoad> loads_;
  std::vector<Places> free_at_;  // by server: when its places are free
  std::vector<std::size_t> asked_;
  std::vector<Duration> times_;
  std::priority_queue<Answer, std::vector<Answer>, std::greater<>> under_way_;
};

class LatencyBalance : public testing::TestWithParam<Traffic> {};

TEST_P(LatencyBalance, KeepsTheSlowestOutOfTheNinetyNinthPercentile) {
  const Outcome weighted = Simulation(GetParam(), Policy::weighted).run();
  const Outcome latency = Simulation(GetParam(), Policy::latency).run();

  EXPECT_LE(latency.p99, weighted.p99 / 2);
  for (std::size_t i = 0; i < latency.shares.size(); ++i) {
    if (GetParam().servers[i].takes < 10 * GetParam().servers[0].takes) continue;
    EXPECT_LT(latency.shares[i], 0.01) << "server " << i;
    EXPECT_GT(latency.shares[i], 0) << "server " << i << " is never asked how it is now";
  }
}

const std::vector<Server> one_two_ten{{seconds(1)}, {seconds(2)}, {seconds(10)}};

INSTANTIATE_TEST_SUITE_P(
    All, LatencyBalance,
    testing::Values(
        Traffic{"few_requests", one_two_ten, 5, minutes(5)}, Traffic{"many_requests", one_two_ten, 50, minutes(2)},
        Traffic{"very_many_requests", one_two_ten, 300, minutes(1)},
        Traffic{"fast_answers", {{milliseconds(60)}, {milliseconds(120)}, {milliseconds(600)}}, 60, minutes(2)},
        Traffic{"one_fast_among_slow", {{seconds(1)}, {seconds(10)}, {seconds(10)}, {seconds(12)}}, 20, minutes(4)},
        Traffic{"two_targets", {{seconds(1)}, {seconds(10)}}, 20, minutes(4)}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(LatencyBalance, ASlowTargetTakesWhatTheFastOnesCannot) {
  const Traffic traffic{"more_than_the_fast_one_bears", {{seconds(1), 8}, {seconds(3), 100}}, 16, minutes(5)};

  const Outcome outcome = Simulation(traffic, Policy::latency).run();

  EXPECT_GT(outcome.shares[1], 0.3);
  EXPECT_LT(outcome.p99, seconds(6));
}

// What a target's own latest answer says counts until the one that asks it again has ended.
TEST(TargetLoad, FadesOnlyWhileNobodyAsks) {
  const TimePoint start{};
  TargetLoad load;
  EXPECT_FALSE(load.expected(true, start));
  load.latency[1].observe(seconds(10), start);
  const TimePoint later = start + PeakEwma::decay;

  EXPECT_LT(load.expected(true, later), seconds(4));
  load.in_flight = 1;
  EXPECT_EQ(load.expected(true, later), seconds(10));
  EXPECT_FALSE(load.expected(false, later));
}

}  // namespace
}  // namespace triaged::dispatch
