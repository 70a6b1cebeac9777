#include "triaged/observe/metrics.hpp"

#include "observe/families.hpp"
#include "unit/observe/exposition_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

namespace triaged::observe::test {
namespace {

using namespace std::chrono_literals;

Parsed scrape(const Metrics& metrics) { return ExpositionParser::parse(metrics.render()); }

RequestFacts a_request() {
  RequestFacts facts;
  facts.endpoint = "chat_completions";
  facts.tier = "light";
  facts.task = "qa";
  facts.status = 200;
  facts.stream = true;
  facts.total = 1500ms;
  facts.overhead = 80us;
  return facts;
}

AttemptFacts an_attempt() {
  AttemptFacts facts;
  facts.provider = "openai";
  facts.model = "small";
  facts.tier = "light";
  facts.purpose = "answer";
  facts.outcome = "answered";
  facts.usage.input = 100;
  facts.usage.cached_input = 20;
  facts.usage.output = 30;
  facts.usage.reasoning = 5;
  facts.usage.certainty = chat::Certainty::exact;
  facts.cost = NanoDollars(1'234'567);
  facts.first_content = 300ms;
  return facts;
}

TEST(Metrics, WritesEveryFamilyWithHelpAndTypeEvenBeforeAnythingHappened) {
  const Metrics metrics(2);
  const Parsed parsed = scrape(metrics);
  for (const Family& family : families()) {
    EXPECT_EQ(parsed.types.count(std::string(family.name)), 1U) << family.name;
    EXPECT_EQ(parsed.helps.count(std::string(family.name)), 1U) << family.name;
  }
  EXPECT_EQ(parsed.families.size(), families().size());
  EXPECT_EQ(parsed.at("triaged_requests_in_flight"), 0);
  EXPECT_EQ(parsed.at("triaged_journal_failures_total"), 0);
  EXPECT_EQ(parsed.at("triaged_overhead_seconds_count"), 0);
}

TEST(Metrics, CountWhatGatesFoundAndRaiseTheAlarmOfARoute) {
  Metrics metrics(2);
  metrics.shard(0).gate_finding("strict", "refusal");
  metrics.shard(1).gate_finding("strict", "refusal");
  metrics.shard(0).judge_call("good");
  metrics.shard(0).gated_answer("row 1", "escalated", true);
  metrics.shard(1).gated_answer("row 1", "passed", false);
  const Parsed parsed = ExpositionParser::parse(metrics.render());
  EXPECT_EQ(parsed.at("triaged_gate_findings_total{gate=\"strict\",check=\"refusal\"}"), 2);
  EXPECT_EQ(parsed.at("triaged_judge_calls_total{result=\"good\"}"), 1);
  EXPECT_EQ(parsed.at("triaged_gated_answers_total{route=\"row 1\",result=\"escalated\"}"), 1);
  EXPECT_EQ(parsed.at("triaged_route_escalation_alarm{route=\"row 1\"}"), 1) << "one worker is enough";
}

TEST(Metrics, CountQuestionsToTheLlmClassifierByTheirResult) {
  Metrics metrics(2);
  metrics.shard(0).classifier_call("used");
  metrics.shard(1).classifier_call("used");
  metrics.shard(1).classifier_call("late");
  const Parsed parsed = ExpositionParser::parse(metrics.render());
  EXPECT_EQ(parsed.at("triaged_classifier_calls_total{result=\"used\"}"), 2);
  EXPECT_EQ(parsed.at("triaged_classifier_calls_total{result=\"late\"}"), 1);
}

TEST(Metrics, CountQuestionsToTheEmbedderByWhatTheyWereAbout) {
  Metrics metrics(2);
  metrics.shard(0).embedder_call("examples", "used");
  metrics.shard(0).embedder_call("request", "used");
  metrics.shard(1).embedder_call("request", "used");
  const Parsed parsed = ExpositionParser::parse(metrics.render());
  EXPECT_EQ(parsed.at("triaged_embedder_calls_total{about=\"examples\",result=\"used\"}"), 1);
  EXPECT_EQ(parsed.at("triaged_embedder_calls_total{about=\"request\",result=\"used\"}"), 2);
}

TEST(Metrics, AreSortedByFamilyAndSeries) {
  Metrics metrics(1);
  metrics.add_gauge("triaged_aardvark", "First.", [] { return 1.0; });
  AttemptFacts facts = an_attempt();
  for (const char* model : {"zeta", "alpha", "mid"}) {
    facts.model = model;
    metrics.shard(0).attempt(facts);
  }
  const std::string text = metrics.render();
  const Parsed parsed = ExpositionParser::parse(text);
  EXPECT_TRUE(std::is_sorted(parsed.families.begin(), parsed.families.end()));
  const auto place = [&](const std::string& model) {
    return text.find("triaged_attempts_total{provider=\"openai\",model=\"" + model);
  };
  EXPECT_LT(place("alpha"), place("mid"));
  EXPECT_LT(place("mid"), place("zeta"));
  EXPECT_EQ(text, metrics.render());
}

TEST(Metrics, CountRequestsByTheirLabels) {
  Metrics metrics(1);
  RequestFacts facts = a_request();
  metrics.shard(0).request(facts);
  metrics.shard(0).request(facts);
  facts.stream = false;
  facts.status = 503;
  facts.client_gone = true;
  metrics.shard(0).request(facts);

  const Parsed parsed = scrape(metrics);

  EXPECT_EQ(
      parsed.at(
          R"(triaged_requests_total{endpoint="chat_completions",tier="light",task="qa",status="200",stream="true"})"),
      2);
  EXPECT_EQ(
      parsed.at(
          R"(triaged_requests_total{endpoint="chat_completions",tier="light",task="qa",status="503",stream="false"})"),
      1);
  EXPECT_EQ(parsed.at("triaged_client_gone_total"), 1);
  EXPECT_EQ(parsed.at("triaged_request_duration_seconds_count"), 3);
}

TEST(Metrics, CountEscalationsAndSignedSavings) {
  Metrics metrics(1);
  RequestFacts facts = a_request();
  facts.saved = NanoDollars(2'000'000'001);
  metrics.shard(0).request(facts);
  facts.escalated = true;
  facts.escalated_from = "light";
  facts.escalated_to = "heavy";
  facts.saved = NanoDollars(-3'000'000'000);
  metrics.shard(0).request(facts);

  const std::string text = metrics.render();

  EXPECT_THAT(text, testing::HasSubstr("\ntriaged_saved_usd_total -0.999999999\n"));
  EXPECT_EQ(scrape(metrics).at(R"(triaged_escalations_total{from="light",to="heavy"})"), 1);
}

TEST(Metrics, CountWhatAttemptsUsedAndCost) {
  Metrics metrics(1);
  metrics.shard(0).attempt(an_attempt());
  metrics.shard(0).attempt(an_attempt());

  const Parsed parsed = scrape(metrics);

  EXPECT_EQ(
      parsed.at(
          R"(triaged_attempts_total{provider="openai",model="small",tier="light",purpose="answer",outcome="answered",error=""})"),
      2);
  const std::map<std::string, double> tokens = {{"input", 200},     {"cached_input", 40},  {"output", 60},
                                                {"reasoning", 10},  {"cache_write_5m", 0}, {"cache_write_1h", 0},
                                                {"audio_input", 0}, {"audio_output", 0}};
  for (const auto& [token_class, count] : tokens) {
    EXPECT_EQ(parsed.at(R"(triaged_tokens_total{provider="openai",model="small",class=")" + token_class + "\"}"),
              count);
  }
  EXPECT_DOUBLE_EQ(parsed.at(R"(triaged_cost_usd_total{provider="openai",model="small",tier="light"})"), 0.002469134);
  EXPECT_EQ(parsed.at(R"(triaged_cost_unknown_total{provider="openai",model="small"})"), 0);
  EXPECT_EQ(parsed.at(R"(triaged_time_to_first_token_seconds_count{provider="openai",model="small"})"), 2);
}

TEST(Metrics, AnUnknownCostIsCountedAndNeverAZero) {
  Metrics metrics(1);
  AttemptFacts facts = an_attempt();
  facts.cost.reset();
  facts.first_content = 0ns;
  metrics.shard(0).attempt(facts);

  const std::string text = metrics.render();
  const Parsed parsed = ExpositionParser::parse(text);

  EXPECT_EQ(parsed.at(R"(triaged_cost_unknown_total{provider="openai",model="small"})"), 1);
  EXPECT_EQ(text.find("triaged_cost_usd_total{"), std::string::npos);
  EXPECT_EQ(parsed.at(R"(triaged_time_to_first_token_seconds_count{provider="openai",model="small"})"), 0);
}

TEST(MetricsHistogram, PutsAValueIntoEveryBucketThatHoldsIt) {
  Metrics metrics(1);
  for (const Duration overhead : {Duration(10us), Duration(50us), Duration(51us), Duration(100ms), Duration(1s)}) {
    RequestFacts facts = a_request();
    facts.overhead = overhead;
    metrics.shard(0).request(facts);
  }
  const Parsed parsed = scrape(metrics);
  EXPECT_EQ(parsed.at(R"(triaged_overhead_seconds_bucket{le="0.00005"})"), 2) << "a bound belongs to its bucket";
  EXPECT_EQ(parsed.at(R"(triaged_overhead_seconds_bucket{le="0.0001"})"), 3);
  EXPECT_EQ(parsed.at(R"(triaged_overhead_seconds_bucket{le="0.1"})"), 4);
  EXPECT_EQ(parsed.at(R"(triaged_overhead_seconds_bucket{le="+Inf"})"), 5);
  EXPECT_EQ(parsed.at("triaged_overhead_seconds_count"), 5);
  EXPECT_NEAR(parsed.at("triaged_overhead_seconds_sum"), 1.100111, 1e-9);
}

TEST(MetricsHistogram, IsCumulativeUpToItsCount) {
  Metrics metrics(2);
  for (int i = 0; i < 100; ++i) {
    RequestFacts facts = a_request();
    facts.total = std::chrono::milliseconds(i * i);
    metrics.shard(static_cast<std::size_t>(i % 2)).request(facts);
  }
  std::istringstream lines(metrics.render());
  std::string line;
  double before = 0;
  int buckets = 0;
  while (std::getline(lines, line)) {
    if (!line.starts_with("triaged_request_duration_seconds_bucket")) continue;
    const double count = std::stod(line.substr(line.rfind(' ')));
    EXPECT_GE(count, before);
    before = count;
    ++buckets;
  }
  EXPECT_EQ(buckets, 16);
  EXPECT_EQ(before, 100);
}

TEST(Metrics, SumUpWorkers) {
  Metrics metrics(3);
  for (std::size_t i = 0; i < 3; ++i) {
    Shard& shard = metrics.shard(i);
    shard.request_started();
    shard.connection_opened();
    shard.upstream_connections("openai", 2, 3);
    shard.upstream_reused("openai", i > 0);
    shard.attempt(an_attempt());
    shard.journal_failed();
  }
  metrics.shard(1).request_ended();
  metrics.shard(1).connection_closed();

  const Parsed parsed = scrape(metrics);

  EXPECT_EQ(parsed.at("triaged_requests_in_flight"), 2);
  EXPECT_EQ(metrics.in_flight(), 2);
  EXPECT_EQ(parsed.at("triaged_client_connections"), 2);
  EXPECT_EQ(metrics.connections(0), 1U);
  EXPECT_EQ(metrics.connections(1), 0U);
  EXPECT_EQ(parsed.at(R"(triaged_upstream_connections{provider="openai",state="active"})"), 6);
  EXPECT_EQ(parsed.at(R"(triaged_upstream_connections{provider="openai",state="idle"})"), 9);
  EXPECT_EQ(parsed.at(R"(triaged_upstream_connections_total{provider="openai",reused="true"})"), 2);
  EXPECT_EQ(parsed.at(R"(triaged_upstream_connections_total{provider="openai",reused="false"})"), 1);
  EXPECT_EQ(parsed.at("triaged_journal_failures_total"), 3);
}

TEST(Metrics, ABreakerIsOpenWhileAnyWorkerSaysSo) {
  Metrics metrics(2);
  metrics.shard(0).breaker("openai/small", true);
  metrics.shard(1).breaker("openai/small", true);
  metrics.shard(1).breaker("openai/small", false);
  EXPECT_EQ(scrape(metrics).at(R"(triaged_breaker_open{target="openai/small"})"), 1);

  metrics.shard(0).breaker("openai/small", false);
  EXPECT_EQ(scrape(metrics).at(R"(triaged_breaker_open{target="openai/small"})"), 0);
}

// Before and after a reload.
TEST(Metrics, ABreakerIsOpenWhileAnyOfItsConfigurationsSaysSo) {
  Metrics metrics(1);
  metrics.shard(0).breaker("openai/small", true);
  metrics.shard(0).breaker("openai/small", true);
  EXPECT_EQ(scrape(metrics).at(R"(triaged_breaker_open{target="openai/small"})"), 1);

  metrics.shard(0).breaker("openai/small", false);
  EXPECT_EQ(scrape(metrics).at(R"(triaged_breaker_open{target="openai/small"})"), 1);
}

TEST(Metrics, SumUpWhatIsInFlightAtATargetAndShowTheLongestLatency) {
  Metrics metrics(2);
  metrics.shard(0).target_in_flight("openai/small", 1);
  metrics.shard(0).target_in_flight("openai/small", 3);
  metrics.shard(0).target_in_flight("openai/small", -1);
  metrics.shard(1).target_in_flight("openai/small", 2);
  metrics.shard(0).latency("openai/small", true, std::chrono::milliseconds(250));
  metrics.shard(1).latency("openai/small", true, std::chrono::milliseconds(1500));
  metrics.shard(1).latency("openai/small", false, std::chrono::milliseconds(4000));
  const Parsed parsed = scrape(metrics);

  EXPECT_EQ(parsed.at(R"(triaged_target_in_flight{target="openai/small"})"), 5);
  EXPECT_EQ(parsed.at(R"(triaged_target_latency_seconds{target="openai/small",stream="true"})"), 1.5);
  EXPECT_EQ(parsed.at(R"(triaged_target_latency_seconds{target="openai/small",stream="false"})"), 4);
}

TEST(Metrics, CountUsedUpBudgetsAndKeysThatAreOut) {
  Metrics metrics(1);
  metrics.shard(0).budget_exhausted("openai/small");
  metrics.shard(0).key_out("openai", 0);
  metrics.shard(0).key_out("openai", 12);
  metrics.shard(0).key_out("openai", 12);
  const Parsed parsed = scrape(metrics);

  EXPECT_EQ(parsed.at(R"(triaged_retry_budget_exhausted_total{target="openai/small"})"), 1);
  EXPECT_EQ(parsed.at(R"(triaged_provider_key_outs_total{provider="openai",key="0"})"), 1);
  EXPECT_EQ(parsed.at(R"(triaged_provider_key_outs_total{provider="openai",key="12"})"), 2);
}

TEST(Metrics, EscapeLabelValues) {
  Metrics metrics(1);
  metrics.shard(0).breaker("a\"b\\c\nd", true);
  const std::string text = metrics.render();
  EXPECT_THAT(text, testing::HasSubstr("triaged_breaker_open{target=\"a\\\"b\\\\c\\nd\"} 1\n"));
  EXPECT_EQ(ExpositionParser::parse(text).at("triaged_breaker_open{target=\"a\"b\\c\nd\"}"), 1);
}

TEST(Metrics, LabelsThatOnlyMovedAreDifferentSeries) {
  Metrics metrics(1);
  AttemptFacts facts = an_attempt();
  facts.provider = "ab";
  facts.model = "c";
  metrics.shard(0).attempt(facts);
  facts.provider = "a";
  facts.model = "bc";
  metrics.shard(0).attempt(facts);
  const Parsed parsed = scrape(metrics);
  EXPECT_EQ(
      parsed.at(
          R"(triaged_attempts_total{provider="ab",model="c",tier="light",purpose="answer",outcome="answered",error=""})"),
      1);
  EXPECT_EQ(
      parsed.at(
          R"(triaged_attempts_total{provider="a",model="bc",tier="light",purpose="answer",outcome="answered",error=""})"),
      1);
}

TEST(Metrics, StopAtTenThousandSeriesAndCountWhatIsLeftOut) {
  Metrics metrics(1);
  for (int i = 0; i < 10'500; ++i) metrics.shard(0).breaker("target" + std::to_string(i), true);
  metrics.shard(0).breaker("target0", false);  // one that exists still works

  const Parsed parsed = scrape(metrics);

  EXPECT_EQ(parsed.at("triaged_metric_series_dropped_total"), 500);
  EXPECT_EQ(parsed.at(R"(triaged_breaker_open{target="target0"})"), 0);
  EXPECT_EQ(parsed.at(R"(triaged_breaker_open{target="target9999"})"), 1);
  EXPECT_EQ(parsed.samples.count(R"(triaged_breaker_open{target="target10000"})"), 0U);
}

TEST(Metrics, ShowExtraGaugesWithLabelsOfTheirOwn) {
  Metrics metrics(1);
  metrics.add_gauge("triaged_ready", "1 when ready.\nElse \\ 0.", [] { return 1.0; });
  metrics.add_gauge(R"(triaged_build_info{version="1.2"})", "Build.", [] { return 1.0; });
  metrics.add_gauge(R"(triaged_build_info{version="1.3"})", "Build.", [] { return 0.25; });
  const Parsed parsed = scrape(metrics);
  EXPECT_EQ(parsed.at("triaged_ready"), 1);
  EXPECT_EQ(parsed.helps.at("triaged_ready"), "1 when ready.\\nElse \\\\ 0.");
  EXPECT_EQ(parsed.types.at("triaged_build_info"), "gauge");
  EXPECT_EQ(parsed.at(R"(triaged_build_info{version="1.3"})"), 0.25);
}

TEST(Metrics, AreScrapedWhileWorkersCount) {
  Metrics metrics(2);
  std::atomic<bool> go_on = true;
  std::vector<std::thread> workers;
  std::array<std::int64_t, 2> counted{};
  for (std::size_t index = 0; index < 2; ++index) {
    workers.emplace_back([&, index] {
      Shard& shard = metrics.shard(index);
      std::int64_t i = 0;
      while (go_on.load() || i < 100) {
        const std::string model = "model" + std::to_string(i++ % 40);
        AttemptFacts facts = an_attempt();
        facts.model = model;
        shard.attempt(facts);
        shard.request(a_request());
      }
      counted.at(index) = i;
    });
  }
  double before = 0;
  for (int i = 0; i < 10; ++i) {
    const double now = scrape(metrics).at("triaged_overhead_seconds_count");
    EXPECT_GE(now, before);
    before = now;
  }
  go_on = false;
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(scrape(metrics).at("triaged_overhead_seconds_count"), static_cast<double>(counted[0] + counted[1]));
}

TEST(Metrics, AreAllDocumentedWithTypeAndLabels) {
  std::ifstream file(std::string(TRIAGED_SOURCE) + "/docs/metrics.md");
  std::ostringstream content;
  content << file.rdbuf();
  const std::string page = content.str();
  constexpr std::array<std::string_view, 3> kinds = {"counter", "gauge", "histogram"};
  for (const Family& family : families()) {
    std::string row =
        "| `" + std::string(family.name) + "` | " + std::string(kinds.at(static_cast<std::size_t>(family.kind))) + " |";
    for (const std::string_view label : family.labels) row += " `" + std::string(label) + "`";
    EXPECT_THAT(page, testing::HasSubstr(row + " |"));
  }
}

}  // namespace
}  // namespace triaged::observe::test
