// The site of most tests: a daemon in front of two upstreams, `low/small` in tier `light` and `high/large` in tier
// `strong`. The prompt `easy` is routed to light, `hard` to strong.
#pragma once

#include "support/chat.hpp"
#include "support/client.hpp"
#include "support/daemon.hpp"
#include "support/upstream.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

namespace triaged::test {

struct TwoTiers {
  // `change` may change the configuration; `of_providers` are further settings of both providers.
  explicit TwoTiers(const std::string& of_providers = "", const std::function<void(DaemonSetup&)>& change = nullptr)
      : TwoTiers(of_providers, of_providers, change) {}
  TwoTiers(const std::string& of_low, const std::string& of_high, const std::function<void(DaemonSetup&)>& change)
      : daemon(setup(of_low, of_high, change)) {}

  Client client() const { return Client(daemon.api()); }
  Response ask(std::string_view request) const { return test::ask(daemon.api(), request); }
  Response ask_admin(std::string_view request) const { return test::ask(daemon.admin(), request); }

  Upstream low;
  Upstream high;
  Daemon daemon;

 private:
  DaemonSetup setup(const std::string& of_low, const std::string& of_high,
                    const std::function<void(DaemonSetup&)>& change) const {
    DaemonSetup setup;
    setup.providers = {provider("low", low.port(), of_low), provider("high", high.port(), of_high)};
    setup.tiers = {"{name: light, targets: [low/small]}", "{name: strong, targets: [high/large]}"};
    setup.routing = R"(confidence: 0, table: [{complexity: "<0.35", tier: light}], intercept: [gpt-4o])";
    if (change) change(setup);
    return setup;
  }
};

// One site for all tests of a suite; before each test its upstreams forget what they were told.
template <class Suite>
class SharedSite : public testing::Test {
 public:
  static void TearDownTestSuite() { shared.reset(); }

 protected:
  void SetUp() override {
    if (shared == nullptr) shared = Suite::make_site();
    low().reset();
    high().reset();
  }
  static TwoTiers& site() { return *shared; }
  static Upstream& low() { return shared->low; }
  static Upstream& high() { return shared->high; }
  static Response ask(std::string_view request) { return shared->ask(request); }

 private:
  static inline std::unique_ptr<TwoTiers> shared;
};

}  // namespace triaged::test
