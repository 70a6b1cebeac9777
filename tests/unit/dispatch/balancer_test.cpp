#include "dispatch/balancer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace triaged::dispatch {
namespace {

using config::Policy;
using std::chrono::milliseconds;
using testing::ElementsAre;

std::vector<Contender> three(const std::function<void(std::vector<Contender>&)>& change) {
  std::vector<Contender> all(3);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].candidate = i;
  change(all);
  return all;
}

std::vector<std::size_t> arranged(Policy policy, std::vector<Contender> contenders, Random& random) {
  arrange(policy, contenders, random);
  std::vector<std::size_t> order;
  for (const Contender& each : contenders) order.push_back(each.candidate);
  return order;
}

// How often each is first, of 10,000 times.
std::vector<double> shares(Policy policy, const std::vector<Contender>& contenders) {
  constexpr int times = 10'000;
  Random random(7);
  std::vector<double> first(contenders.size());
  for (int i = 0; i < times; ++i) first[arranged(policy, contenders, random).front()] += 1.0 / times;
  return first;
}

struct Row {
  const char* name;
  Policy policy;
  std::vector<Contender> contenders;
  std::vector<std::size_t> order;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class Arrange : public testing::TestWithParam<Row> {};

TEST_P(Arrange, PutsTheBestFirst) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    EXPECT_EQ(arranged(GetParam().policy, GetParam().contenders, random), GetParam().order) << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Arrange,
    testing::Values(Row{"order_as_configured",
                        Policy::order,
                        three([](auto& all) { all[0].in_flight = 99, all[0].used = 5; }),
                        {0, 1, 2}},
                    Row{"least_busy",
                        Policy::least_busy,
                        three([](auto& all) { all[0].in_flight = 3, all[1].in_flight = 0, all[2].in_flight = 2; }),
                        {1, 2, 0}},
                    Row{"least_busy_for_its_weight",
                        Policy::least_busy,
                        three([](auto& all) {
                          all[0].in_flight = 2, all[1].in_flight = 5, all[1].weight = 4, all[2].in_flight = 3;
                        }),
                        {1, 0, 2}},
                    Row{"usage",
                        Policy::usage,
                        three([](auto& all) { all[0].used = 0.7, all[1].used = 1.2, all[2].used = 0.1; }),
                        {2, 0, 1}},
                    Row{"cheapest_and_last_the_unknown",
                        Policy::cheapest,
                        three([](auto& all) { all[1].cost = NanoDollars(900), all[2].cost = NanoDollars(100); }),
                        {2, 1, 0}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Balancer, DrawsByWeight) {
  const auto first = shares(Policy::weighted, three([](auto& all) { all[1].weight = 2, all[2].weight = 5; }));

  EXPECT_NEAR(first[0], 0.125, 0.02);
  EXPECT_NEAR(first[1], 0.25, 0.02);
  EXPECT_NEAR(first[2], 0.625, 0.02);
}

TEST(Balancer, SharesEvenlyAmongEquals) {
  for (const Policy policy : {Policy::weighted, Policy::least_busy, Policy::latency, Policy::usage, Policy::cheapest}) {
    SCOPED_TRACE(config::name(policy));
    for (const double share : shares(policy, three([](auto&) {}))) EXPECT_NEAR(share, 1.0 / 3, 0.03);
  }
}

TEST(Balancer, LatencyTakesTheBetterOfTwoAndNeverTheWorstOfAll) {
  const auto first = shares(Policy::latency, three([](auto& all) {
                              all[0].latency = milliseconds(300);
                              all[1].latency = milliseconds(100);
                              all[2].latency = milliseconds(200);
                            }));

  EXPECT_EQ(first[0], 0);
  EXPECT_NEAR(first[1], 2.0 / 3, 0.03);
  EXPECT_NEAR(first[2], 1.0 / 3, 0.03);
}

TEST(Balancer, LatencyTakesTimesThatNobodyNoticesForAlike) {
  const auto first = shares(Policy::latency, three([](auto& all) {
                              all[0].latency = milliseconds(35);
                              all[1].latency = milliseconds(1);
                              all[2].latency = milliseconds(8);
                            }));
  for (const double share : first) EXPECT_NEAR(share, 1.0 / 3, 0.03);
}

TEST(Balancer, LatencyDrawsNobodyWhoIsOutpaced) {
  const auto first = shares(Policy::latency, three([](auto& all) {
                              all[0].latency = milliseconds(500);
                              all[1].latency = milliseconds(100);
                              all[2].latency = milliseconds(410);
                            }));

  EXPECT_EQ(first[0], 0);
  EXPECT_EQ(first[2], 0);
}

TEST(Balancer, LatencyCountsTheQueue) {
  std::vector<Contender> two(2);
  two[1].candidate = 1;
  two[0].latency = milliseconds(100);
  two[0].in_flight = 25;
  two[1].latency = milliseconds(400);
  Random random(1);

  EXPECT_THAT(arranged(Policy::latency, two, random), ElementsAre(1, 0));
  two[0].in_flight = 23;
  EXPECT_THAT(arranged(Policy::latency, two, random), ElementsAre(0, 1));
}

TEST(Balancer, LatencyTriesWhomNobodyKnowsButNotWithEverybody) {
  std::vector<Contender> two(2);
  two[1].candidate = 1;
  two[0].latency = milliseconds(10);
  Random random(1);

  EXPECT_THAT(arranged(Policy::latency, two, random), ElementsAre(1, 0));
  two[1].in_flight = 1;
  EXPECT_THAT(arranged(Policy::latency, two, random), ElementsAre(0, 1));
}

TEST(Balancer, ATargetThatCameBackGetsItsShareLittleByLittle) {
  for (const double warmth : {0.0, 0.25, 0.5}) {
    SCOPED_TRACE(warmth);
    const auto cold = three([warmth](auto& all) { all[0].warmth = warmth; });
    EXPECT_NEAR(shares(Policy::order, cold)[0], warmth, 0.02);
    EXPECT_NEAR(shares(Policy::weighted, cold)[0], warmth / 3, 0.02);
  }
}

TEST(Balancer, ATierOfOneOrNoneIsLeftAsItIs) {
  Random random(1);
  std::vector<Contender> one(1);
  one[0].warmth = 0;

  EXPECT_THAT(arranged(Policy::latency, one, random), ElementsAre(0));
  EXPECT_TRUE(arranged(Policy::latency, {}, random).empty());
}

}  // namespace
}  // namespace triaged::dispatch
