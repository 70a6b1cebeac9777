// Several keys of one provider: taken in turn, and one that is refused or limited is left alone while others answer.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string first = "Bearer sk-of-low";
const std::string second = "Bearer second key of low";
const std::string third = "Bearer third key of low";

class ApiKeys : public testing::Test {
 protected:
  // What the provider says to a key; to others it answers.
  static Script says(std::map<std::string, Script> by_key) {
    return [by_key = std::move(by_key)](Exchange& exchange) {
      const auto found = by_key.find(exchange.request().header("authorization"));
      if (found == by_key.end())
        answers("small says")(exchange);
      else
        found->second(exchange);
    };
  }
  std::vector<std::string> keys_seen() const {
    std::vector<std::string> keys;
    for (const SeenRequest& seen : site.low.seen()) keys.push_back(seen.header("authorization"));
    return keys;
  }
  std::string metrics() const { return site.ask_admin(get("/metrics")).body; }

  TwoTiers site{"", [](DaemonSetup& setup) {
                  setup.providers[0].insert(setup.providers[0].size() - 1,
                                            ", more_api_keys: [second key of low, third key of low]");
                }};
};

TEST_F(ApiKeys, AreTakenInTurn) {
  site.low.always(answers("small says"));

  for (int i = 0; i < 4; ++i) EXPECT_EQ(site.ask(chat("auto")).status, 200);

  EXPECT_THAT(keys_seen(), ElementsAre(first, second, third, first));
}

TEST_F(ApiKeys, OneThatIsRateLimitedIsHeldWhileTheOthersAreUsedAtOnce) {
  site.low.always(says({{first, fails(429, "rate_limit_exceeded", "Retry-After: 30\r\n")}}));

  const Response answer = site.ask(chat("auto"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(site.ask(chat("auto")).header("x-triaged-attempts"), "1");

  EXPECT_EQ(answer.header("x-triaged-model"), "low/small");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
  EXPECT_THAT(keys_seen(), ElementsAre(first, second, third, second, third));
  EXPECT_EQ(site.high.count(), 0U);
}

TEST_F(ApiKeys, OneThatIsRefusedOrOutOfMoneyIsOut) {
  site.low.always(says({{first, fails(401, "invalid_api_key")}, {second, fails(429, "insufficient_quota")}}));

  const Response answer = site.ask(chat("auto"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(site.ask(chat("auto")).header("x-triaged-attempts"), "1");

  EXPECT_EQ(answer.header("x-triaged-model"), "low/small");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "3");
  EXPECT_THAT(keys_seen(), ElementsAre(first, second, third, third, third, third));
  EXPECT_THAT(metrics(), HasSubstr("triaged_provider_key_outs_total{provider=\"low\",key=\"0\"} 1\n"));
  EXPECT_THAT(metrics(), HasSubstr("triaged_provider_key_outs_total{provider=\"low\",key=\"1\"} 1\n"));
}

TEST_F(ApiKeys, WhenAllAreOutTheNextTargetIsAskedAndThisOneLeftAlone) {
  site.low.always(fails(403));
  site.high.always(answers("large says"));

  const Response answer = site.ask(chat("auto"));
  const Response next = site.ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "4");
  EXPECT_EQ(next.header("x-triaged-attempts"), "1");
  EXPECT_THAT(keys_seen(), ElementsAre(first, second, third));
}

TEST_F(ApiKeys, WhenAllAreRateLimitedTheTargetIsHeldUntilTheFirstIsBack) {
  site.low.always(says({{first, fails(429, "rate_limit_exceeded", "Retry-After: 300\r\n")},
                        {second, fails(429, "rate_limit_exceeded", "Retry-After: 30\r\n")},
                        {third, fails(429, "rate_limit_exceeded", "Retry-After: 200\r\n")}}));

  const Response first_answer = site.ask(chat("low/small"));
  const Response held = site.ask(chat("low/small"));

  EXPECT_EQ(first_answer.status, 429);
  EXPECT_EQ(held.status, 429);
  EXPECT_LE(std::stoi(held.header("retry-after")), 30);
  EXPECT_EQ(site.low.count(), 3U);
}

TEST_F(ApiKeys, NeverShowInErrorsLogsOrMetrics) {
  site.low.always([](Exchange& exchange) {
    const std::string key = exchange.request().header("authorization").substr(7);
    exchange.answer(401, error_body("Incorrect API key provided: " + key + ".", key));
  });

  const Response answer = site.ask(chat("low/small"));

  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("x-triaged-attempts"), "3");
  site.daemon.ledger().of(answer.header("x-triaged-id"));
  const std::string metrics_text = metrics();
  site.daemon.stop();
  for (const std::string& key : {first.substr(7), second.substr(7), third.substr(7)}) {
    for (const std::string& text : {answer.body, site.daemon.access_log(), site.daemon.errors(), metrics_text}) {
      EXPECT_THAT(text, Not(HasSubstr(key)));
    }
  }
}

}  // namespace
}  // namespace triaged::test
