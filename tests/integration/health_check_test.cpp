// Asking a provider whether it is there: who fails the check gets no requests, who passes it again does.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <string>

namespace triaged::test {
namespace {

class HealthCheck : public testing::Test {
 protected:
  explicit HealthCheck(std::string limit = "2s") : timeout(std::move(limit)) {
    site.low.always([this](Exchange& exchange) {
      if (exchange.request().method != "GET") {
        answers("small says")(exchange);
      } else if (silent) {
        exchange.wait_until_left();
      } else {
        exchange.answer(status, "{}");
      }
    });
    site.high.always(answers("large says"));
  }
  bool out() const {
    const std::string metrics = site.ask_admin(get("/metrics")).body;
    return metrics.find("triaged_breaker_open{target=\"low/small\"} 1") != std::string::npos;
  }
  std::string model() const { return site.ask(chat("auto")).header("x-triaged-model"); }

  std::atomic<int> status = 200;
  std::atomic<bool> silent = false;
  const std::string timeout;
  TwoTiers site{"", [this](DaemonSetup& setup) {
                  setup.providers[0].insert(setup.providers[0].size() - 1,
                                            ", health: {path: /models, interval: 100ms, timeout: " + timeout + "}");
                }};
};

class ImpatientHealthCheck : public HealthCheck {
 protected:
  ImpatientHealthCheck() : HealthCheck("200ms") {}
};

TEST_F(HealthCheck, GoesToTheProvidersPathWithItsKey) {
  ASSERT_EQ(model(), "low/small");
  ASSERT_TRUE(eventually([this] { return site.low.count() >= 4; }));

  for (const SeenRequest& seen : site.low.seen()) {
    if (seen.method != "GET") continue;
    EXPECT_EQ(seen.target, "/v1/models");
    EXPECT_EQ(seen.header("authorization"), "Bearer sk-of-low");
    EXPECT_EQ(seen.body, "");
  }
}

TEST_F(HealthCheck, ThatFailsTakesTheTargetOutAndOneThatSucceedsLetsItBack) {
  ASSERT_EQ(model(), "low/small");

  status = 503;
  ASSERT_TRUE(eventually([this] { return out(); }));
  EXPECT_EQ(model(), "high/large");

  status = 401;  // it is there, whatever it thinks of the key
  ASSERT_TRUE(eventually([this] { return !out(); }));
  EXPECT_EQ(model(), "low/small");
}

TEST_F(ImpatientHealthCheck, CountsSilenceAndARefusedConnectionAsFailures) {
  ASSERT_EQ(model(), "low/small");
  silent = true;
  ASSERT_TRUE(eventually([this] { return out(); }));
  silent = false;
  ASSERT_TRUE(eventually([this] { return !out(); }));

  site.low.stop();
  ASSERT_TRUE(eventually([this] { return out(); }));
  EXPECT_EQ(model(), "high/large");
  site.low.start();
  ASSERT_TRUE(eventually([this] { return !out(); }));
}

TEST_F(HealthCheck, EndsWithTheDaemonEvenWhileOneIsUnderWay) {
  ASSERT_EQ(model(), "low/small");
  const std::size_t before = site.low.count();
  silent = true;
  ASSERT_TRUE(eventually([&] { return site.low.count() > before; }));

  site.daemon.stop();
}

}  // namespace
}  // namespace triaged::test
