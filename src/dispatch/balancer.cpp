#include "dispatch/balancer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace triaged::dispatch {
namespace {

constexpr double unknown = std::numeric_limits<double>::max();

// Nobody notices less: shorter times are alike, so that a connection that took its time to open decides nothing.
constexpr Duration unnoticed = std::chrono::milliseconds(40);

Duration noticed(Duration latency) { return std::max(latency, unnoticed); }

// Keys of Efraimidis and Spirakis: sorting by them is drawing by weight without putting back.
double drawn_by_weight(double weight, Random& random) { return -std::log(1 - random.unit()) / weight; }

// What a request would wait: the measured time, and more the more others are on their way. Models answer many at once,
// and what their queues cost is in the measured time already, so that only `at_once` in flight count as one more wait.
// A target nobody has an answer of yet is tried, but not by everybody at once.
double expected_wait(const Contender& contender) {
  constexpr double at_once = 8;
  const auto queue = static_cast<double>(contender.in_flight);
  if (contender.latency) return static_cast<double>(noticed(*contender.latency).count()) * (queue / at_once + 1);
  return contender.in_flight == 0 ? -1 : unknown / 2 + queue;
}

double score(config::Policy policy, const Contender& contender, Random& random) {
  switch (policy) {
    case config::Policy::order: return 0;
    case config::Policy::weighted: return drawn_by_weight(contender.weight, random);
    case config::Policy::least_busy: return (static_cast<double>(contender.in_flight) + 1) / contender.weight;
    case config::Policy::latency: return expected_wait(contender);
    case config::Policy::usage: return contender.used;
    case config::Policy::cheapest: return contender.cost ? static_cast<double>(contender.cost->value) : unknown;
  }
  return 0;
}

struct Scored {
  double score = 0;
  double tie = 0;  // equals take turns at random
  Contender contender;
  bool operator<(const Scored& other) const { return std::pair(score, tie) < std::pair(other.score, other.tie); }
};

std::size_t below(std::size_t end, Random& random) {
  return std::min(static_cast<std::size_t>(random.unit() * static_cast<double>(end)), end - 1);
}

// The worst time that is still in the running, compared with the best of all. Times include what queues cost, so that
// a fast target with too much to do soon has equals.
std::optional<Duration> slowest_in_the_running(const std::vector<Contender>& contenders) {
  constexpr int outpaced = 4;
  std::optional<Duration> best;
  for (const Contender& each : contenders) {
    if (each.latency && (!best || *each.latency < *best)) best = each.latency;
  }
  if (best) best = noticed(*best) * outpaced;
  return best;
}

// The better of two taken at random goes first: always taking the best would send everybody to the same one between two
// pieces of news. Who is outpaced is not drawn at all, however many those are: they would be where the slowest
// hundredth of all answers comes from. Whom nobody asked yet is asked at once.
void put_better_of_two_first(std::vector<Scored>& sorted, std::optional<Duration> slowest, Random& random) {
  if (sorted.front().score < 0) return;
  auto end = sorted.end();
  if (slowest) {
    end = std::stable_partition(sorted.begin(), sorted.end(), [slowest](const Scored& each) {
      return each.contender.latency && *each.contender.latency <= *slowest;
    });
  }
  const auto running = static_cast<std::size_t>(end - sorted.begin());
  if (running < 2) return;
  const std::size_t one = below(running, random);
  std::size_t other = below(running - 1, random);
  if (other >= one) ++other;
  const auto better = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(one, other));
  std::rotate(sorted.begin(), better, better + 1);
}

}  // namespace

void arrange(config::Policy policy, std::vector<Contender>& contenders, Random& random) {
  if (contenders.size() < 2) return;
  if (policy != config::Policy::order) {
    std::vector<Scored> sorted;
    sorted.reserve(contenders.size());
    for (const Contender& each : contenders) sorted.push_back({score(policy, each, random), random.unit(), each});
    std::sort(sorted.begin(), sorted.end());
    if (policy == config::Policy::latency) put_better_of_two_first(sorted, slowest_in_the_running(contenders), random);
    for (std::size_t i = 0; i < sorted.size(); ++i) contenders[i] = sorted[i].contender;
  }
  std::stable_partition(contenders.begin(), contenders.end(),
                        [&random](const Contender& each) { return each.warmth >= 1 || random.unit() < each.warmth; });
}

}  // namespace triaged::dispatch
