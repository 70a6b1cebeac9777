#include "triaged/learn/outcome_data.hpp"

#include "unit/learn/support.hpp"

#include <cmath>

namespace triaged::learn {
namespace {

using test::TestFile;

std::string problem_of(const std::string& text) {
  const TestFile file(text);
  const Result<OutcomeData> data = read_outcomes({file.path()}, test::classifier());
  if (data) return "";
  const std::string& detail = data.error().detail;
  return detail.starts_with(file.path()) ? detail.substr(file.path().size()) : detail;
}

TEST(OutcomeData, SaysWhichLineIsWrongAndHow) {
  const struct {
    const char* row;
    const char* problem;
  } cases[] = {
      {R"({"prompt": "a", "scores": {"m": 0.5}})", ""},
      {R"({"prompt": "a", "scores": {"m": true, "n": null}})", ""},
      {"[]", ":1: is no JSON object"},
      {"{", ":1: is not JSON in UTF-8: an object is not closed"},
      {R"({"scores": {"m": 1}})", ":1: has no \"prompt\" that is a string"},
      {R"({"prompt": 3, "scores": {"m": 1}})", ":1: has no \"prompt\" that is a string"},
      {R"({"prompt": "a"})", ":1: has no \"scores\" by model"},
      {R"({"prompt": "a", "scores": {"m": 1.5}})", ":1: has in \"scores\" for \"m\" no number from 0 to 1"},
      {R"({"prompt": "a", "scores": {"m": "1"}})", ":1: has in \"scores\" for \"m\" no number from 0 to 1"},
      {R"({"prompt": "a", "scores": {"m": 1}, "costs": {"m": -1}})",
       ":1: has in \"costs\" for \"m\" no number from 0 on"},
      {R"({"prompt": "a", "scores": {"m": 1}, "output_chars": 3})", ":1: has no \"output_chars\" by model"},
      {"", "the files hold no outcomes"},
  };
  for (const auto& [row, problem] : cases) EXPECT_EQ(problem_of(row), problem) << row;
}

TEST(OutcomeData, LeavesOutcomesThatAreNotSaidUnknown) {
  const TestFile file(R"({"prompt": "one two", "scores": {"a": 1}})"
                      "\n"
                      R"({"prompt": "b", "scores": {"b": 0.25}, "costs": {"b": 0.5}})"
                      "\n");
  const Result<OutcomeData> data = read_outcomes({file.path()}, test::classifier());
  ASSERT_TRUE(data);
  ASSERT_EQ(data->examples.size(), 2U);
  EXPECT_EQ(data->models, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(std::isnan(data->examples[0].scores[1]));
  EXPECT_TRUE(std::isnan(data->examples[1].scores[0]));
  EXPECT_FLOAT_EQ(data->examples[1].costs[1], 0.5F);
  EXPECT_TRUE(data->examples[0].costs.empty());
  EXPECT_EQ(data->examples[0].words, 2);
}

TEST(OutcomeData, PairsTheFirstModelsThatAFileKnowsAndPoolsAllOfThem) {
  const TestFile file(R"({"prompt": "p", "scores": {"a": 1, "b": 0.5, "c": 0, "d": 0.5}})"
                      "\n"
                      R"({"prompt": "q", "scores": {"a": 1, "b": 0}})"
                      "\n");
  const Result<OutcomeData> data = read_outcomes({file.path()}, test::classifier());
  ASSERT_TRUE(data);
  const auto pairs = pairs_of(*data, {"nobody", "a", "b"}, {"d", "c"});
  ASSERT_TRUE(pairs);
  ASSERT_EQ(pairs->size(), 1U);
  EXPECT_EQ(pairs->front().strong, 1);
  EXPECT_EQ(pairs->front().weak, 0.5F);
  EXPECT_EQ(pairs->front().pooled_strong, 0.75F);
  EXPECT_EQ(pairs->front().pooled_weak, 0.25F);

  const auto none = pairs_of(*data, {"nobody"}, {"c"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().detail,
            "no row has outcomes of both the strong and the weak model; the files know a, b, c, d");
}

TEST(OutcomeData, ReadsPromptsThatAreEmptyOrHuge) {
  for (const std::string& prompt : {std::string(), std::string(1'000'000, 'x'), std::string(1000, ' ')}) {
    const OutcomeExample example = read_prompt(prompt, test::classifier());
    EXPECT_EQ(example.point.dense.size(), routing::outcome_feature_count());
    for (const float value : example.point.dense) EXPECT_TRUE(std::isfinite(value));
    EXPECT_LT(example.point.text.size(), 10'000U);
  }
}

}  // namespace
}  // namespace triaged::learn
