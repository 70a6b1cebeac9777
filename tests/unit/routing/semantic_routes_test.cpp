#include "triaged/routing/semantic_routes.hpp"

#include "unit/routing/small_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace triaged::routing {
namespace {

using test::small_embedder;
using ::testing::HasSubstr;

config::SemanticRoute route(std::string name, std::size_t tier, std::vector<std::string> examples) {
  config::SemanticRoute out;
  out.name = std::move(name);
  out.tier = tier;
  out.examples = std::move(examples);
  return out;
}

config::Semantic fruit_and_cars() {
  config::Semantic semantic;
  semantic.routes = {route("fruit", 2, {"apple", "pear"}), route("cars", 1, {"car", "cars"})};
  return semantic;
}

std::shared_ptr<const SemanticRoutes> make(const config::Semantic& settings) {
  auto routes = SemanticRoutes::make(settings, small_embedder());
  EXPECT_TRUE(routes) << routes.error().detail;
  return *routes;
}

TEST(SemanticRoutes, FindTheRouteOfAnExampleAndItsTier) {
  const auto routes = make(fruit_and_cars());

  const auto fruit = routes->find("apple");
  ASSERT_TRUE(fruit);
  EXPECT_EQ(fruit->route, 0U);
  EXPECT_EQ(fruit->tier, 2U);
  const auto cars = routes->find("CARS");
  ASSERT_TRUE(cars);
  EXPECT_EQ(cars->route, 1U);
  EXPECT_EQ(cars->tier, 1U);
}

TEST(SemanticRoutes, SimilarityIsTheMeanOfCentreAndNearestExample) {
  const auto routes = make(fruit_and_cars());

  // The centre lies between apple and pear; the nearest example is the word itself.
  const auto match = routes->find("apple");
  ASSERT_TRUE(match);
  EXPECT_NEAR(match->similarity, (std::sqrt(0.5) + 1) / 2, 0.01);
  EXPECT_EQ(match->threshold, 0.5) << "the embedder's own";
}

TEST(SemanticRoutes, NothingIsFoundBelowTheThresholdButTheNearestIsToldAnyway) {
  const auto routes = make(fruit_and_cars());

  EXPECT_FALSE(routes->find("plum"));
  const auto nearest = routes->nearest("plum plum plum apple");
  ASSERT_TRUE(nearest);
  EXPECT_EQ(nearest->route, 0U);
  EXPECT_LT(nearest->similarity, 0.5);
  EXPECT_FALSE(nearest->near_enough());
}

TEST(SemanticRoutes, TextWithoutAVectorAndNoRoutesAreNoMatch) {
  const auto routes = make(fruit_and_cars());
  for (const std::string_view text : {"", "zebra", "\xFF", "\n\n"}) {
    EXPECT_FALSE(routes->find(text)) << text;
    EXPECT_FALSE(routes->nearest(text)) << text;
  }
  const auto none = make({});
  EXPECT_EQ(none->size(), 0U);
  EXPECT_FALSE(none->find("apple"));
  EXPECT_FALSE(none->nearest("apple"));
}

TEST(SemanticRoutes, VectorsOfAnotherSizeMatchNothing) {
  const auto routes = make(fruit_and_cars());
  const std::vector<float> wrong(16, 0.25F);
  EXPECT_FALSE(routes->nearest(std::span<const float>(wrong)));

  std::vector<float> right(32);
  right[3] = 1;
  EXPECT_EQ(routes->find(std::span<const float>(right))->route, 1U);
}

TEST(SemanticRoutes, ThresholdsHoldInTheOrderRouteThenAllThenEmbedder) {
  config::Semantic settings = fruit_and_cars();
  settings.embedder = "small-1";
  settings.threshold = 0.7;
  settings.routes[1].threshold = 0.99;
  const auto routes = make(settings);

  EXPECT_EQ(routes->nearest("apple")->threshold, 0.7);
  EXPECT_EQ(routes->nearest("car")->threshold, 0.99);
  EXPECT_TRUE(routes->find("apple"));
  EXPECT_FALSE(routes->find("car")) << "its centre is a little away";
}

TEST(SemanticRoutes, ARouteBelowItsOwnThresholdDoesNotHideAnother) {
  config::Semantic settings = fruit_and_cars();
  settings.embedder = "small-1";
  settings.routes[0].threshold = 0.95;
  const auto routes = make(settings);

  // Nearer to fruit, but only the cars are near enough by their own threshold.
  const char* const text = "apple apple apple car car";
  EXPECT_EQ(routes->nearest(text)->route, 0U);
  ASSERT_TRUE(routes->find(text));
  EXPECT_EQ(routes->find(text)->route, 1U);
}

TEST(SemanticRoutes, ThresholdsOfAnotherEmbedderAreNotTaken) {
  config::Semantic settings = fruit_and_cars();
  settings.embedder = "another-7";
  settings.threshold = 0.99;
  settings.routes[0].threshold = 0.98;
  const auto routes = make(settings);

  EXPECT_EQ(routes->nearest("apple")->threshold, 0.5);
  EXPECT_EQ(routes->nearest("car")->threshold, 0.5);
}

TEST(SemanticRoutes, TheFirstOfEquallyNearRoutesWins) {
  config::Semantic settings;
  settings.routes = {route("one", 0, {"apple"}), route("two", 1, {"apple"})};
  EXPECT_EQ(make(settings)->find("apple")->route, 0U);
}

TEST(SemanticRoutes, AnExampleWithoutAVectorIsNamed) {
  config::Semantic settings = fruit_and_cars();
  settings.routes[1].examples.push_back("zebra");
  const auto routes = SemanticRoutes::make(settings, small_embedder());

  ASSERT_FALSE(routes);
  EXPECT_THAT(routes.error().detail, HasSubstr("routing.semantic.routes.cars.examples[2]"));
  EXPECT_THAT(routes.error().detail, HasSubstr("small-1"));
}

TEST(SemanticRoutes, WithTheBuiltInTableTellThreeSubjectsApart) {
  config::Semantic settings;
  settings.routes = {
      route("orders", 0, {"where is my order", "has my parcel been sent?", "when will my delivery arrive"}),
      route("refunds", 0, {"I want my money back", "how do I return a pair of shoes", "refund my last purchase"}),
      route("code", 1, {"fix this Python function", "why does my program crash", "write a unit test for this class"})};
  const auto routes = SemanticRoutes::make(settings, *built_in_embedder());
  ASSERT_TRUE(routes);
  struct Case {
    const char* text;
    std::size_t route;
  };
  for (const Case& item : {Case{"my package still has not arrived, where is it", 0},
                           Case{"how do I return these shoes and get my money back", 1},
                           Case{"there is a bug in my Python program, it crashes", 2}}) {
    const auto match = (*routes)->nearest(item.text);
    ASSERT_TRUE(match);
    EXPECT_EQ(match->route, item.route) << item.text;
    EXPECT_TRUE(match->near_enough()) << item.text << ": " << match->similarity;
  }
  for (const char* text : {"write a sonnet about autumn", "what is the capital of Australia", "integrate x squared"}) {
    EXPECT_FALSE((*routes)->find(text)) << text << ": " << (*routes)->nearest(text)->similarity;
  }
}

TEST(SemanticRoutes, AreSharedByThreads) {
  const auto routes = make(fruit_and_cars());
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) count += routes->find("pear")->route == 0 ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace triaged::routing
