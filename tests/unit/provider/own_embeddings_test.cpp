// The gateway's own requests for vectors, and what it reads of their answers.
#include "triaged/provider/own_embeddings.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::provider {
namespace {

using Vectors = std::vector<std::vector<float>>;

std::string problem_of(std::string_view body, std::size_t texts) {
  const auto vectors = read_own_embeddings(body, texts);
  return vectors ? "" : vectors.error().detail;
}

TEST(OwnEmbeddings, AreAskedForInOneRequest) {
  const std::vector<std::string> texts{"where is\n\"it\"?", "hello"};
  const OwnRequest own = write_own_embeddings(texts, 0);
  EXPECT_EQ(own.request.dialect, chat::Dialect::openai_embeddings);
  EXPECT_EQ(nlohmann::json::parse(own.body), nlohmann::json({{"input", texts}}));
  EXPECT_EQ(own.request.object_begin, 1U);
}

TEST(OwnEmbeddings, NameTheirDimensionsWhereTheyAreChosen) {
  const std::vector<std::string> texts{"hello"};
  EXPECT_EQ(nlohmann::json::parse(write_own_embeddings(texts, 512).body)["dimensions"], 512);
}

TEST(OwnEmbeddings, AreReadInTheOrderOfTheTexts) {
  const auto vectors = read_own_embeddings(
      R"({"object":"list","data":[{"index":1,"embedding":[3,-4e-1]},{"embedding":[0.5,2],"index":0}],"model":"m"})", 2);
  ASSERT_TRUE(vectors) << vectors.error().detail;
  EXPECT_EQ(*vectors, (Vectors{{0.5F, 2.0F}, {3.0F, -0.4F}}));
}

TEST(OwnEmbeddings, AreReadAsTheyComeWhereNothingNumbersThem) {
  const auto vectors = read_own_embeddings(R"({"data":[{"embedding":[1]},{"embedding":[2]}]})", 2);
  ASSERT_TRUE(vectors) << vectors.error().detail;
  EXPECT_EQ(*vectors, (Vectors{{1.0F}, {2.0F}}));
}

TEST(OwnEmbeddings, ThatAreOfNoUseSayWhy) {
  struct Case {
    const char* body;
    const char* problem;
  };
  for (const Case& item : {
           Case{"[]", "they are no JSON object"},
           Case{R"({"data":[{"embedding":[1]})", "they are no JSON object"},
           Case{R"({"data":[{"embedding":[1]}]})", "there are fewer than texts"},
           Case{R"({"data":7})", "there are fewer than texts"},
           Case{R"({"data":[{"embedding":[1]},{"embedding":[1]},{"embedding":[1]}]})", "there are more than texts"},
           Case{R"({"data":[{"index":-1,"embedding":[1]},{"embedding":[1]}]})", "there are more than texts"},
           Case{R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", "two are of the same text"},
           Case{R"({"data":[{"embedding":[]},{"embedding":[1]}]})", "one is empty"},
           Case{R"({"data":[{"embedding":[null]},{"embedding":[1]}]})", "one holds what is no number"},
           Case{R"({"data":[{"embedding":[1e99]},{"embedding":[1]}]})", "one holds a number out of range"},
           Case{R"({"data":[{"embedding":"AAAA"},{"embedding":[1]}]})", "one is no list of numbers"},
           Case{R"({"data":[1,2]})", "an element is no object"},
       }) {
    EXPECT_EQ(problem_of(item.body, 2), "The provider's embeddings are of no use: " + std::string(item.problem) + ".")
        << item.body;
  }
}

}  // namespace
}  // namespace triaged::provider
