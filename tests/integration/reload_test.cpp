// A configuration that is read again while the daemon runs: new requests have it, running ones keep theirs, a bad one
// changes nothing.
#include "support/load.hpp"
#include "support/two_tiers.hpp"

#include <csignal>
#include <string>
#include <thread>

namespace triaged::test {
namespace {

const std::string light_row = "tier: light}]";
const std::string strong_row = "tier: strong}]";

class Reload : public testing::Test {
 protected:
  void SetUp() override {
    site.low.always(answers("low"));
    site.high.always(answers("high"));
  }
  Response reload() const { return site.ask_admin(post("/admin/reload", "")); }
  TwoTiers site;
};

TEST_F(Reload, HoldsForRequestsFromThenOn) {
  const Response before = site.ask(chat("auto"));
  ASSERT_EQ(before.header("x-triaged-tier"), "light");
  site.daemon.rewrite(light_row, strong_row);

  const Response done = reload();

  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.json()["changed"].dump(), R"(["routing.table[0].tier: \"light\" -> \"strong\""])");
  EXPECT_TRUE(done.json()["needs_restart"].empty());
  const Response after = site.ask(chat("auto"));
  EXPECT_EQ(after.header("x-triaged-tier"), "strong");
  EXPECT_EQ(after.header("x-triaged-config"), done.json()["configuration"].get<std::string>());
  EXPECT_NE(after.header("x-triaged-config"), before.header("x-triaged-config"));
}

TEST_F(Reload, LeavesRunningRequestsWhatTheyStartedWith) {
  Signal asked;
  Signal go_on;
  site.low.then(held("held", asked, go_on));
  const std::string before = site.ask(get("/v1/models")).header("x-triaged-config");
  Client client = site.client();
  client.send(chat("auto"));
  asked.wait();
  site.daemon.rewrite(light_row, strong_row);

  ASSERT_EQ(reload().status, 200);
  EXPECT_EQ(site.ask(chat("auto")).header("x-triaged-tier"), "strong");
  go_on.set();
  const Response held = client.read();

  EXPECT_EQ(held.status, 200);
  EXPECT_EQ(held.header("x-triaged-tier"), "light");
  EXPECT_EQ(held.header("x-triaged-config"), before);
  EXPECT_EQ(client.ask(chat("auto")).header("x-triaged-tier"), "strong") << "the same connection";
}

// What goes on under the old configuration is counted beside what goes on under the new one.
TEST_F(Reload, LeavesTheCountsOfConnectionsRight) {
  const auto shows = [this](const std::string& active, const std::string& idle) {
    const std::string metrics = site.ask_admin(get("/metrics")).body;
    const auto has = [&metrics](const std::string& line) { return metrics.find(line + "\n") != std::string::npos; };
    return has(R"(triaged_upstream_connections{provider="low",state="active"} )" + active) &&
           has(R"(triaged_upstream_connections{provider="low",state="idle"} )" + idle) &&
           has(R"(triaged_target_in_flight{target="low/small"} )" + active);
  };
  Signal old_asked;
  Signal old_go_on;
  site.low.then(held("old", old_asked, old_go_on));
  Client old_client = site.client();
  old_client.send(streamed_chat("low/small"));
  old_asked.wait();
  site.daemon.rewrite(light_row, strong_row);
  ASSERT_EQ(reload().status, 200);
  Signal asked;
  Signal go_on;
  site.low.then(held("new", asked, go_on));
  Client client = site.client();
  client.send(streamed_chat("low/small"));
  asked.wait();

  EXPECT_TRUE(eventually([&] { return shows("2", "0"); }));
  old_go_on.set();
  old_client.begin();
  old_client.rest();
  EXPECT_TRUE(eventually([&] { return shows("1", "0"); })) << "nothing of the old ones is kept";
  go_on.set();
  client.begin();
  client.rest();
  EXPECT_TRUE(eventually([&] { return shows("0", "1"); }));
}

TEST_F(Reload, OfABadFileChangesNothingAndSaysWhere) {
  const Response before = site.ask(chat("auto"));
  site.daemon.rewrite(light_row, "tier: lihgt}]");

  const Response refused = reload();

  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.error()["message"].get<std::string>().find("there is no tier 'lihgt'"), std::string::npos)
      << refused.body;
  EXPECT_EQ(site.ask(chat("auto")).header("x-triaged-config"), before.header("x-triaged-config"));
  EXPECT_NE(site.ask_admin(get("/metrics")).body.find("triaged_config_last_reload_successful 0"), std::string::npos);
  site.daemon.rewrite("tier: lihgt}]", light_row);
  EXPECT_EQ(reload().status, 200);
  EXPECT_NE(site.ask_admin(get("/metrics")).body.find("triaged_config_last_reload_successful 1"), std::string::npos);
}

TEST_F(Reload, TellsWhatOnlyARestartChanges) {
  site.daemon.rewrite("workers: 1", "workers: 2");
  const Response done = reload();
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.json()["needs_restart"].dump(), R"(["server.workers: 1 -> 2"])");
  EXPECT_TRUE(done.json()["changed"].empty());
}

TEST_F(Reload, IsDoneOnSighup) {
  site.daemon.rewrite(light_row, strong_row);
  site.daemon.signal(SIGHUP);
  EXPECT_TRUE(eventually([this] { return site.ask(chat("auto")).header("x-triaged-tier") == "strong"; }));
}

TEST_F(Reload, ReachesNewProvidersAndKeysOfClients) {
  site.daemon.rewrite("workers: 1", "workers: 1, api_keys: [\"sk-client\"]");
  ASSERT_EQ(reload().status, 200);
  EXPECT_EQ(site.ask(chat("auto")).status, 401);
  EXPECT_EQ(site.ask(chat("auto", easy, "Authorization: Bearer sk-client\r\n")).status, 200);

  Upstream moved;
  moved.always(answers("moved"));
  site.daemon.rewrite(":" + std::to_string(site.low.port()) + "/v1", ":" + std::to_string(moved.port()) + "/v1");
  ASSERT_EQ(reload().status, 200);
  const Response answer = site.ask(chat("auto", easy, "Authorization: Bearer sk-client\r\n"));
  EXPECT_EQ(text_of(answer.body), "moved");
}

TEST_F(Reload, AgainAndAgainUnderLoadFailsNoRequest) {
  Load load(site.daemon.api(), 4, 200, chat("auto"));
  for (int i = 0; i < 10; ++i) {
    site.daemon.rewrite(i % 2 == 0 ? light_row : strong_row, i % 2 == 0 ? strong_row : light_row);
    ASSERT_EQ(reload().status, 200);
  }
  const Outcomes outcomes = load.join();
  EXPECT_EQ(outcomes.answered, 800U);
  EXPECT_TRUE(outcomes.cut.empty()) << outcomes.cut.front();
}

TEST_F(Reload, TakesPostOnly) {
  EXPECT_EQ(site.ask_admin(get("/admin/reload")).status, 405);
  EXPECT_EQ(site.ask(post("/admin/reload", "")).status, 404) << "clients cannot ask for it";
}

TEST(ReloadWithAnOpenBreaker, StartsWithAClosedOneAndShowsThat) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.breaker = "failures: 1, cooldown: 1h, cooldown_max: 1h"; });
  const auto open = [&site] {
    const std::string metrics = site.ask_admin(get("/metrics")).body;
    return metrics.find(R"(triaged_breaker_open{target="low/small"} 1)") != std::string::npos;
  };
  site.low.always(fails(500));
  site.high.always(answers("high"));
  ASSERT_EQ(site.ask(chat("auto")).header("x-triaged-model"), "high/large");
  ASSERT_TRUE(open());

  ASSERT_EQ(site.ask_admin(post("/admin/reload", "")).status, 200);

  EXPECT_TRUE(eventually([&] { return !open(); }));
}

// A simulated provider is bound while a configuration is made, whatever becomes of that.
TEST(ReloadOfASimulatedProvider, WorksAfterOneThatFailed) {
  TwoTiers site("", [](DaemonSetup& setup) {
    setup.providers.emplace_back("sim: {dialect: simulated, simulation: {first_token: 1ms}}");
    setup.tiers.emplace_back("{name: made_up, targets: [sim/simulated-light]}");
  });
  site.daemon.rewrite("first_token: 1ms", "first_token: 2ms");
  site.daemon.rewrite("prices: prices.yaml", "prices: triaged.yaml");
  ASSERT_NE(site.ask_admin(post("/admin/reload", "")).status, 200);
  site.daemon.rewrite("prices: triaged.yaml", "prices: prices.yaml");
  ASSERT_EQ(site.ask_admin(post("/admin/reload", "")).status, 200);

  EXPECT_EQ(site.ask(chat("sim/simulated-light")).status, 200);
}

TEST(ReloadToken, IsAskedFor) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.server = "admin_token: secret-of-operator"; });
  EXPECT_EQ(site.ask_admin(post("/admin/reload", "")).status, 401);
  EXPECT_EQ(site.ask_admin(post("/admin/reload", "", "Authorization: Bearer secret-of-operator\r\n")).status, 200);
}

}  // namespace
}  // namespace triaged::test
