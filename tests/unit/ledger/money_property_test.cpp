// Random prices, usages and requests against an independent exact computation.
#include "triaged/ledger/prices.hpp"
#include "triaged/ledger/report_builder.hpp"

#include "ledger/price_file.hpp"
#include "unit/ledger/sample_entry.hpp"

#include <gtest/gtest.h>

#include <array>

namespace triaged::ledger {
namespace {

// Decimal long arithmetic on texts: nothing in common with the code under test, and no size limit.
class Digits {
 public:
  explicit Digits(std::uint64_t value) {
    for (; value > 0; value /= 10) digits_.push_back(static_cast<int>(value % 10));
  }
  void add(const Digits& other) {
    if (other.digits_.size() > digits_.size()) digits_.resize(other.digits_.size());
    for (std::size_t i = 0; i < other.digits_.size(); ++i) digits_[i] += other.digits_[i];
    carry();
  }
  Digits times(const Digits& other) const {
    Digits product(0);
    product.digits_.resize(digits_.size() + other.digits_.size() + 1);
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      for (std::size_t j = 0; j < other.digits_.size(); ++j) product.digits_[i + j] += digits_[i] * other.digits_[j];
    }
    product.carry();
    return product;
  }
  // Divided by 10^places, halves up.
  std::int64_t rounded(std::size_t places) const {
    std::int64_t value = 0;
    for (std::size_t i = digits_.size(); i-- > places;) value = value * 10 + digits_[i];
    return value + (places > 0 && digits_.size() >= places && digits_[places - 1] >= 5 ? 1 : 0);
  }

 private:
  void carry() {
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      if (digits_[i] < 10) continue;
      if (i + 1 == digits_.size()) digits_.push_back(0);
      digits_[i + 1] += digits_[i] / 10;
      digits_[i] %= 10;
    }
  }
  std::vector<int> digits_;  // least significant first
};

std::uint64_t below(Random& random, std::uint64_t limit) { return random.next() % limit; }

// A price of up to $200 with zero to six decimals, as text and in millionths of a dollar.
struct PriceText {
  std::string text;
  std::uint64_t millionths = 0;
};

PriceText random_price(Random& random) {
  PriceText price;
  const std::uint64_t whole = below(random, 3) == 0 ? below(random, 200) : below(random, 3);
  price.text = std::to_string(whole);
  price.millionths = whole * 1'000'000;
  const auto decimals = static_cast<std::size_t>(below(random, 7));
  if (decimals == 0) return price;
  price.text += '.';
  std::uint64_t scale = 1'000'000;
  for (std::size_t i = 0; i < decimals; ++i) {
    const std::uint64_t digit = below(random, 10);
    price.text += std::to_string(digit);
    price.millionths += digit * (scale /= 10);
  }
  return price;
}

std::int64_t random_count(Random& random) {
  const std::array<std::uint64_t, 4> limits{1, 10, 5'000, 2'000'000};
  return static_cast<std::int64_t>(below(random, limits[below(random, limits.size())]));
}

TEST(MoneyProperty, CostEqualsAnIndependentExactComputation) {
  Random random(2026);
  constexpr std::array<const char*, 8> keys{"input",       "cached_input", "cache_write", "cache_write_1h",
                                            "audio_input", "output",       "reasoning",   "audio_output"};
  for (int round = 0; round < 400; ++round) {
    std::string yaml = "providers: {p: {source: s, date: 2026-01-01, models: {m: {";
    std::array<PriceText, 8> texts;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      texts[i] = random_price(random);
      yaml += std::string(i > 0 ? ", " : "") + keys[i] + ": " + texts[i].text;
    }
    const auto book = PriceBook::parse(yaml + "}}}}");
    ASSERT_TRUE(book) << yaml << book.error().detail;
    for (int sample = 0; sample < 20; ++sample) {
      std::array<std::int64_t, 8> counts{};
      Digits exact(0);  // in millionths of a dollar per million tokens: 1e-12 dollars
      for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] = random_count(random);
        exact.add(Digits(static_cast<std::uint64_t>(counts[i])).times(Digits(texts[i].millionths)));
      }
      const chat::Usage usage{counts[0], counts[1], counts[2],
                              counts[3], counts[4], counts[5],
                              counts[6], counts[7], chat::Certainty::exact};
      EXPECT_EQ(cost_of(book->rows().front(), usage), NanoDollars(exact.rounded(3))) << yaml;
    }
  }
}

TEST(MoneyProperty, UnknownUsageNeverCostsZero) {
  Random random(7);
  for (const Price& price : PriceBook::built_in().rows()) {
    chat::Usage usage;
    usage.input = random_count(random);
    usage.output = random_count(random);
    ASSERT_EQ(usage.certainty, chat::Certainty::unknown);
    EXPECT_EQ(cost_of(price, usage), std::nullopt) << price.model;
  }
}

std::vector<Entry> random_request(Random& random, std::uint64_t number) {
  const std::array<const char*, 3> tiers{"light", "standard", "premium"};
  const auto attempts = static_cast<std::uint32_t>(1 + below(random, 4));
  std::vector<Entry> rows;
  for (std::uint32_t attempt = 0; attempt < attempts; ++attempt) {
    Entry row = sample_entry(number, attempt);
    row.tier = tiers[below(random, tiers.size())];
    row.model = std::string("model-") + row.tier;
    row.at += std::chrono::hours(below(random, 72));
    row.outcome = static_cast<Outcome>(below(random, 5));
    row.usage.input = random_count(random);
    row.usage.output = random_count(random);
    row.cost.reset();
    if (below(random, 5) > 0) row.cost = NanoDollars(random_count(random));
    rows.push_back(std::move(row));
  }
  if (below(random, 10) == 0) return rows;  // not settled yet
  Entry& last = rows.back();
  last.settled = sample_settled();
  last.settled->task = std::string("task-") + std::to_string(below(random, 3));
  last.settled->key = std::string("key-") + std::to_string(below(random, 3));
  last.settled->complete = below(random, 4) > 0;
  last.settled->baseline_cost.reset();
  if (below(random, 5) > 0) last.settled->baseline_cost = NanoDollars(random_count(random));
  return rows;
}

void expect_sums_equal(const ReportRow& a, const ReportRow& b) {
  EXPECT_EQ(a.requests, b.requests);
  EXPECT_EQ(a.answered, b.answered);
  EXPECT_EQ(a.failed, b.failed);
  EXPECT_EQ(a.cancelled, b.cancelled);
  EXPECT_EQ(a.attempts, b.attempts);
  EXPECT_EQ(a.escalated, b.escalated);
  EXPECT_EQ(a.failed_over, b.failed_over);
  EXPECT_EQ(a.usage.total(), b.usage.total());
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.cost_unknown, b.cost_unknown);
  EXPECT_EQ(a.baseline, b.baseline);
  EXPECT_EQ(a.saved, b.saved);
  EXPECT_EQ(a.saved_unknown, b.saved_unknown);
}

ReportRow sum_of(const Report& report) {
  ReportRow sum;
  for (const ReportRow& row : report.rows) {
    sum.requests += row.requests;
    sum.answered += row.answered;
    sum.failed += row.failed;
    sum.cancelled += row.cancelled;
    sum.attempts += row.attempts;
    sum.escalated += row.escalated;
    sum.failed_over += row.failed_over;
    sum.usage.input += row.usage.total_input();
    sum.usage.output += row.usage.total_output();
    sum.cost += row.cost;
    sum.cost_unknown += row.cost_unknown;
    sum.baseline += row.baseline;
    sum.saved += row.saved;
    sum.saved_unknown += row.saved_unknown;
  }
  return sum;
}

TEST(MoneyProperty, RowsSumToTheTotalHoweverTheyAreGrouped) {
  Random random(99);
  std::vector<std::vector<Entry>> requests;
  ReportRow expected;
  for (std::uint64_t number = 1; number <= 500; ++number) {
    requests.push_back(random_request(random, number));
    for (const Entry& row : requests.back()) {
      if (row.outcome == Outcome::rejected) continue;
      ++expected.attempts;
      row.cost ? expected.cost += *row.cost : expected.cost;
      expected.cost_unknown += row.cost ? 0 : 1;
    }
  }
  std::optional<ReportRow> first;
  for (const ReportBy by : {ReportBy::tier, ReportBy::model, ReportBy::task, ReportBy::key, ReportBy::day}) {
    ReportQuery query;
    query.by = by;
    ReportBuilder builder(query);
    for (const auto& request : requests) builder.add(request);
    const Report report = builder.finish();
    EXPECT_GT(report.rows.size(), 2U);
    expect_sums_equal(sum_of(report), report.total);
    EXPECT_EQ(report.total.attempts, expected.attempts);
    EXPECT_EQ(report.total.cost, expected.cost);
    EXPECT_EQ(report.total.cost_unknown, expected.cost_unknown);
    EXPECT_EQ(report.total.requests, report.total.answered + report.total.failed + report.total.cancelled);
    if (first) expect_sums_equal(*first, report.total);
    first = report.total;
  }
}

TEST(MoneyProperty, PeriodsSumToTheWhole) {
  Random random(5);
  std::vector<std::vector<Entry>> requests;
  for (std::uint64_t number = 1; number <= 300; ++number) requests.push_back(random_request(random, number));
  const auto total_of = [&](WallTime since, WallTime until) {
    ReportBuilder builder({since, until, ReportBy::tier});
    for (const auto& request : requests) builder.add(request);
    return builder.finish().total;
  };
  Report parts;
  for (int day = 0; day < 4; ++day) {
    const WallTime since = sample_entry(1).at + std::chrono::hours(24 * day);
    parts.rows.push_back(total_of(since, since + std::chrono::hours(24)));
  }
  expect_sums_equal(sum_of(parts), total_of({}, {}));
}

}  // namespace
}  // namespace triaged::ledger
