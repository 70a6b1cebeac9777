#include "triaged/routing/past_prompts.hpp"

#include "triaged/base/ids.hpp"

#include "unit/routing/small_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace triaged::routing {
namespace {

using test::small_embedder;
using ::testing::ElementsAre;

config::Past settings_of(std::size_t neighbours = 32) {
  config::Past settings;
  settings.neighbours = neighbours;
  return settings;
}

std::vector<std::string> ids(const std::vector<PastNeighbour>& found) {
  std::vector<std::string> names;
  for (const PastNeighbour& neighbour : found) names.emplace_back(neighbour.id);
  return names;
}

TEST(PastPrompts, FindsThoseThatAreNearEnoughNearestFirst) {
  const PastPrompts past({{"far", "car", {1, 1}},
                          {"half", "apple pear", {0, 1}},
                          {"same", "apple", {1, no_score}},
                          {"most", "apple apple pear", {1, 1}}},
                         2, settings_of(), small_embedder());

  const auto found = past.find("Apple");
  EXPECT_THAT(ids(found), ElementsAre("same", "most", "half"));
  EXPECT_NEAR(found[0].similarity, 1, 0.01);
  EXPECT_EQ(found[0].row, 2U);
  EXPECT_EQ(found[0].scores[0], 1);
  EXPECT_TRUE(std::isnan(found[0].scores[1]));
  EXPECT_NEAR(found[2].similarity, std::sqrt(0.5), 0.01);
  EXPECT_TRUE(past.find("plum").empty());
  EXPECT_TRUE(past.find("").empty()) << "a text without a vector";
}

TEST(PastPrompts, TheSameTextIsWorthAWholeOutcome) {
  const std::string text = "apple apple apple pear pear plum car apple car";
  config::Past strict = settings_of();
  strict.threshold = 0.99;
  const PastPrompts past({{"same", text, {1}}}, 1, strict, small_embedder());
  const auto found = past.find(text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].similarity, 1, 1e-6);
  EXPECT_NEAR(evidence_of(found, 0, past.least_similarity()).weight, 1, 1e-3);
}

TEST(PastPrompts, OfTheSameTextTheNewestRowsCount) {
  std::vector<PastPrompt> rows;
  for (int i = 0; i < 40; ++i) rows.push_back({std::to_string(i), "apple", {1}});
  const PastPrompts past(rows, 1, settings_of(3), small_embedder());
  EXPECT_THAT(ids(past.find("apple")), ElementsAre("39", "38", "37"));
}

TEST(PastPrompts, LooksAtAsManyNeighboursAsItIsTold) {
  std::vector<PastPrompt> rows;
  for (int i = 0; i < 20; ++i) rows.push_back({std::to_string(i), "apple", {1}});
  EXPECT_EQ(PastPrompts(rows, 1, settings_of(3), small_embedder()).find("apple").size(), 3U);
  EXPECT_EQ(PastPrompts(rows, 1, settings_of(50), small_embedder()).find("apple").size(), 20U);
}

TEST(PastPrompts, TheConfiguredThresholdTakesThePlaceOfTheEmbeddersOwn) {
  config::Past strict = settings_of();
  strict.threshold = 0.9;
  const std::vector<PastPrompt> rows{{"half", "apple pear", {1}}};
  EXPECT_EQ(PastPrompts(rows, 1, settings_of(), small_embedder()).find("apple").size(), 1U);
  EXPECT_EQ(PastPrompts(rows, 1, strict, small_embedder()).find("apple").size(), 0U);
}

TEST(PastPrompts, RowsThatTellNothingAreLeftOutAndTheOthersKeepTheirNumbers) {
  const PastPrompts past(
      {{"no score", "apple", {no_score, no_score}}, {"no vector", "!!!", {1, 1}}, {"good", "apple", {1}}}, 2,
      settings_of(), small_embedder());
  const auto found = past.find("apple");
  ASSERT_THAT(ids(found), ElementsAre("good"));
  EXPECT_EQ(found[0].row, 2U);
  ASSERT_EQ(found[0].scores.size(), 2U);
  EXPECT_TRUE(std::isnan(found[0].scores[1])) << "a row may know fewer tiers";
}

TEST(PastPrompts, OfTooManyTheLastAreKept) {
  const Neighbours::Limits limits{.rows = 20, .scanned = 20, .segment = 10};
  std::vector<PastPrompt> rows(50, {"unknown", "apple", {no_score}});
  for (std::size_t i = 0; i < 10; ++i) rows[i] = {"old", "apple", {1}};
  rows.back() = {"new", "car", {1}};
  EXPECT_EQ(PastPrompts(rows, 1, settings_of(), small_embedder(), limits).size(), 11U)
      << "rows that tell nothing take no place";

  for (PastPrompt& row : rows) row = {"old", "car", {1}};
  for (std::size_t i = 0; i < 20; ++i) rows[30 + i] = {std::to_string(i), "apple", {1}};
  const PastPrompts last(rows, 1, settings_of(), small_embedder(), limits);
  EXPECT_EQ(last.size(), 20U);
  EXPECT_EQ(last.find("apple").size(), 20U);
  EXPECT_TRUE(last.find("car").empty());
}

// So many of each of four words: texts that scatter, as prompts do.
std::string mixture(Random& random) {
  std::string text;
  for (const char* word : {"apple ", "pear ", "plum ", "car "}) {
    for (auto count = static_cast<int>(20 * random.unit()); count > 0; --count) text += word;
  }
  return text;
}

// More than are compared one by one: graphs find nearly the same.
TEST(PastPrompts, ManyAreFoundInGraphs) {
  const Neighbours::Limits in_graphs{.rows = 2'000, .scanned = 900, .segment = 500};
  Random random(1);
  std::vector<PastPrompt> rows;
  for (std::size_t i = 0; i < 1'500; ++i) rows.push_back({std::to_string(i), mixture(random), {1}});
  const PastPrompts past(rows, 1, settings_of(), small_embedder(), in_graphs);
  const PastPrompts compared(rows, 1, settings_of(), small_embedder());
  EXPECT_EQ(past.size(), rows.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < rows.size(); i += 100) {
    const auto found = past.find(rows[i].text);
    const auto all = compared.find(rows[i].text);
    ASSERT_EQ(found.size(), 32U);
    ASSERT_EQ(all.size(), 32U);
    EXPECT_EQ(found.front().similarity, all.front().similarity) << "the same text";
    for (std::size_t k = 0; k < all.size(); ++k) same += found[k].similarity >= all[k].similarity ? 1 : 0;
  }
  EXPECT_GE(same, 15 * 32 * 9 / 10);
}

struct Said {
  double similarity;
  float score;
};

Evidence evidence(const std::vector<Said>& said, double least = 0.5, std::size_t tier = 0) {
  std::vector<PastNeighbour> neighbours;
  for (const Said& one : said) neighbours.push_back({0, "", one.similarity, std::span(&one.score, 1)});
  return evidence_of(neighbours, tier, least);
}

TEST(Evidence, NearerNeighboursCountForMore) {
  EXPECT_NEAR(evidence({{1, 1}}).weight, 1, 1e-9);
  EXPECT_NEAR(evidence({{0.75, 1}}).weight, 0.25, 1e-9) << "half way to the same text, squared";
  EXPECT_GT(evidence({{0.95, 1}, {0.7, 0}}).good, 0.5);
  EXPECT_LT(evidence({{0.95, 0}, {0.7, 1}}).good, 0.5);
}

TEST(Evidence, IsNothingOfATierThatNobodyKnows) {
  EXPECT_EQ(evidence({}).weight, 0);
  EXPECT_EQ(evidence({{0.9, no_score}}).weight, 0);
  EXPECT_EQ(evidence({{0.9, 1}}, 0.5, 1).weight, 0) << "a tier that the rows have no place for";
  EXPECT_EQ(evidence({{0.4, 1}, {0.5, 1}}).weight, 0) << "not near enough";
  EXPECT_EQ(evidence({{1, 1}}, 1).weight, 0) << "nothing can be near enough";
}

TEST(Evidence, MovesAnEstimateByItsWeight) {
  TierEstimate before;
  before.good = 0.5;
  before.lower = 0.2;
  before.seen = 2;
  before.token_factor = 3;
  const TierEstimate same = with_evidence(before, 4, {});
  EXPECT_EQ(same.good, 0.5);
  EXPECT_EQ(same.lower, 0.2);

  const TierEstimate half_way = with_evidence(before, 4, {4, 1});
  EXPECT_NEAR(half_way.good, 0.75, 1e-9) << "as much evidence as the estimate is worth";
  EXPECT_NEAR(half_way.lower, 0.75 - 1.2816 * std::sqrt(0.75 * 0.25 / 9), 1e-9);
  EXPECT_EQ(half_way.seen, 6);
  EXPECT_EQ(half_way.token_factor, 3);
  EXPECT_LT(with_evidence(before, 4, {4, 0}).good, 0.5);
  EXPECT_LE(with_evidence(before, 0, {1000, 1}).good, 0.99);
  EXPECT_GE(with_evidence(before, 0, {1000, 0}).lower, 0);
}

struct Case {
  const char* what;
  std::vector<PastOffer> tiers;
  std::optional<std::size_t> tier;
  double floor = 0.9;
};

TEST(ChooseByPast, TakesTheWeakestTierThatSurelyDidWell) {
  const Evidence sure{40, 1};
  const Evidence none{};
  for (const Case& one : std::vector<Case>{
           {"many good ones", {{sure}, {sure}, {sure}}, 0},
           {"the weakest did badly", {{{40, 0.4}}, {sure}, {sure}}, 1},
           {"only the strongest did well", {{{40, 0.4}}, {{40, 0.5}}, {sure}}, std::nullopt},
           {"few good ones are no proof", {{{3, 1}}, {none}, {{3, 1}}}, std::nullopt},
           {"the floor is a share of what the strongest did", {{{40, 0.6}}, {none}, {{40, 0.5}}}, 0},
           {"the strongest is taken for good where nobody knows", {{{40, 0.6}}, {none}, {none}}, std::nullopt},
           {"nothing is known", {{none}, {none}, {none}}, std::nullopt},
           {"no tiers", {}, std::nullopt},
           {"one tier has none below it", {{sure}}, std::nullopt},
           {"a tier that cannot take it is passed over", {{sure, false}, {sure}, {sure}}, 1},
           {"the strongest that can take it counts", {{sure}, {sure}, {sure, false}}, 0},
           {"it is not below itself", {{{40, 0.2}}, {sure}, {sure, false}}, std::nullopt},
           {"none can take it", {{sure, false}, {sure, false}}, std::nullopt},
           {"a lower floor needs fewer", {{{6, 1}}, {none}, {{6, 1}}}, 0, 0.7},
           {"a floor of 1 is out of reach", {{sure}, {sure}, {sure}}, std::nullopt, 1.0},
       }) {
    const auto choice = choose_by_past(one.tiers, one.floor);
    EXPECT_EQ(choice ? std::optional(choice->tier) : std::nullopt, one.tier) << one.what;
    if (choice) {
      EXPECT_GE(choice->lower, choice->needed) << one.what;
    }
  }
}

TEST(ChooseByPast, MoreOfTheSameGoodEvidenceNeverMovesUp) {
  std::size_t before = 2;
  for (double weight = 0; weight <= 64; weight += 0.5) {
    const std::vector<PastOffer> tiers{{{weight, 0.97}}, {{weight, 0.97}}, {{weight, 0.97}}};
    const auto choice = choose_by_past(tiers, 0.9);
    const std::size_t tier = choice ? choice->tier : 2;
    EXPECT_LE(tier, before) << weight;
    before = tier;
  }
  EXPECT_EQ(before, 0U);
}

}  // namespace
}  // namespace triaged::routing
