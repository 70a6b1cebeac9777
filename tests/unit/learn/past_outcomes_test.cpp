#include "triaged/learn/past_outcomes.hpp"

#include "triaged/learn/past_evaluation.hpp"

#include "unit/learn/support.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace triaged::learn {
namespace {

using test::TestFile;
using testing::HasSubstr;

std::vector<std::size_t> targets_of(std::string_view model) {
  if (model == "small") return {0};
  if (model == "other small") return {0};
  if (model == "big") return {1};
  if (model == "both") return {0, 1};
  return {};
}

PastOutcomes read(const std::string& text) {
  const TestFile file(text);
  const auto past = read_past_outcomes({file.path()}, 2, targets_of);
  EXPECT_TRUE(past) << past.error().detail;
  return *past;
}

std::string problem_of(const std::string& text) {
  const TestFile file(text);
  const auto past = read_past_outcomes({file.path()}, 2, targets_of);
  return past ? "" : past.error().detail.substr(file.path().size());
}

TEST(PastOutcomes, ScoresOfModelsBecomeThoseOfTargets) {
  const PastOutcomes past = read(R"({"id": "a", "prompt": "one", "scores": {"small": 1, "other small": 0, "big": 0.75}}
{"id": "b", "prompt": "two", "scores": {"both": true}}
{"id": "c", "prompt": "three", "scores": {"big": null, "small": 0}}
)");
  ASSERT_EQ(past.rows.size(), 3U);
  EXPECT_EQ(past.rows[0].id, "a");
  EXPECT_EQ(past.rows[0].text, "one");
  EXPECT_EQ(past.rows[0].scores, (std::vector<float>{0.5F, 0.75F})) << "the mean of the names that mean it";
  EXPECT_EQ(past.rows[1].scores, (std::vector<float>{1, 1}));
  EXPECT_EQ(past.rows[2].scores[0], 0);
  EXPECT_TRUE(std::isnan(past.rows[2].scores[1]));
  EXPECT_EQ(past.scored, 3U);
  EXPECT_TRUE(past.unknown.empty());
}

TEST(PastOutcomes, RowsOfUnknownModelsAreCounted) {
  const PastOutcomes past = read(R"({"prompt": "one", "scores": {"small": 1, "stranger": 0}}
{"prompt": "two", "scores": {"stranger": 0, "nobody": 1}}
{"prompt": "three", "scores": {}}
)");
  EXPECT_EQ(past.rows.size(), 3U);
  EXPECT_EQ(past.scored, 1U);
  EXPECT_EQ(past.unknown, (std::map<std::string, std::size_t>{{"stranger", 2}, {"nobody", 1}}));
}

TEST(PastOutcomes, ARowWithoutAnIdIsCalledByItsFileAndLine) {
  const PastOutcomes past = read(R"({"id": 7, "prompt": "one", "scores": {"small": 1}}

{"id": ")" + std::string(65, 'x') +
                                 R"(", "prompt": "two", "scores": {"small": 1}}
{"id": "\u001b[31m\n", "prompt": "three", "scores": {"small": 1}}
)");
  EXPECT_THAT(past.rows[0].id, HasSubstr("rows.jsonl#1"));
  EXPECT_THAT(past.rows[1].id, HasSubstr("rows.jsonl#3")) << "ids stand in answers: long ones do not";
  EXPECT_THAT(past.rows[2].id, HasSubstr("rows.jsonl#4")) << "nor what moves a terminal's cursor";
}

TEST(PastOutcomes, HoweverDeepALineIsNestedItIsRefused) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  EXPECT_EQ(problem_of(R"({"prompt": "one", "scores": )" + deep + "}\n"),
            ":1: is not JSON in UTF-8: nested too deeply");
  EXPECT_EQ(problem_of(R"({"prompt": "[[[ \"{{{", "scores": {"small": [[1]]}})"),
            ":1: has in \"scores\" for \"small\" no number from 0 to 1");
}

TEST(PastOutcomes, WhatCannotBeReadIsToldWithFileAndLine) {
  const std::string good = R"({"prompt": "one", "scores": {"small": 1}})";
  EXPECT_EQ(problem_of(good + "\n\n{}\n"), ":3: has no \"prompt\" that is a string");
  EXPECT_EQ(problem_of(good + "\n" + R"({"prompt": "two"})"), ":2: has no \"scores\" by model");
  EXPECT_EQ(problem_of(R"({"prompt": "two", "scores": {"small": 2}})"),
            ":1: has in \"scores\" for \"small\" no number from 0 to 1");
  EXPECT_EQ(problem_of("id,prompt\n1,one\n"), ":1: is not JSON in UTF-8: expected a value");
  const auto missing = read_past_outcomes({"/no/such/file"}, 2, targets_of);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().detail, "/no/such/file: cannot be read");
}

TEST(PastOutcomes, TextsThatAreJudgedAreTakenOut) {
  const std::vector<routing::PastPrompt> past{{"1", "same", {1}}, {"2", "other", {1}}};
  const auto left = without_texts(past, std::vector<routing::PastPrompt>{{"x", "same", {0}}});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, "2");
}

// Prompts of two subjects: on one the weak model is as good, on the other it is of no use.
TEST(PastEvaluation, NeighboursTellSubjectsApartAndDealtOnesDoNot) {
  std::vector<routing::PastPrompt> past;
  std::vector<routing::PastPrompt> judged;
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < 200; ++i) {
    const bool hard = i % 2 == 0;
    const std::string text =
        (hard ? "Prove the theorem about prime numbers, case " : "What is the capital city of the country number ") +
        std::to_string(i);
    const float weak = hard ? 0 : 1;
    if (i < 100) {
      past.push_back({std::to_string(i), text, {weak, 1}});
    } else {
      Pair pair;
      pair.example = judged.size();
      pair.strong = 1;
      pair.weak = weak;
      pairs.push_back(pair);
      judged.push_back({std::to_string(i), text, {weak, 1}});
    }
  }
  std::vector<std::size_t> rows(pairs.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  const std::vector<double> scores(pairs.size(), 0.3);  // a router that knows nothing
  const std::vector<routing::Outlook> outlooks(pairs.size(), {0.65, 0.3});
  const PastUse use =
      evaluate_past({pairs, rows, scores, outlooks, judged, 4, 1}, past, config::Past{}, *routing::built_in_embedder());

  EXPECT_EQ(use.past, 100U);
  EXPECT_EQ(use.near, 1);
  EXPECT_NEAR(use.alone, 0.5, 0.01);
  EXPECT_GT(use.with, 0.7);
  EXPECT_GT(use.difference.low, 0);
  EXPECT_LT(use.dealt, 0.65);
  EXPECT_EQ(use.sent, 50U);
  EXPECT_EQ(use.weak_there, 1);
  EXPECT_EQ(use.strong_there, 1);
  EXPECT_THAT(past_text(use), HasSubstr("100 past prompts; 100.0 % of the judged ones have a neighbour"));
  EXPECT_EQ(nlohmann::json::parse(past_json(use))["sent"], 50);

  // Rows that know the weak model alone, as good as was expected: the strong one is not worse for it.
  std::vector<routing::PastPrompt> half_known = past;
  for (routing::PastPrompt& prompt : half_known) prompt.scores = {0.5F, routing::no_score};
  const PastUse told_nothing = evaluate_past({pairs, rows, scores, outlooks, judged, 4, 1}, half_known, config::Past{},
                                             *routing::built_in_embedder());
  EXPECT_NEAR(told_nothing.with, told_nothing.alone, 1e-9);
}

}  // namespace
}  // namespace triaged::learn
