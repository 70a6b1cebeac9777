// The admin listener of a running daemon: its counts agree with what was done, and its health with its state.
#include "support/two_tiers.hpp"
#include "unit/observe/exposition_parser.hpp"

#include <csignal>
#include <string>

namespace triaged::test {
namespace {

using observe::test::ExpositionParser;
using observe::test::Parsed;

class Metrics : public testing::Test {
 protected:
  Parsed scrape() const {
    const Response metrics = site.ask_admin(get("/metrics"));
    EXPECT_EQ(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    return ExpositionParser::parse(metrics.body);
  }
  TwoTiers site;
};

TEST_F(Metrics, CountWhatWasDone) {
  site.low.then(answers("one", {1000, 100, 800}));
  site.low.then(fails(500));
  site.low.always(answers("three", {10, 1}));
  site.high.always(answers("two", {1000, 100}));
  {
    Client client = site.client();
    ASSERT_EQ(client.ask(chat("auto")).status, 200);
    ASSERT_EQ(client.ask(chat("auto")).status, 200);
    ASSERT_EQ(client.ask(streamed_chat("auto")).status, 200);
    ASSERT_EQ(client.ask(get("/v1/models")).status, 200);
    ASSERT_EQ(client.ask(chat("gpt-9")).status, 404);
    ASSERT_EQ(client.ask("GET / HTTP/1.1\r\n\r\n").status, 400);
  }

  const Parsed parsed = scrape();

  const std::string requests = "triaged_requests_total{endpoint=\"";
  EXPECT_EQ(parsed.at(requests + "chat_completions\",tier=\"light\",task=\"qa\",status=\"200\",stream=\"false\"}"), 1);
  EXPECT_EQ(parsed.at(requests + "chat_completions\",tier=\"strong\",task=\"qa\",status=\"200\",stream=\"false\"}"), 1);
  EXPECT_EQ(parsed.at(requests + "chat_completions\",tier=\"light\",task=\"qa\",status=\"200\",stream=\"true\"}"), 1);
  EXPECT_EQ(parsed.at(requests + "models\",tier=\"\",task=\"\",status=\"200\",stream=\"false\"}"), 1);
  EXPECT_EQ(parsed.at(requests + "chat_completions\",tier=\"\",task=\"\",status=\"404\",stream=\"false\"}"), 1);
  EXPECT_EQ(parsed.at(requests + "none\",tier=\"\",task=\"\",status=\"400\",stream=\"false\"}"), 1);
  const std::string low = "{provider=\"low\",model=\"small\",";
  const std::string high = "{provider=\"high\",model=\"large\",";
  EXPECT_EQ(
      parsed.at("triaged_attempts_total" + low + "tier=\"light\",purpose=\"answer\",outcome=\"answered\",error=\"\"}"),
      2);
  EXPECT_EQ(parsed.at("triaged_attempts_total" + low +
                      "tier=\"light\",purpose=\"answer\",outcome=\"failed\",error=\"server_error\"}"),
            1);
  EXPECT_EQ(parsed.at("triaged_attempts_total" + high +
                      "tier=\"strong\",purpose=\"answer\",outcome=\"answered\",error=\"\"}"),
            1);
  EXPECT_EQ(parsed.at("triaged_tokens_total" + low + "class=\"input\"}"), 210);
  EXPECT_EQ(parsed.at("triaged_tokens_total" + low + "class=\"cached_input\"}"), 800);
  EXPECT_EQ(parsed.at("triaged_tokens_total" + low + "class=\"output\"}"), 101);
  EXPECT_DOUBLE_EQ(parsed.at("triaged_cost_usd_total" + low + "tier=\"light\"}"), 0.000480 + 0.000012);
  EXPECT_DOUBLE_EQ(parsed.at("triaged_cost_usd_total" + high + "tier=\"strong\"}"), 0.012);
  EXPECT_EQ(parsed.at("triaged_escalations_total{from=\"light\",to=\"strong\"}"), 1);
  EXPECT_EQ(parsed.at("triaged_upstream_connections_total{provider=\"low\",reused=\"false\"}"), 1);
  EXPECT_EQ(parsed.at("triaged_upstream_connections_total{provider=\"low\",reused=\"true\"}"), 2);
  EXPECT_EQ(parsed.at("triaged_request_duration_seconds_count"), 6);
  EXPECT_EQ(parsed.at("triaged_journal_failures_total"), 0);
  EXPECT_EQ(parsed.at("triaged_ready"), 1);
}

TEST_F(Metrics, ShowWhatIsGoingOnNow) {
  Signal asked;
  Signal go_on;
  site.low.then(held("hi", asked, go_on));
  Client client = site.client();
  client.send(chat("low/small"));
  asked.wait();

  const Parsed busy = scrape();
  go_on.set();
  ASSERT_EQ(client.read().status, 200);

  EXPECT_EQ(busy.at("triaged_requests_in_flight"), 1);
  EXPECT_EQ(busy.at("triaged_client_connections"), 1);
  EXPECT_EQ(busy.at("triaged_upstream_connections{provider=\"low\",state=\"active\"}"), 1);
  EXPECT_TRUE(eventually([this] {
    const Parsed idle = scrape();
    return idle.at("triaged_requests_in_flight") == 0 &&
           idle.at("triaged_upstream_connections{provider=\"low\",state=\"active\"}") == 0 &&
           idle.at("triaged_upstream_connections{provider=\"low\",state=\"idle\"}") == 1;
  }));
  client.socket().close();
  EXPECT_TRUE(eventually([this] { return scrape().at("triaged_client_connections") == 0; }));
}

TEST_F(Metrics, HealthIsOpenAndUnknownPathsAreNot) {
  EXPECT_EQ(site.ask_admin(get("/healthz")).body, "ok\n");
  EXPECT_EQ(site.ask_admin(get("/readyz")).body, "ready\n");
  EXPECT_EQ(site.ask_admin(get("/nothing")).status, 404);
  EXPECT_EQ(site.ask_admin(post("/metrics", "")).status, 405);
  EXPECT_EQ(site.ask(get("/metrics")).status, 404) << "clients do not see them";
}

TEST_F(Metrics, ReadinessEndsWithTheFirstSignalAndHealthDoesNot) {
  Signal asked;
  Signal go_on;
  site.low.then(held("hi", asked, go_on));
  Client client = site.client();
  client.send(chat("low/small"));
  asked.wait();

  site.daemon.signal(SIGTERM);

  EXPECT_TRUE(eventually([this] { return site.ask_admin(get("/readyz")).status == 503; }));
  EXPECT_EQ(site.ask_admin(get("/healthz")).status, 200);
  EXPECT_EQ(scrape().at("triaged_ready"), 0);
  go_on.set();
  EXPECT_EQ(client.read().status, 200);
}

TEST(AdminToken, IsAskedForMetricsButNotForHealth) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.server = "admin_token: secret-of-operator"; });

  EXPECT_EQ(site.ask_admin(get("/metrics")).status, 401);
  EXPECT_EQ(site.ask_admin(get("/metrics", "Authorization: Bearer secret-of-operatos\r\n")).status, 401);
  EXPECT_EQ(site.ask_admin(get("/metrics", "Authorization: Bearer secret-of-operator\r\n")).status, 200);
  EXPECT_EQ(site.ask_admin(get("/healthz")).status, 200);
  EXPECT_EQ(site.ask_admin(get("/readyz")).status, 200);
}

}  // namespace
}  // namespace triaged::test
