// How the targets of one tier share its requests.
#include "support/chat.hpp"
#include "support/client.hpp"
#include "support/daemon.hpp"
#include "support/upstream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace triaged::test {
namespace {

using testing::ElementsAre;

// One tier of three targets, a/m, b/m and c/m, each with an upstream of its own.
struct OneTier {
  explicit OneTier(const std::string& balance, const std::array<std::string, 3>& of_targets = {},
                   const std::string& breaker = "failures: 1000, failure_rate: 1")
      : daemon(setup(balance, of_targets, breaker)) {}

  Response ask(std::string_view request) const { return test::ask(daemon.api(), request); }
  void ask_often(int times, std::string_view request) const {
    Client client(daemon.api());
    for (int i = 0; i < times; ++i) ASSERT_EQ(client.ask(request).status, 200);
  }
  std::array<std::size_t, 3> counts() const { return {all[0].count(), all[1].count(), all[2].count()}; }
  bool out(std::size_t which) const {
    const std::string metrics = test::ask(daemon.admin(), get("/metrics")).body;
    return metrics.find("triaged_breaker_open{target=\"" + name(which) + "/m\"} 1") != std::string::npos;
  }
  static std::string name(std::size_t which) { return std::string(1, static_cast<char>('a' + which)); }

  std::array<Upstream, 3> all;
  Daemon daemon;

 private:
  DaemonSetup setup(const std::string& balance, const std::array<std::string, 3>& of_targets,
                    const std::string& breaker) const {
    DaemonSetup setup;
    std::string targets;
    for (std::size_t i = 0; i < all.size(); ++i) {
      setup.providers.push_back(provider(name(i), all[i].port()));
      targets += (i == 0 ? "" : ", ") + std::string("{target: ") + name(i) + "/m" +
                 (of_targets[i].empty() ? "" : ", " + of_targets[i]) + "}";
    }
    setup.tiers = {"{name: only, targets: [" + targets + "]}"};
    setup.routing = "confidence: 0";
    setup.breaker = breaker;
    setup.more = "balance: {" + balance + "}";
    return setup;
  }
};

Script after(std::chrono::milliseconds wait) {
  return [wait](Exchange& exchange) {
    Signal().wait_for(wait);
    answers("says")(exchange);
  };
}

TEST(Balance, ByOrderSendsEverythingToTheFirst) {
  OneTier site("policy: order");
  for (Upstream& each : site.all) each.always(answers("says"));

  site.ask_often(10, chat("auto"));

  EXPECT_THAT(site.counts(), ElementsAre(10, 0, 0));
}

TEST(Balance, ByWeightSharesAtRandom) {
  OneTier site("policy: weighted", {"weight: 1", "weight: 1", "weight: 8"});
  for (Upstream& each : site.all) each.always(answers("says"));

  site.ask_often(400, chat("auto"));

  const auto [a, b, c] = site.counts();
  EXPECT_EQ(a + b + c, 400U);
  EXPECT_GT(a, 10U);
  EXPECT_GT(b, 10U);
  EXPECT_GT(c, 260U);
  EXPECT_LT(c, 375U);
}

TEST(Balance, LeastBusyPassesOverTheOneThatIsAtWork) {
  OneTier site("policy: least_busy");
  std::array<Signal, 3> asked;
  Signal go_on;
  for (std::size_t i = 0; i < site.all.size(); ++i) site.all[i].always(held("says", asked[i], go_on));
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&site] { EXPECT_EQ(site.ask(chat("auto")).status, 200); });
  }

  for (Signal& each : asked) each.wait();
  go_on.set();

  for (std::thread& each : clients) each.join();
  EXPECT_THAT(site.counts(), ElementsAre(1, 1, 1));
}

TEST(Balance, ByLatencyAvoidsTheSlow) {
  OneTier site("policy: latency");
  site.all[0].always(after(300ms));
  site.all[1].always(answers("says"));
  site.all[2].always(answers("says"));

  site.ask_often(60, chat("auto"));

  EXPECT_GE(site.all[0].count(), 1U) << "nobody knew at first";
  EXPECT_LE(site.all[0].count(), 3U);
  EXPECT_GE(site.all[1].count(), 5U);
  EXPECT_GE(site.all[2].count(), 5U);
}

TEST(Balance, ByUsageAsksTheUsedUpLast) {
  OneTier site("policy: usage", {"rpm: 10", "rpm: 20", "tpm: 300"});
  for (Upstream& each : site.all) each.always(answers("says", {10, 5}));  // 15 tokens: 20 requests a minute at c

  site.ask_often(50, chat("auto"));

  EXPECT_THAT(site.counts(), ElementsAre(10, 20, 20));
}

TEST(Balance, ByPriceAsksTheCheapest) {
  DaemonSetup setup;
  Upstream low;
  Upstream high;
  low.always(answers("small"));
  high.always(answers("large"));
  setup.providers = {provider("low", low.port()), provider("high", high.port())};
  setup.tiers = {"{name: only, targets: [high/large, low/small], policy: cheapest}"};
  setup.routing = "confidence: 0";
  Daemon daemon(setup);

  EXPECT_EQ(ask(daemon.api(), chat("auto")).header("x-triaged-model"), "low/small");
  low.stop();
  EXPECT_EQ(ask(daemon.api(), chat("auto")).header("x-triaged-model"), "high/large");
}

TEST(Balance, AListOfTheClientKeepsItsOrder) {
  OneTier site("policy: weighted");
  for (Upstream& each : site.all) each.always(answers("says"));
  const std::string body = R"({"model":"b/m","models":["b/m","a/m"],"messages":[{"role":"user","content":"Hi"}]})";

  site.ask_often(20, post(chat_path, body));

  EXPECT_THAT(site.counts(), ElementsAre(0, 20, 0));
}

TEST(Balance, FailsOverWithinTheTierUnseen) {
  OneTier site("policy: weighted");
  site.all[0].always(fails(500));
  site.all[1].always(fails(503));
  site.all[2].always(answers("says"));

  site.ask_often(50, chat("auto"));

  EXPECT_EQ(site.all[2].count(), 50U);
}

TEST(Ejection, OfATargetThatFailsTooOftenAndItsSlowReturn) {
  OneTier site("policy: weighted, slow_start: 400ms", {}, "failures: 1000, failure_rate: 0.5, cooldown: 100ms");
  for (Upstream& each : site.all) each.always(answers("says"));
  std::size_t asked = 0;
  site.all[0].always([&asked](Exchange& exchange) {
    if (++asked % 3 == 0)
      answers("says")(exchange);
    else
      fails(500)(exchange);
  });
  Client client(site.daemon.api());
  ASSERT_TRUE(eventually([&] { return client.ask(chat("auto")).status == 200 && site.out(0); }));

  site.all[0].always(answers("says"));

  ASSERT_TRUE(eventually([&] { return client.ask(chat("auto")).status == 200 && !site.out(0); }));
  const std::size_t before = site.all[0].count();
  ASSERT_TRUE(eventually([&] { return client.ask(chat("auto")).status == 200 && site.all[0].count() > before + 20; }))
      << "it has its share again";
}

}  // namespace
}  // namespace triaged::test
