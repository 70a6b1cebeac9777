#include "triaged/ledger/entry.hpp"

#include "unit/ledger/sample_entry.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace triaged::ledger {
namespace {

// Two entries are the same when they are written the same; the fields are compared one by one where it matters.
std::string encoded(const Entry& entry) {
  std::string out;
  encode(entry, out);
  return out;
}

void expect_same(const Entry& a, const Entry& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.attempt, b.attempt);
  EXPECT_EQ(a.at, b.at);
  EXPECT_EQ(a.purpose, b.purpose);
  EXPECT_EQ(a.provider, b.provider);
  EXPECT_EQ(a.model, b.model);
  EXPECT_EQ(a.answered_model, b.answered_model);
  EXPECT_EQ(a.tier, b.tier);
  EXPECT_EQ(a.outcome, b.outcome);
  EXPECT_EQ(a.error, b.error);
  EXPECT_EQ(a.upstream_status, b.upstream_status);
  EXPECT_EQ(a.usage, b.usage);
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.first_content, b.first_content);
  EXPECT_EQ(a.duration, b.duration);
  ASSERT_EQ(a.settled.has_value(), b.settled.has_value());
  if (!a.settled) return;
  EXPECT_EQ(a.settled->requested_model, b.settled->requested_model);
  EXPECT_EQ(a.settled->key, b.settled->key);
  EXPECT_EQ(a.settled->task, b.settled->task);
  EXPECT_EQ(a.settled->task_probability, b.settled->task_probability);
  EXPECT_EQ(a.settled->complexity, b.settled->complexity);
  EXPECT_EQ(a.settled->tier, b.settled->tier);
  EXPECT_EQ(a.settled->status, b.settled->status);
  EXPECT_EQ(a.settled->stream, b.settled->stream);
  EXPECT_EQ(a.settled->complete, b.settled->complete);
  EXPECT_EQ(a.settled->baseline_model, b.settled->baseline_model);
  EXPECT_EQ(a.settled->baseline_cost, b.settled->baseline_cost);
  EXPECT_EQ(a.settled->total, b.settled->total);
  EXPECT_EQ(a.settled->overhead, b.settled->overhead);
  EXPECT_EQ(a.settled->config_hash, b.settled->config_hash);
}

TEST(Entry, SurvivesEncodingWithAllItsFields) {
  std::vector<Entry> entries{Entry{}, sample_entry(1), settled_entry(2, 3)};
  entries.push_back(settled_entry(4));
  entries.back().cost.reset();
  entries.back().settled->baseline_cost.reset();
  entries.back().settled->stream = false;
  entries.back().settled->complete = false;
  entries.back().outcome = Outcome::rejected;
  entries.back().error = "budget";
  entries.push_back(sample_entry(5, std::numeric_limits<std::uint32_t>::max()));
  entries.back().usage = {-1,
                          std::numeric_limits<std::int64_t>::max(),
                          std::numeric_limits<std::int64_t>::min(),
                          4,
                          5,
                          6,
                          7,
                          8,
                          chat::Certainty::estimated};
  entries.back().cost = NanoDollars(-1);
  entries.back().purpose = Purpose::classifier;
  for (const Entry& entry : entries) {
    const auto decoded = decode(encoded(entry));
    ASSERT_TRUE(decoded);
    expect_same(entry, *decoded);
  }
}

// As the first version wrote it: the same, without the purpose.
TEST(Entry, ReadsRowsOfTheVersionWithoutPurpose) {
  const Entry entry = sample_entry(3, 1);
  std::string old = encoded(entry);
  old[0] = 1;
  old.pop_back();
  const auto decoded = decode(old);
  ASSERT_TRUE(decoded);
  expect_same(entry, *decoded);
  EXPECT_FALSE(decode(old + '\0'));
}

TEST(Entry, TellsAnUnknownCostFromNone) {
  Entry entry = sample_entry(1);
  entry.cost = NanoDollars(0);
  EXPECT_EQ(decode(encoded(entry))->cost, NanoDollars(0));
  entry.cost.reset();
  EXPECT_EQ(decode(encoded(entry))->cost, std::nullopt);
}

TEST(Entry, CutsLongTextsBetweenCharacters) {
  Entry entry = sample_entry(1);
  entry.model.assign(511, 'a').append("\xC3\xA9 and more");
  const auto decoded = decode(encoded(entry));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->model, std::string(511, 'a'));
}

TEST(Entry, RefusesEveryPrefixAndEverySuffix) {
  const std::string whole = encoded(settled_entry(7, 2));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(decode(whole.substr(0, size))) << size;
  EXPECT_FALSE(decode(whole + '\0'));
  EXPECT_FALSE(decode(whole + whole));
}

TEST(Entry, RefusesUnknownVersionsFlagsAndEnumerators) {
  const std::string plain = encoded(Entry{});
  std::string version = plain;
  version[0] = 3;
  EXPECT_FALSE(decode(version));
  std::string flag = plain;
  flag[1] = 32;
  EXPECT_FALSE(decode(flag));
  std::string stream_without_settled = plain;
  stream_without_settled[1] = 4;
  EXPECT_FALSE(decode(stream_without_settled));
  // After version, flags, id, attempt, time and four empty texts comes the outcome.
  std::string outcome = plain;
  const std::size_t at = 2 + 16 + 1 + 1 + 4;
  ASSERT_EQ(outcome[at], static_cast<char>(Outcome::failed));
  outcome[at] = 6;
  EXPECT_FALSE(decode(outcome));
  // The purpose stands at the end of a row that settles nothing.
  std::string purpose = plain;
  ASSERT_EQ(purpose.back(), static_cast<char>(Purpose::answer));
  purpose.back() = static_cast<char>(Purpose::embedder) + 1;
  EXPECT_FALSE(decode(purpose));
}

TEST(Entry, ReadsNoiseWithoutHarm) {
  Random random(11);
  const std::string whole = encoded(settled_entry(9));
  int refused = 0;
  constexpr int rounds = 20'000;
  for (int round = 0; round < rounds; ++round) {
    std::string noise = whole;
    for (int change = 0; change < 4; ++change) noise[random.next() % noise.size()] = static_cast<char>(random.next());
    noise.resize(random.next() % (noise.size() + 1));
    const auto decoded = decode(noise);
    if (!decoded) {
      ++refused;
    } else {
      EXPECT_TRUE(decode(encoded(*decoded)));
    }
  }
  EXPECT_GT(refused, rounds / 2);
}

TEST(Entry, StaysSmall) { EXPECT_LT(encoded(settled_entry(1)).size(), 220U); }

TEST(Entry, NamesItsPurposesAndFindsThemByName) {
  EXPECT_EQ(name(Purpose::answer), "answer");
  EXPECT_EQ(name(Purpose::classifier), "classifier");
  EXPECT_EQ(find_purpose("classifier"), Purpose::classifier);
  EXPECT_EQ(name(Purpose::judge), "judge");
  EXPECT_EQ(find_purpose("judge"), Purpose::judge);
  EXPECT_EQ(find_purpose(name(Purpose::embedder)), Purpose::embedder);
  EXPECT_EQ(find_purpose("jury"), std::nullopt);
}

TEST(Entry, NamesItsOutcomes) {
  EXPECT_EQ(name(Outcome::answered), "answered");
  EXPECT_EQ(name(Outcome::escalated), "escalated");
  EXPECT_EQ(name(Outcome::failed), "failed");
  EXPECT_EQ(name(Outcome::cancelled), "cancelled");
  EXPECT_EQ(name(Outcome::rejected), "rejected");
  EXPECT_EQ(name(Outcome::rescued), "rescued");
}

}  // namespace
}  // namespace triaged::ledger
