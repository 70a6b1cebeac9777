// What a request cost and saved, against sums done by hand. Prices per million tokens: low/small 1 in, 0.1 cached, 2
// out; high/large ten times as much. Amounts are nano-dollars.
#include "support/two_tiers.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

struct Sum {
  const char* name;
  Tokens tokens;
  std::string_view model;
  std::int64_t cost;
  std::int64_t baseline;
  std::string cost_usd;
  std::string saved_usd;
};

std::ostream& operator<<(std::ostream& out, const Sum& row) { return out << row.name; }

// A daemon for each: what the baseline would have answered is learned from the answers before.
class Accounting : public testing::TestWithParam<Sum> {
 protected:
  TwoTiers site;
};

TEST_P(Accounting, SumsAreThoseDoneByHand) {
  site.low.always(answers("hi", GetParam().tokens));
  site.high.always(answers("hi", GetParam().tokens));

  for (const bool streamed : {false, true}) {
    SCOPED_TRACE(streamed ? "streamed" : "whole");
    const Response answer = site.ask(streamed ? streamed_chat(GetParam().model, easy, "x-triaged-explain: body\r\n")
                                              : chat(GetParam().model));

    if (!streamed) {
      EXPECT_EQ(answer.header("x-triaged-cost-usd"), GetParam().cost_usd);
      EXPECT_EQ(answer.header("x-triaged-saved-usd"), GetParam().saved_usd);
    } else {
      EXPECT_NE(answer.body.find("\"cost_usd\":" + GetParam().cost_usd + ",\"saved_usd\":" + GetParam().saved_usd),
                std::string::npos)
          << answer.body;
    }
    const std::vector<LedgerRow> rows = site.daemon.ledger().of(answer.header("x-triaged-id"));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].certainty, "exact");
    EXPECT_EQ(rows[0].input, GetParam().tokens.input - GetParam().tokens.cached);
    EXPECT_EQ(rows[0].cached_input, GetParam().tokens.cached);
    EXPECT_EQ(rows[0].output, GetParam().tokens.output - GetParam().tokens.reasoning);
    EXPECT_EQ(rows[0].reasoning, GetParam().tokens.reasoning);
    EXPECT_EQ(rows[0].cost, GetParam().cost);
    EXPECT_EQ(rows[0].baseline_cost, GetParam().baseline);
    EXPECT_EQ(rows[0].baseline_model, "high/large");
    EXPECT_EQ(rows[0].answered_model, "told");
    EXPECT_EQ(rows[0].stream, streamed);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Accounting,
    testing::Values(
        // 1000 x 1 + 100 x 2 = 1200 millionths of a dollar
        Sum{"plain", {1000, 100, 0, 0}, "low/small", 1'200'000, 12'000'000, "0.001200000", "0.010800000"},
        // 200 x 1 + 800 x 0.1 + 100 x 2 = 480
        Sum{"cached", {1000, 100, 800, 0}, "low/small", 480'000, 4'800'000, "0.000480000", "0.004320000"},
        // reasoning is billed as output: 10 x 1 + 500 x 2 = 1010
        Sum{"reasoning", {10, 500, 0, 400}, "low/small", 1'010'000, 10'100'000, "0.001010000", "0.009090000"},
        // 3 x 0.1 cached, nothing else: 0.3 millionths
        Sum{"tiny", {3, 0, 3, 0}, "low/small", 300, 3'000, "0.000000300", "0.000002700"},
        Sum{"the_baseline_itself",
            {1000, 100, 0, 0},
            "high/large",
            12'000'000,
            12'000'000,
            "0.012000000",
            "0.000000000"}),
    [](const auto& row) { return std::string(row.param.name); });

class Books : public SharedSite<Books> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_F(Books, AStreamThatBrokeIsEstimatedAndCountedWithTheAnswerThatFollowed) {
  low().then([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.reset();
  });
  high().then(answers("large says", {1000, 100}));

  const Response answer = ask(streamed_chat("auto"));

  const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].certainty, "estimated");
  EXPECT_GT(rows[0].input, 0);
  EXPECT_EQ(rows[0].cost, rows[0].input * 1'000 + rows[0].output * 2'000);
  EXPECT_EQ(rows[1].cost, 12'000'000);
  EXPECT_EQ(rows[1].baseline_cost, 12'000'000) << "so the request saved less than nothing: the broken attempt";
}

TEST_F(Books, AnAnswerThatNeededAStrongerTierPaysForBoth) {
  low().then(fails(500));
  high().then(answers("large says", {1000, 100}));

  const Response answer = ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-cost-usd"), "0.012000000") << "what was refused is not billed";
  EXPECT_EQ(answer.header("x-triaged-saved-usd"), "0.000000000");
  const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(rows[0].cost, 0);
  EXPECT_EQ(rows[1].start_tier, "light");
  EXPECT_EQ(rows[1].tier, "strong");
}

TEST_F(Books, AnAnswerWithoutUsageIsEstimatedAndNotFree) {
  low().always([](Exchange& exchange) {
    exchange.answer(200, R"({"choices":[{"message":{"content":"a few words of an answer"}}]})");
  });

  const Response answer = ask(chat("auto"));

  const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(rows[0].certainty, "estimated");
  EXPECT_GT(rows[0].input, 3);
  EXPECT_GT(rows[0].output, 2);
  EXPECT_GT(rows[0].cost.value_or(0), 0);
}

TEST_F(Books, AnInterceptedModelsOwnPriceIsTheBaseline) {
  low().always(answers("hi", {1000, 100}));

  const Response answer = ask(chat("gpt-4o"));

  EXPECT_FALSE(answer.has_header("x-triaged-saved-usd")) << "it has no price here, and unknown is not nothing";
  EXPECT_EQ(answer.header("x-triaged-cost-usd"), "0.001200000");
  const std::vector<LedgerRow> rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(rows[0].requested_model, "gpt-4o");
  EXPECT_EQ(rows[0].baseline_model, "gpt-4o");
  EXPECT_FALSE(rows[0].baseline_cost.has_value());
}

constexpr const char* only_large_has_a_price = R"(date: 2026-01-01
providers:
  high:
    source: https://prices.test/high
    models: {large: {input: 10, output: 20}}
)";

std::unique_ptr<TwoTiers> site_with_unknown_price(const std::string& policy) {
  return std::make_unique<TwoTiers>("", [&policy](DaemonSetup& setup) {
    setup.prices = only_large_has_a_price;
    setup.ledger = "on_unknown_price: " + policy;
  });
}

TEST(UnknownPrice, IsUnknownAndNotZero) {
  const auto site = site_with_unknown_price("allow");
  site->low.always(answers("hi", {1000, 100}));

  const Response answer = site->ask(chat("auto", easy, "x-triaged-explain: body\r\n"));

  EXPECT_FALSE(answer.has_header("x-triaged-cost-usd"));
  EXPECT_FALSE(answer.has_header("x-triaged-saved-usd"));
  EXPECT_TRUE(answer.json()["triaged"]["cost_usd"].is_null());
  EXPECT_TRUE(answer.json()["triaged"]["attempts"][0]["cost_usd"].is_null());
  const std::vector<LedgerRow> rows = site->daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_FALSE(rows[0].cost.has_value());
  EXPECT_EQ(rows[0].input, 1000);
  const Ran report = run({TRIAGED_BINARY, "report", "--json", "--db", site->daemon.ledger_path()});
  const nlohmann::json total = nlohmann::json::parse(report.output)["total"];
  EXPECT_EQ(total["cost_unknown"], 1);
  EXPECT_EQ(total["saved_unknown"], 1);
  EXPECT_NE(
      site->ask_admin(get("/metrics")).body.find("triaged_cost_unknown_total{provider=\"low\",model=\"small\"} 1\n"),
      std::string::npos);
}

TEST(UnknownPrice, IsTheBaselinesWhenEstimated) {
  const auto site = site_with_unknown_price("estimate");
  site->low.always(answers("hi", {1000, 100}));

  const Response answer = site->ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-cost-usd"), "0.012000000");
  EXPECT_EQ(site->daemon.ledger().of(answer.header("x-triaged-id"))[0].certainty, "estimated");
}

TEST(UnknownPrice, IsNotAskedForWhenRefused) {
  const auto site = site_with_unknown_price("refuse");
  site->high.always(answers("large says", {1000, 100}));

  const Response routed = site->ask(chat("auto"));
  const Response pinned = site->ask(chat("low/small"));

  EXPECT_EQ(routed.header("x-triaged-model"), "high/large");
  EXPECT_EQ(pinned.status, 503);
  EXPECT_EQ(pinned.error()["code"], "no_target");
  EXPECT_EQ(site->low.count(), 0U);
}

}  // namespace
}  // namespace triaged::test
