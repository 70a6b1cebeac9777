#include "triaged/learn/semantic_evaluation.hpp"

#include "learn/bag_of_words.hpp"
#include "unit/learn/support.hpp"
#include "unit/routing/small_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace triaged::learn {
namespace {

using routing::test::small_embedder;
using test::TestFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// So many texts of each class, each of them its word.
LabelledTexts texts_of(const std::vector<std::string>& words, std::size_t each) {
  LabelledTexts data;
  data.path = "made/up.jsonl";
  data.classes = words;
  for (std::size_t i = 0; i < each; ++i) {
    for (std::size_t label = 0; label < words.size(); ++label) {
      data.texts.push_back(words[label]);
      data.labels.push_back(label);
    }
  }
  return data;
}

SemanticTrial trial(std::size_t examples, std::size_t rounds = 2) {
  SemanticTrial out;
  out.examples = examples;
  out.rounds = rounds;
  return out;
}

void no_progress(std::string_view /*line*/) {}

std::string refusal(const LabelledTexts& data, const SemanticTrial& wanted) {
  const auto figures = evaluate_semantic(data, small_embedder(), wanted, no_progress);
  return figures ? "" : figures.error().detail;
}

TEST(LabelledTexts, AreReadWithTheirClassesInOrder) {
  const TestFile file(
      "{\"text\": \"a\", \"sub\": \"two\"}\n\n"
      "{\"text\": \"b\", \"sub\": \"one\", \"label\": \"x\"}\n"
      "{\"text\": \"c\", \"sub\": \"two\", \"label\": \"x\"}\n");
  const auto data = read_labelled_texts(file.path(), "sub");

  ASSERT_TRUE(data) << data.error().detail;
  EXPECT_THAT(data->classes, ElementsAre("two", "one"));
  EXPECT_THAT(data->texts, ElementsAre("a", "b", "c"));
  EXPECT_THAT(data->labels, ElementsAre(0, 1, 0));
  EXPECT_EQ(data->sha256.size(), 64U);
}

TEST(LabelledTexts, ErrorsNameTheLine) {
  for (const char* bad : {"{\"text\": \"b\"}", "{\"sub\": \"b\"}", "{\"text\": 1, \"sub\": \"b\"}", "[]", "{"}) {
    const TestFile file("{\"text\": \"a\", \"sub\": \"one\"}\n" + std::string(bad) + "\n");
    const auto data = read_labelled_texts(file.path(), "sub");
    ASSERT_FALSE(data) << bad;
    EXPECT_THAT(data.error().detail, HasSubstr(file.path() + ":2")) << bad;
  }
  EXPECT_FALSE(read_labelled_texts("/no/such/file", "sub"));
}

TEST(SemanticEvaluation, FindsEverythingWhereClassesShareNothing) {
  const auto figures =
      evaluate_semantic(texts_of({"apple", "pear", "plum", "car"}, 5), small_embedder(), trial(2), no_progress);

  ASSERT_TRUE(figures) << figures.error().detail;
  EXPECT_EQ(figures->classes, 4U);
  EXPECT_EQ(figures->asked, 2U * 4 * 3) << "two rounds; two of five texts are examples";
  EXPECT_EQ(figures->nearest_centroid, 1);
  EXPECT_EQ(figures->bag_of_words, 1);
  EXPECT_EQ(figures->routes, 1);
  EXPECT_GT(figures->threshold, 0.9);
  EXPECT_EQ(figures->precision, 1);
  EXPECT_EQ(figures->recall, 1);
  EXPECT_EQ(figures->wrongly_taken, 0);
  EXPECT_EQ(figures->own_threshold, 0.5);
  EXPECT_EQ(figures->own_recall, 1);
}

TEST(SemanticEvaluation, FindsNoThresholdWhereRoutesCannotBeToldFromOthers) {
  LabelledTexts data = texts_of({"apple", "pear", "plum", "car"}, 5);
  for (std::string& text : data.texts) text = "apple pear plum car";
  const auto figures = evaluate_semantic(data, small_embedder(), trial(2), no_progress);

  ASSERT_TRUE(figures) << figures.error().detail;
  EXPECT_LE(figures->routes, 0.25);
  EXPECT_EQ(figures->threshold, 1);
  EXPECT_EQ(figures->recall, 0);
  EXPECT_EQ(figures->own_wrongly_taken, 1);
  EXPECT_LE(figures->own_precision, 0.25);
}

TEST(SemanticEvaluation, TextsWithoutAVectorCountAsWrong) {
  LabelledTexts data = texts_of({"apple", "pear"}, 6);
  for (std::size_t i = 0; i < data.texts.size(); ++i) {
    if (data.labels[i] == 1) data.texts[i] = "zebra";
  }
  const auto figures = evaluate_semantic(data, small_embedder(), trial(2), no_progress);

  ASSERT_TRUE(figures) << figures.error().detail;
  EXPECT_EQ(figures->routes, 0.5);
}

TEST(SemanticEvaluation, GivesTheSameForTheSameSeedOnly) {
  LabelledTexts data = texts_of({"apple pear", "pear apple apple", "plum", "car plum"}, 4);
  for (std::size_t i = 0; i < data.texts.size(); i += 3) data.texts[i] += " apple plum";
  const auto run = [&](std::uint64_t seed) {
    SemanticTrial wanted = trial(1, 1);
    wanted.seed = seed;
    const auto figures = evaluate_semantic(data, small_embedder(), wanted, no_progress);
    return semantic_json(data, *figures, trial(1, 1), *small_embedder());
  };
  EXPECT_EQ(run(1), run(1));
  bool changed = false;
  for (std::uint64_t seed = 2; seed < 8; ++seed) changed |= run(1) != run(seed);
  EXPECT_TRUE(changed);
}

TEST(SemanticEvaluation, SaysWhatIsMissing) {
  EXPECT_EQ(refusal(texts_of({"apple", "pear"}, 3), trial(3)),
            "made/up.jsonl: class \"apple\" has 3 texts; 3 examples and one to ask about are needed");
  EXPECT_EQ(refusal(texts_of({"apple"}, 3), trial(1)), "made/up.jsonl: holds fewer than two classes");
  EXPECT_THAT(refusal(texts_of({}, 0), trial(1)), HasSubstr("fewer than two classes"));
  EXPECT_THAT(refusal(texts_of({"apple", "pear"}, 3), trial(0)), HasSubstr("no examples"));
  EXPECT_EQ(refusal(texts_of({"apple", "pear"}, 3), trial(2)), "");
}

TEST(SemanticReport, HoldsTheFiguresForProgramsAndPeople) {
  const LabelledTexts data = texts_of({"apple", "pear"}, 3);
  SemanticFigures figures;
  figures.classes = 2;
  figures.asked = 8;
  figures.routes = 0.875;
  figures.threshold = 0.61234567;
  figures.own_wrongly_taken = 0.125;
  const auto json = nlohmann::json::parse(semantic_json(data, figures, trial(1), *small_embedder()));
  EXPECT_EQ(json["file"], "up.jsonl");
  EXPECT_EQ(json["embedder"], "small-1");
  EXPECT_EQ(json["texts"], 6);
  EXPECT_EQ(json["right"]["routes"], 0.875);
  EXPECT_EQ(json["threshold"]["similarity"], 0.6123);
  EXPECT_EQ(json["own_threshold"]["wrongly_taken"], 0.125);

  const std::string text = semantic_text(data, figures, trial(1), *small_embedder());
  EXPECT_THAT(text, HasSubstr("made/up.jsonl: 6 texts, 2 classes"));
  EXPECT_THAT(text, HasSubstr("routes 87.5 %"));
  EXPECT_THAT(text, HasSubstr("from a similarity of 0.612"));
}

TEST(BagOfWords, WeighsRareWordsMoreAndHasLengthOne) {
  const std::vector<WordVector> bags = weigh_words({"the cat", "the dog", "The, DOG! the", "--"});

  ASSERT_EQ(bags.size(), 4U);
  EXPECT_EQ(count_words(bags), 3U);
  EXPECT_LT(bags[0][0].second, bags[0][1].second);
  EXPECT_EQ(bags[1], bags[2]);
  EXPECT_THAT(bags[3], IsEmpty());
  float squares = 0;
  for (const auto& [word, weight] : bags[0]) squares += weight * weight;
  EXPECT_NEAR(squares, 1, 1e-5);
}

}  // namespace
}  // namespace triaged::learn
