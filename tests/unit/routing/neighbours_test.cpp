#include "triaged/routing/neighbours.hpp"

#include "triaged/base/ids.hpp"

#include "routing/vectors.hpp"
#include "unit/routing/small_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

namespace triaged::routing {
namespace {

using test::TestFile;
using ::testing::HasSubstr;

constexpr std::size_t dimensions = 48;  // no multiple of the loops' step
using Vector = std::vector<float>;

Vector random_vector(Random& random) {
  Vector vector(dimensions);
  for (float& value : vector) value = static_cast<float>(random.unit() - 0.5);
  EXPECT_TRUE(normalise(vector));
  return vector;
}

// Near to `from`: a little of something else is mixed in.
Vector near(const Vector& from, Random& random, float away) {
  Vector vector = random_vector(random);
  for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = from[i] + away * vector[i];
  EXPECT_TRUE(normalise(vector));
  return vector;
}

PastOutcome outcome(std::uint64_t prompt, float good = 1, std::string_view tier = "light") {
  return {prompt, tier_key(tier), good};
}

Neighbours make(Neighbours::Limits limits) { return Neighbours("small-1", dimensions, limits); }

std::vector<Neighbour> find(const Neighbours& neighbours, const Vector& vector, std::size_t most) {
  std::vector<Neighbour> found(most);
  found.resize(neighbours.find(vector, found));
  return found;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::string load_problem(const std::string& bytes, std::string_view embedder = "small-1") {
  const TestFile file(bytes);
  const auto loaded = Neighbours::load(file.path(), embedder, dimensions, {});
  if (loaded) return "";
  EXPECT_EQ(loaded.error().kind, ErrorKind::storage);
  EXPECT_THAT(loaded.error().detail, HasSubstr(file.path()));
  return loaded.error().detail.substr(file.path().size() + 1);
}

TEST(Neighbours, AreFoundNearestFirst) {
  Random random(1);
  Neighbours neighbours = make({});
  const Vector asked = random_vector(random);
  for (std::uint64_t i = 0; i < 50; ++i) neighbours.insert(random_vector(random), outcome(i));
  neighbours.insert(near(asked, random, 0.6F), outcome(101));
  neighbours.insert(asked, outcome(100, 0.25F, "premium"));

  const auto found = find(neighbours, asked, 5);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].outcome.prompt, 100U);
  EXPECT_EQ(found[0].outcome.tier, tier_key("premium"));
  EXPECT_EQ(found[0].outcome.good, 0.25F);
  EXPECT_NEAR(found[0].similarity, 1, 0.01);
  EXPECT_EQ(found[1].outcome.prompt, 101U);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(),
                             [](const auto& a, const auto& b) { return a.similarity > b.similarity; }));
  EXPECT_EQ(neighbours.size(), 52U);
}

TEST(Neighbours, AsManyAsThereAreAreFound) {
  Random random(2);
  Neighbours neighbours = make({});
  const Vector asked = random_vector(random);
  EXPECT_EQ(find(neighbours, asked, 3).size(), 0U);
  neighbours.insert(asked, outcome(1));
  EXPECT_EQ(find(neighbours, asked, 3).size(), 1U);
  EXPECT_EQ(find(neighbours, asked, 0).size(), 0U);
}

TEST(Neighbours, VectorsOfAnotherSizeAndOutcomesThatAreNoNumberAreLeftOut) {
  Random random(3);
  Neighbours neighbours = make({});
  const Vector vector = random_vector(random);
  neighbours.insert(Vector(16, 0.25F), outcome(1));
  neighbours.insert(vector, outcome(2, std::numeric_limits<float>::quiet_NaN()));
  EXPECT_EQ(neighbours.size(), 0U);

  neighbours.insert(vector, outcome(3, 7));
  EXPECT_EQ(find(neighbours, vector, 1).at(0).outcome.good, 1) << "kept within 0 and 1";
  EXPECT_EQ(find(neighbours, Vector(16, 0.25F), 1).size(), 0U);
}

TEST(Neighbours, TheOldestGoWhenTheLimitIsReached) {
  Random random(4);
  Neighbours neighbours = make({.rows = 40, .scanned = 40});
  std::vector<Vector> vectors;
  for (std::uint64_t i = 0; i < 100; ++i) {
    vectors.push_back(random_vector(random));
    neighbours.insert(vectors.back(), outcome(i));
    ASSERT_LE(neighbours.size(), 40U);
    ASSERT_EQ(find(neighbours, vectors.back(), 1).at(0).outcome.prompt, i);
  }
  EXPECT_GE(neighbours.size(), 30U);
  EXPECT_NE(find(neighbours, vectors[0], 1).at(0).outcome.prompt, 0U);
  EXPECT_EQ(find(neighbours, vectors[75], 1).at(0).outcome.prompt, 75U);
}

TEST(Neighbours, TheSmallestLimitsWork) {
  Random random(5);
  Neighbours neighbours = make({.rows = 0, .scanned = 0});
  for (std::uint64_t i = 0; i < 5; ++i) neighbours.insert(random_vector(random), outcome(i));
  EXPECT_EQ(neighbours.size(), 1U);
}

// Past prompts come in clusters; a graph has to find those around the one that is asked.
TEST(Neighbours, GraphsFindNearlyWhatComparingAllFinds) {
  Random random(6);
  Neighbours scanned = make({.rows = 4000, .scanned = 4000});
  Neighbours graphed = make({.rows = 4000, .scanned = 500});
  std::vector<Vector> centres;
  for (int i = 0; i < 40; ++i) centres.push_back(random_vector(random));
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const Vector vector = near(centres[i % centres.size()], random, 0.8F);
    scanned.insert(vector, outcome(i));
    graphed.insert(vector, outcome(i));
  }
  int built = 0;
  while (graphed.build_next_graph()) ++built;
  EXPECT_GE(built, 4);
  EXPECT_EQ(graphed.graphs(), static_cast<std::size_t>(built));
  EXPECT_FALSE(scanned.build_next_graph());
  EXPECT_EQ(graphed.size(), scanned.size());

  int same = 0;
  constexpr int questions = 50;
  for (int question = 0; question < questions; ++question) {
    const Vector asked = near(centres[static_cast<std::size_t>(question) % centres.size()], random, 0.8F);
    const auto expected = find(scanned, asked, 10);
    const auto found = find(graphed, asked, 10);
    ASSERT_EQ(found.size(), 10U);
    for (const Neighbour& neighbour : found) {
      same += std::any_of(expected.begin(), expected.end(), [&](const Neighbour& wanted) {
        return wanted.outcome.prompt == neighbour.outcome.prompt && wanted.similarity == neighbour.similarity;
      });
    }
  }
  EXPECT_GE(same, questions * 10 * 95 / 100);
}

TEST(Neighbours, RowsAfterAGraphWasBuiltAreFoundToo) {
  Random random(7);
  Neighbours neighbours = make({.rows = 400, .scanned = 100});
  for (std::uint64_t i = 0; i < 150; ++i) neighbours.insert(random_vector(random), outcome(i));
  ASSERT_TRUE(neighbours.build_next_graph());
  EXPECT_FALSE(neighbours.build_next_graph()) << "what is left may be scanned";
  const Vector late = random_vector(random);
  neighbours.insert(late, outcome(1000));
  EXPECT_EQ(find(neighbours, late, 1).at(0).outcome.prompt, 1000U);
}

TEST(Neighbours, AreSavedAndLoaded) {
  Random random(8);
  Neighbours neighbours = make({.rows = 4000, .scanned = 4000});
  std::vector<Vector> vectors;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    vectors.push_back(random_vector(random));
    neighbours.insert(vectors.back(), outcome(i, static_cast<float>(i) / 1500, i % 2 == 0 ? "light" : "premium"));
  }
  const TestFile file("an older one");
  ASSERT_TRUE(neighbours.save(file.path()));

  const auto loaded = Neighbours::load(file.path(), "small-1", dimensions, {.rows = 4000, .scanned = 4000});
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ((*loaded)->size(), 1500U);
  for (const std::size_t i : {0U, 777U, 1023U, 1024U, 1499U}) {
    const auto before = find(neighbours, vectors[i], 3);
    const auto after = find(**loaded, vectors[i], 3);
    ASSERT_EQ(after.size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(after[k].outcome.prompt, before[k].outcome.prompt);
      EXPECT_EQ(after[k].outcome.tier, before[k].outcome.tier);
      EXPECT_EQ(after[k].outcome.good, before[k].outcome.good);
      EXPECT_EQ(after[k].similarity, before[k].similarity);
    }
  }
  EXPECT_FALSE(std::filesystem::exists(file.path() + ".new"));

  const auto fewer = Neighbours::load(file.path(), "small-1", dimensions, {.rows = 100, .scanned = 100});
  ASSERT_TRUE(fewer);
  EXPECT_LE((*fewer)->size(), 100U);
  EXPECT_EQ(find(**fewer, vectors[1499], 1).at(0).outcome.prompt, 1499U) << "the newest are kept";
}

TEST(Neighbours, NoneCanBeSavedAndLoaded) {
  const TestFile file("");
  ASSERT_TRUE(make({}).save(file.path()));
  const auto loaded = Neighbours::load(file.path(), "small-1", dimensions, {});
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->size(), 0U);
}

TEST(Neighbours, AFileThatIsNotWholeIsRefused) {
  Random random(9);
  Neighbours neighbours = make({});
  for (std::uint64_t i = 0; i < 5; ++i) neighbours.insert(random_vector(random), outcome(i));
  std::string good;
  {
    const TestFile file("");
    ASSERT_TRUE(neighbours.save(file.path()));
    good = bytes_of(file.path());
  }
  ASSERT_EQ(load_problem(good), "");
  EXPECT_THAT(load_problem(""), HasSubstr("is no file of past prompts of triaged"));
  EXPECT_THAT(load_problem("PK\x03\x04 something else entirely"), HasSubstr("is no"));
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_NE(load_problem(good.substr(0, size)), "") << "cut off at " << size;
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    ASSERT_NE(load_problem(damaged), "") << "damaged at " << at;
  }
}

TEST(Neighbours, AFileOfAnotherEmbedderIsRefused) {
  const TestFile file("");
  ASSERT_TRUE(make({}).save(file.path()));
  EXPECT_THAT(load_problem(bytes_of(file.path()), "small-2"),
              HasSubstr("was made with the embedder small-1, not small-2"));
  const auto other_size = Neighbours::load(file.path(), "small-1", dimensions + 1, {});
  EXPECT_FALSE(other_size);
}

TEST(Neighbours, SavingAndLoadingWhereNothingIsSaysSo) {
  const std::string nowhere = "/no/such/folder/past";
  const auto saved = make({}).save(nowhere);
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().detail, HasSubstr(nowhere + " cannot be saved"));
  const auto loaded = Neighbours::load(nowhere, "small-1", dimensions, {});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr(nowhere + " cannot be read"));
}

TEST(Neighbours, ReadersSeeWholeRowsWhileOneThreadWritesAndOneBuildsGraphs) {
  Random random(10);
  Neighbours neighbours = make({.rows = 400, .scanned = 100});
  std::vector<Vector> vectors;
  for (int i = 0; i < 64; ++i) vectors.push_back(random_vector(random));
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&, reader] {
      for (std::size_t i = reader; !stop; ++i) {
        for (const Neighbour& found : find(neighbours, vectors[i % vectors.size()], 4)) {
          // A row's prompt is the number of its vector: a similarity of 1 with any other is a torn row.
          const bool same = found.outcome.prompt % vectors.size() == i % vectors.size();
          if ((found.similarity > 0.97F) != same) ++wrong;
        }
      }
    });
  }
  threads.emplace_back([&] {
    while (!stop) neighbours.build_next_graph();
  });
  for (std::uint64_t i = 0; i < 3000; ++i) neighbours.insert(vectors[i % vectors.size()], outcome(i));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(neighbours.size(), 400U);
}

struct Said {
  float similarity;
  float good;
  const char* tier = "light";
};

Vote vote_of(const std::vector<Said>& said, double prior = 0.5, VoteRules rules = {}) {
  std::vector<Neighbour> neighbours;
  for (const Said& one : said) neighbours.push_back({outcome(1, one.good, one.tier), one.similarity});
  return vote(neighbours, tier_key("light"), prior, rules);
}

TEST(Vote, WithoutEvidenceIsThePrior) {
  for (const double prior : {0.0, 0.3, 1.0}) {
    EXPECT_EQ(vote_of({}, prior).good, prior);
    EXPECT_EQ(vote_of({{0.4F, 1}, {-1, 1}, {0.99F, 1, "premium"}}, prior).good, prior)
        << "too far away, or another tier";
  }
  EXPECT_EQ(vote_of({}).evidence, 0);
  EXPECT_EQ(vote_of({}, 0.3, {.prior_weight = 0}).good, 0.3);
}

TEST(Vote, ShrinksToThePriorByItsWeight) {
  const Vote four = vote_of({{1, 1}, {1, 1}, {1, 1}, {1, 1}}, 0.5);
  EXPECT_NEAR(four.evidence, 4, 1e-9);
  EXPECT_NEAR(four.good, 0.75, 1e-9) << "as much evidence as the prior is worth: half way";
  EXPECT_NEAR(vote_of({{1, 0}}, 0.5).good, 0.4, 1e-9);
}

TEST(Vote, NearerNeighboursCountForMore) {
  const double nearer_good = vote_of({{0.95F, 1}, {0.7F, 0}}).good;
  const double nearer_bad = vote_of({{0.95F, 0}, {0.7F, 1}}).good;
  EXPECT_GT(nearer_good, 0.5);
  EXPECT_LT(nearer_bad, 0.5);
  EXPECT_NEAR(nearer_good + nearer_bad, 1, 1e-9);
  EXPECT_NEAR(vote_of({{0.75F, 1}}).evidence, 0.25, 1e-9) << "half way to the same text, squared";
}

TEST(Vote, StaysAProbability) {
  EXPECT_LE(vote_of({{1.01F, 1}, {1.01F, 1}}, 1).good, 1);
  EXPECT_GE(vote_of({{1.01F, 0}}, 0).good, 0);
  EXPECT_EQ(vote_of({{1, 0}}, 0.5, {.least_similarity = 1}).good, 0.5) << "nothing can be near enough";
}

}  // namespace
}  // namespace triaged::routing
