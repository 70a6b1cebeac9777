#include "triaged/ledger/report.hpp"

#include "triaged/ledger/report_builder.hpp"

#include "ledger/report_rates.hpp"
#include "unit/ledger/sample_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Entry attempt(std::uint64_t request, std::uint32_t number, const std::string& tier, Outcome outcome,
              std::optional<std::int64_t> cost) {
  Entry entry = sample_entry(request, number);
  entry.tier = tier;
  entry.model = tier + "-model";
  entry.outcome = outcome;
  entry.cost.reset();
  if (cost) entry.cost = NanoDollars(*cost);
  return entry;
}

Entry settling(Entry entry, bool complete, std::optional<std::int64_t> baseline) {
  entry.settled = sample_settled();
  entry.settled->complete = complete;
  entry.settled->baseline_cost.reset();
  if (baseline) entry.settled->baseline_cost = NanoDollars(*baseline);
  return entry;
}

Report report_of(const std::vector<std::vector<Entry>>& requests, ReportBy by) {
  ReportQuery query;
  query.by = by;
  ReportBuilder builder(query);
  for (const auto& request : requests) builder.add(request);
  return builder.finish();
}

const ReportRow& row(const Report& report, std::string_view name) {
  for (const ReportRow& candidate : report.rows) {
    if (candidate.name == name) return candidate;
  }
  ADD_FAILURE() << "no row " << name;
  return report.total;
}

TEST(Report, CountsAnAttemptWhereItWasMadeAndARequestWhereItsAnswerCameFrom) {
  const Report report = report_of({{attempt(1, 0, "light", Outcome::escalated, 10),
                                    settling(attempt(1, 1, "premium", Outcome::answered, 100), true, 150)},
                                   {settling(attempt(2, 0, "light", Outcome::answered, 20), true, 150)}},
                                  ReportBy::tier);
  const ReportRow& light = row(report, "light");
  EXPECT_EQ(light.attempts, 2);
  EXPECT_EQ(light.cost, NanoDollars(30));
  EXPECT_EQ(light.requests, 1);
  EXPECT_EQ(light.saved, NanoDollars(130));
  const ReportRow& premium = row(report, "premium");
  EXPECT_EQ(premium.attempts, 1);
  EXPECT_EQ(premium.requests, 1);
  EXPECT_EQ(premium.escalated, 1);
  EXPECT_EQ(premium.saved, NanoDollars(150 - 110));  // the escalated attempt counts against it
  EXPECT_EQ(report.total.saved, NanoDollars(170));
  EXPECT_EQ(report.total.baseline, NanoDollars(300));
  EXPECT_EQ(report.rows.front().name, "premium");  // dearest first
}

Entry side_call(Entry entry) {
  entry.purpose = Purpose::classifier;
  return entry;
}

TEST(Report, CountsSideCallsApartAndTheirCostAgainstTheSavings) {
  const Report report = report_of({{side_call(attempt(1, 0, "tiny", Outcome::answered, 7)),
                                    settling(attempt(1, 1, "light", Outcome::answered, 100), true, 150)},
                                   {side_call(attempt(2, 0, "tiny", Outcome::failed, 3)),
                                    settling(attempt(2, 1, "light", Outcome::answered, 100), true, 150)}},
                                  ReportBy::tier);
  const ReportRow& tiny = row(report, "tiny");
  EXPECT_EQ(tiny.side_calls, 2);
  EXPECT_EQ(tiny.attempts, 0);
  EXPECT_EQ(tiny.requests, 0);
  EXPECT_EQ(tiny.cost, NanoDollars(10));
  EXPECT_EQ(tiny.side_cost, NanoDollars(10));
  const ReportRow& light = row(report, "light");
  EXPECT_EQ(light.side_calls, 0);
  EXPECT_EQ(light.attempts, 2);
  EXPECT_EQ(light.requests, 2);
  EXPECT_EQ(light.failed_over, 0) << "the answer itself was got at once";
  EXPECT_EQ(light.saved, NanoDollars(300 - 210));
  EXPECT_EQ(report.total.cost, NanoDollars(210));
  EXPECT_EQ(report.total.side_cost, NanoDollars(10));
  EXPECT_THAT(report_text(report), HasSubstr("The cost holds $0.000000 of 2 side calls (the LLM classifier)."));
  EXPECT_THAT(report_json(report), HasSubstr("\"side_calls\":2"));
  EXPECT_THAT(report_json(report), HasSubstr("\"side_cost_usd\":0.000000010"));
}

TEST(Report, NeverTakesASideCallForTheAnswer) {
  const Report report = report_of({{side_call(attempt(1, 0, "tiny", Outcome::answered, 7)),
                                    settling(attempt(1, 1, "light", Outcome::failed, 0), false, {})}},
                                  ReportBy::tier);
  EXPECT_EQ(report.total.answered, 0);
  EXPECT_EQ(report.total.failed, 1);
  EXPECT_EQ(row(report, "light").failed, 1);
}

TEST(Report, DoesNotKnowTheSavingsOfARequestWhoseSideCallHasAnUnknownCost) {
  const Report report = report_of({{side_call(attempt(1, 0, "tiny", Outcome::cancelled, {})),
                                    settling(attempt(1, 1, "light", Outcome::answered, 1), true, 9)}},
                                  ReportBy::tier);
  EXPECT_EQ(report.total.cost_unknown, 1);
  EXPECT_EQ(report.total.saved_unknown, 1);
}

TEST(Report, CountsARequestWhoseClientLeftBeforeAnythingWasSentAsCancelled) {
  Entry left = settling(attempt(1, 0, "", Outcome::cancelled, 0), false, {});
  left.provider.clear();
  left.model.clear();
  const Report report = report_of({{left}}, ReportBy::tier);
  EXPECT_EQ(report.total.requests, 1);
  EXPECT_EQ(report.total.cancelled, 1);
  EXPECT_EQ(report.total.attempts, 0);
}

TEST(Report, CountsAFailoverWhenAnotherAttemptAnswered) {
  const Report report = report_of(
      {{attempt(1, 0, "light", Outcome::failed, 0), settling(attempt(1, 1, "light", Outcome::answered, 5), true, 9)},
       {attempt(2, 0, "light", Outcome::failed, 0), settling(attempt(2, 1, "light", Outcome::failed, 0), false, {})}},
      ReportBy::model);
  EXPECT_EQ(report.total.answered, 1);
  EXPECT_EQ(report.total.failed_over, 1);
  EXPECT_EQ(report.total.failed, 1);
  EXPECT_EQ(report.total.escalated, 0);
  EXPECT_EQ(report.rows.front().name, "openai/light-model");
}

TEST(Report, KeepsUnknownApartFromZero) {
  const Report report = report_of({{settling(attempt(1, 0, "light", Outcome::answered, {}), true, 100)},
                                   {settling(attempt(2, 0, "light", Outcome::answered, 0), true, 100)},
                                   {settling(attempt(3, 0, "light", Outcome::answered, 1), true, {})},
                                   {attempt(4, 0, "light", Outcome::cancelled, {}),
                                    settling(attempt(4, 1, "light", Outcome::answered, 1), true, 100)}},
                                  ReportBy::tier);
  EXPECT_EQ(report.total.cost, NanoDollars(2));
  EXPECT_EQ(report.total.cost_unknown, 2);
  EXPECT_EQ(report.total.saved_unknown, 3);
  EXPECT_EQ(report.total.baseline, NanoDollars(100));
  EXPECT_EQ(report.total.saved, NanoDollars(100));
}

TEST(Report, TellsTheOutcomesOfRequests) {
  const Report report = report_of({{settling(attempt(1, 0, "light", Outcome::cancelled, 3), false, 100)},
                                   {settling(attempt(2, 0, "", Outcome::rejected, {}), false, {})},
                                   {settling(attempt(3, 0, "light", Outcome::failed, 4), false, 100)},
                                   {attempt(4, 0, "light", Outcome::failed, 5)}},
                                  ReportBy::tier);
  EXPECT_EQ(report.total.requests, 3);
  EXPECT_EQ(report.total.cancelled, 1);
  EXPECT_EQ(report.total.failed, 2);
  EXPECT_EQ(report.total.attempts, 3);  // a rejected request made none
  EXPECT_EQ(report.total.cost, NanoDollars(12));
  EXPECT_EQ(report.total.saved_unknown, 0);  // only answered requests can have saved
  EXPECT_EQ(report.total.saved, NanoDollars(0));
}

TEST(Report, CreditsTheFirstAnswerWhenTheEscalationFailed) {
  const Report report = report_of({{attempt(1, 0, "light", Outcome::escalated, 10),
                                    settling(attempt(1, 1, "premium", Outcome::failed, 0), true, 50)}},
                                  ReportBy::tier);
  EXPECT_EQ(row(report, "light").answered, 1);
  EXPECT_EQ(row(report, "premium").answered, 0);
  EXPECT_EQ(report.total.saved, NanoDollars(40));
}

TEST(Report, GroupsByTaskAndKeyAndNamesWhatHasNone) {
  std::vector<Entry> nameless{settling(attempt(1, 0, "light", Outcome::answered, 1), true, 2)};
  nameless[0].settled->task.clear();
  nameless[0].settled->key.clear();
  const std::vector<std::vector<Entry>> requests{
      {attempt(2, 0, "light", Outcome::failed, 0), settling(attempt(2, 1, "premium", Outcome::answered, 9), true, 9)},
      nameless,
      {attempt(3, 0, "light", Outcome::failed, 0)}};
  const Report by_task = report_of(requests, ReportBy::task);
  EXPECT_EQ(row(by_task, "summarize").attempts, 2);
  EXPECT_EQ(row(by_task, "(none)").attempts, 1);
  EXPECT_EQ(row(by_task, "(unsettled)").attempts, 1);
  EXPECT_EQ(row(report_of(requests, ReportBy::key), "team-a").attempts, 2);
}

TEST(Report, SplitsDaysInUtcAndKeepsThemInOrder) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  const WallTime midnight(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1));
  Entry before = settling(attempt(1, 0, "light", Outcome::answered, 1), true, 2);
  before.at = midnight - milliseconds(1);
  Entry after = settling(attempt(2, 0, "light", Outcome::answered, 100), true, 200);
  after.at = midnight;
  const Report report = report_of({{after}, {before}}, ReportBy::day);
  ASSERT_EQ(report.rows.size(), 2U);
  EXPECT_EQ(report.rows[0].name, "2026-02-28");
  EXPECT_EQ(report.rows[1].name, "2026-03-01");
}

TEST(Report, TakesThePeriodAsHalfOpen) {
  Entry entry = settling(attempt(1, 0, "light", Outcome::answered, 1), true, 2);
  const auto attempts = [&](WallTime since, WallTime until) {
    ReportBuilder builder({since, until, ReportBy::tier});
    builder.add({entry});
    return builder.finish().total.attempts;
  };
  const std::chrono::milliseconds one(1);
  EXPECT_EQ(attempts(entry.at, entry.at + one), 1);
  EXPECT_EQ(attempts(entry.at - one, entry.at), 0);
  EXPECT_EQ(attempts(entry.at + one, {}), 0);
  EXPECT_EQ(attempts({}, {}), 1);
}

TEST(Report, SumsAreAsCertainAsTheLeastCertainAttempt) {
  Entry exact = attempt(1, 0, "light", Outcome::failed, 0);
  Entry estimated = attempt(1, 1, "light", Outcome::answered, 0);
  estimated.usage.certainty = chat::Certainty::estimated;
  EXPECT_EQ(report_of({}, ReportBy::tier).total.usage.certainty, chat::Certainty::exact);
  EXPECT_EQ(report_of({{exact}}, ReportBy::tier).total.usage.certainty, chat::Certainty::exact);
  EXPECT_EQ(report_of({{exact, estimated}}, ReportBy::tier).total.usage.certainty, chat::Certainty::estimated);
}

TEST(ReportText, IsAnAlignedTableWithTheTotalLast) {
  const Report report =
      report_of({{attempt(1, 0, "light", Outcome::escalated, 400'000),
                  settling(attempt(1, 1, "premium", Outcome::answered, 100'000'000), true, 90'000'000)},
                 {settling(attempt(2, 0, "light", Outcome::answered, 600'000), true, 90'000'000)},
                 {settling(attempt(3, 0, "light", Outcome::answered, {}), true, 90'000'000)}},
                ReportBy::tier);
  const std::string text = report_text(report);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    lines.push_back(text.substr(at, text.find('\n', at) - at));
  }
  ASSERT_EQ(lines.size(), 8U) << text;
  for (std::size_t i = 1; i < 6; ++i) EXPECT_EQ(lines[i].size(), lines[0].size()) << text;
  EXPECT_TRUE(lines[0].starts_with("tier"));
  EXPECT_THAT(lines[2], HasSubstr("$0.100000"));
  EXPECT_THAT(lines[2], HasSubstr("-$0.010400"));
  EXPECT_THAT(lines[2], HasSubstr("-11.6%"));
  EXPECT_TRUE(lines[5].starts_with("total"));
  EXPECT_THAT(lines[5], HasSubstr("$0.101000"));
  EXPECT_THAT(lines[5], HasSubstr("33.3%"));
  EXPECT_THAT(lines[6], HasSubstr("1 attempt has an unknown cost"));
  EXPECT_THAT(lines[7], HasSubstr("1 of 3 answered requests are not in `saved`"));
}

TEST(ReportText, OfNothingHasNoRatesAndNoDivisionByZero) {
  const std::string text = report_text(report_of({}, ReportBy::day));
  EXPECT_THAT(text, HasSubstr("day (UTC)"));
  EXPECT_THAT(text, HasSubstr("$0.000000"));
  EXPECT_THAT(text, Not(HasSubstr("%\n")));
}

TEST(ReportText, ShowsCentsWhereThereAreManyDollarsAndNoControlCharacters) {
  Entry entry = settling(attempt(1, 0, "light", Outcome::answered, 123'456'789'012), true, 200'000'000'000);
  entry.tier = "a\x1b[2Jb" + std::string(100, 'x');
  const std::string text = report_text(report_of({{entry}}, ReportBy::tier));
  EXPECT_THAT(text, HasSubstr("$123.46"));
  EXPECT_THAT(text, HasSubstr("$76.54"));
  EXPECT_THAT(text, HasSubstr("a?[2Jbxxx"));
  EXPECT_THAT(text, HasSubstr("xxx..."));
}

TEST(ReportJson, HoldsExactAmounts) {
  const Report report =
      report_of({{settling(attempt(1, 0, "li\"ght", Outcome::answered, 441'000), true, 7'350'000)}}, ReportBy::tier);
  const std::string text = report_json(report);
  EXPECT_THAT(text, HasSubstr("\"cost_usd\":0.000441000"));
  EXPECT_THAT(text, HasSubstr("\"saved_usd\":0.006909000"));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << text;
  EXPECT_EQ(json["by"], "tier");
  EXPECT_TRUE(json["until_ms"].is_null());
  ASSERT_EQ(json["rows"].size(), 1U);
  EXPECT_EQ(json["rows"][0]["name"], "li\"ght");
  EXPECT_EQ(json["rows"][0]["usage"]["reasoning"], 7);
  EXPECT_EQ(json["rows"][0]["usage"]["certainty"], "exact");
  EXPECT_EQ(json["total"]["attempts"], 1);
  EXPECT_DOUBLE_EQ(json["total"]["saved_share"], 0.94);
  EXPECT_DOUBLE_EQ(json["total"]["escalation_rate"], 0.0);
}

TEST(ReportJson, OfNothingIsValidAndHasNoRates) {
  const auto json = nlohmann::json::parse(report_json(report_of({}, ReportBy::key)), nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_TRUE(json["rows"].empty());
  EXPECT_TRUE(json["total"]["saved_share"].is_null());
  EXPECT_TRUE(json["total"]["failover_rate"].is_null());
}

TEST(Share, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(share(1, 2, 1), 1);
  EXPECT_EQ(share(-1, 2, 1), -1);
  EXPECT_EQ(share(1, 3, 1'000), 333);
  EXPECT_EQ(share(9'000'000'000'000'000'000, 9'000'000'000'000'000'000, 10'000), 10'000);
  EXPECT_EQ(share(1, 0, 1'000), std::nullopt);
  EXPECT_EQ(share(1, -5, 1'000), std::nullopt);
}

TEST(Decimal, PlacesThePoint) {
  EXPECT_EQ(decimal(-1'234, 2), "-12.34");
  EXPECT_EQ(decimal(5, 2), "0.05");
  EXPECT_EQ(decimal(0, 4), "0.0000");
  EXPECT_EQ(decimal(7, 0), "7");
  EXPECT_EQ(decimal(std::numeric_limits<std::int64_t>::min(), 1), "-922337203685477580.8");
}

}  // namespace
}  // namespace triaged::ledger
