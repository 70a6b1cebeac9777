#include "triaged/routing/neighbours.hpp"

#include "triaged/base/ids.hpp"

#include "routing/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <thread>

namespace triaged::routing {
namespace {

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

Neighbours make(Neighbours::Limits limits) { return Neighbours(dimensions, limits); }

std::vector<Neighbour> find(const Neighbours& neighbours, const Vector& vector, std::size_t most) {
  std::vector<Neighbour> found(most);
  found.resize(neighbours.find(vector, found));
  return found;
}

TEST(Neighbours, AreFoundNearestFirst) {
  Random random(1);
  Neighbours neighbours = make({});
  const Vector asked = random_vector(random);
  for (std::uint32_t i = 0; i < 50; ++i) neighbours.insert(random_vector(random), i);
  neighbours.insert(near(asked, random, 0.6F), 101);
  neighbours.insert(asked, 100);

  const auto found = find(neighbours, asked, 5);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].row, 100U);
  EXPECT_NEAR(found[0].similarity, 1, 0.01);
  EXPECT_EQ(found[1].row, 101U);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(),
                             [](const auto& a, const auto& b) { return a.similarity > b.similarity; }));
  EXPECT_EQ(neighbours.size(), 52U);
}

TEST(Neighbours, OnlyThoseThatAreNearEnoughAreFound) {
  for (const bool graph : {false, true}) {
    Random random(4);
    Neighbours neighbours = make({.rows = 400, .scanned = graph ? 10U : 400U, .segment = 200});
    const Vector asked = random_vector(random);
    for (std::uint32_t i = 0; i < 190; ++i) neighbours.insert(random_vector(random), i);
    for (std::uint32_t i = 0; i < 10; ++i) neighbours.insert(near(asked, random, 0.3F), 1000 + i);
    EXPECT_EQ(neighbours.build_next_graph(), graph);

    std::array<Neighbour, 32> found;
    EXPECT_EQ(neighbours.find(asked, found, 0.8F), 10U);
    for (const Neighbour& neighbour : std::span(found).first(10)) EXPECT_GE(neighbour.row, 1000U);
    EXPECT_EQ(neighbours.find(asked, found), 32U);
    EXPECT_EQ(neighbours.find(asked, found, 0.999F), 0U);
  }
}

// Longer than what is looked at first, with most of their length at the front as embedders have it, or evenly spread.
TEST(Neighbours, AreThoseThatComparingAllOfEachFinds) {
  constexpr std::size_t size = 200;
  for (const float decay : {0.985F, 1.0F}) {
    Random random(6);
    const auto vector = [&random, decay] {
      Vector made(size);
      float weight = 1;
      for (float& value : made) {
        value = weight * static_cast<float>(random.unit() - 0.35);
        weight *= decay;
      }
      EXPECT_TRUE(normalise(made));
      return made;
    };
    Neighbours neighbours(size, {.rows = 600, .scanned = 600, .segment = 300});
    std::vector<QuantisedVector> all;
    for (std::uint32_t i = 0; i < 600; ++i) {
      const Vector row = vector();
      neighbours.insert(row, i);
      all.emplace_back(row);
    }
    for (int asks = 0; asks < 20; ++asks) {
      const Vector wanted = vector();
      const QuantisedVector asked(wanted);
      std::vector<float> similarities;
      for (const QuantisedVector& row : all) {
        similarities.push_back(static_cast<float>(dot_plainly(asked.steps.data(), row.steps.data(), row.steps.size())) *
                               asked.step * row.step);
      }
      std::sort(similarities.begin(), similarities.end(), std::greater<>());
      std::array<Neighbour, 20> found;
      ASSERT_EQ(neighbours.find(wanted, found), found.size());
      for (std::size_t i = 0; i < found.size(); ++i) EXPECT_FLOAT_EQ(found[i].similarity, similarities[i]);
    }
  }
}

TEST(Neighbours, AsManyAsThereAreAreFound) {
  Random random(2);
  Neighbours neighbours = make({});
  const Vector asked = random_vector(random);
  EXPECT_EQ(find(neighbours, asked, 3).size(), 0U);
  neighbours.insert(asked, 1);
  EXPECT_EQ(find(neighbours, asked, 3).size(), 1U);
  EXPECT_EQ(find(neighbours, asked, 0).size(), 0U);
}

TEST(Neighbours, VectorsOfAnotherSizeAreLeftOut) {
  Random random(3);
  Neighbours neighbours = make({});
  neighbours.insert(Vector(16, 0.25F), 1);
  EXPECT_EQ(neighbours.size(), 0U);

  neighbours.insert(random_vector(random), 2);
  EXPECT_EQ(find(neighbours, Vector(16, 0.25F), 1).size(), 0U);
}

TEST(Neighbours, OneSegmentHoldsAsManyAsIsWanted) {
  Random random(11);
  Neighbours neighbours = make({.rows = 300, .scanned = 100, .segment = 300});
  std::vector<Vector> vectors;
  for (std::uint32_t i = 0; i < 300; ++i) {
    vectors.push_back(random_vector(random));
    neighbours.insert(vectors.back(), i);
  }
  EXPECT_TRUE(neighbours.build_next_graph());
  EXPECT_FALSE(neighbours.build_next_graph());
  EXPECT_EQ(neighbours.graphs(), 1U);
  for (std::uint32_t i = 0; i < 300; i += 50) EXPECT_EQ(find(neighbours, vectors[i], 1).at(0).row, i);
}

TEST(Neighbours, TheOldestGoWhenTheLimitIsReached) {
  Random random(4);
  Neighbours neighbours = make({.rows = 40, .scanned = 40});
  std::vector<Vector> vectors;
  for (std::uint32_t i = 0; i < 100; ++i) {
    vectors.push_back(random_vector(random));
    neighbours.insert(vectors.back(), i);
    ASSERT_LE(neighbours.size(), 40U);
    ASSERT_EQ(find(neighbours, vectors.back(), 1).at(0).row, i);
  }
  EXPECT_GE(neighbours.size(), 30U);
  EXPECT_NE(find(neighbours, vectors[0], 1).at(0).row, 0U);
  EXPECT_EQ(find(neighbours, vectors[75], 1).at(0).row, 75U);
}

TEST(Neighbours, TheSmallestLimitsWork) {
  Random random(5);
  Neighbours neighbours = make({.rows = 0, .scanned = 0});
  for (std::uint32_t i = 0; i < 5; ++i) neighbours.insert(random_vector(random), i);
  EXPECT_EQ(neighbours.size(), 1U);
}

// Past prompts come in clusters; a graph has to find those around the one that is asked.
TEST(Neighbours, GraphsFindNearlyWhatComparingAllFinds) {
  Random random(6);
  Neighbours scanned = make({.rows = 4000, .scanned = 4000});
  Neighbours graphed = make({.rows = 4000, .scanned = 500});
  std::vector<Vector> centres;
  for (int i = 0; i < 40; ++i) centres.push_back(random_vector(random));
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const Vector vector = near(centres[i % centres.size()], random, 0.8F);
    scanned.insert(vector, i);
    graphed.insert(vector, i);
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
        return wanted.row == neighbour.row && wanted.similarity == neighbour.similarity;
      });
    }
  }
  EXPECT_GE(same, questions * 10 * 95 / 100);
}

TEST(Neighbours, RowsAfterAGraphWasBuiltAreFoundToo) {
  Random random(7);
  Neighbours neighbours = make({.rows = 400, .scanned = 100});
  for (std::uint32_t i = 0; i < 150; ++i) neighbours.insert(random_vector(random), i);
  ASSERT_TRUE(neighbours.build_next_graph());
  EXPECT_FALSE(neighbours.build_next_graph()) << "what is left may be scanned";
  const Vector late = random_vector(random);
  neighbours.insert(late, 1000);
  EXPECT_EQ(find(neighbours, late, 1).at(0).row, 1000U);
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
          // A row is the number of its vector: a similarity of 1 with any other is a torn row.
          const bool same = found.row % vectors.size() == i % vectors.size();
          if ((found.similarity > 0.97F) != same) ++wrong;
        }
      }
    });
  }
  threads.emplace_back([&] {
    while (!stop) neighbours.build_next_graph();
  });
  for (std::uint32_t i = 0; i < 3000; ++i) neighbours.insert(vectors[i % vectors.size()], i);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(neighbours.size(), 400U);
}

}  // namespace
}  // namespace triaged::routing
