#include "triaged/base/text.hpp"
#include "triaged/routing/task_model.hpp"

#include "routing/evidence.hpp"
#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;

TaskScores scores_of(const chat::Request& request) {
  return classify(request, extract_features(request), test::built_in_classifier());
}

struct Labelled {
  std::string task;  // "a/b": both are right
  std::string language;
  std::string text;
};

std::vector<Labelled> load_prompts() {
  std::vector<Labelled> prompts;
  std::ifstream file(TRIAGED_TEST_DATA "/routing/prompts.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string_view> fields = split(line, '\t');
    if (fields.size() == 3) prompts.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2])});
  }
  return prompts;
}

bool is_right(const Labelled& prompt, TaskType task) {
  for (const std::string_view label : split(prompt.task, '/')) {
    if (label == name(task)) return true;
  }
  return false;
}

TEST(BuiltInClassifier, IsRightOnPurposeWrittenPromptsInEachLanguage) {
  std::map<std::string, int> all;
  std::map<std::string, int> right;
  for (const Labelled& prompt : load_prompts()) {
    const Conversation conversation = user(prompt.text);
    ++all[prompt.language];
    if (is_right(prompt, scores_of(conversation.request).best)) ++right[prompt.language];
  }
  ASSERT_EQ(all.size(), 6U);
  for (const auto& [language, count] : all) {
    EXPECT_GE(right[language], std::ceil(0.93 * count)) << language << ": " << right[language] << " of " << count;
  }
}

TEST(BuiltInClassifier, IsRightForEachTaskType) {
  std::map<std::string, int> all;
  std::map<std::string, int> right;
  for (const Labelled& prompt : load_prompts()) {
    const Conversation conversation = user(prompt.text);
    ++all[prompt.task];
    if (is_right(prompt, scores_of(conversation.request).best)) ++right[prompt.task];
  }
  for (const auto& [task, count] : all) {
    EXPECT_GE(right[task], std::floor(0.9 * count)) << task << ": " << right[task] << " of " << count;
  }
}

TEST(BuiltInClassifier, IsSeldomWrongWhereItIsSure) {
  int sure = 0;
  int right = 0;
  int all = 0;
  for (const Labelled& prompt : load_prompts()) {
    const Conversation conversation = user(prompt.text);
    const TaskScores scores = scores_of(conversation.request);
    ++all;
    if (scores.confidence < 0.5F) continue;
    ++sure;
    if (is_right(prompt, scores.best)) ++right;
  }
  EXPECT_GE(right, 0.95 * sure);
  EXPECT_GE(sure, 0.85 * all);
}

TEST(BuiltInClassifier, GivesProbabilitiesThatSumToOneAndAgreeWithItsChoice) {
  for (const char* text : {"Summarize this", "hello", "", "x = 1", "翻译这句话", "\xFF\xFE", "?"}) {
    const Conversation conversation = user(text);
    const TaskScores scores = scores_of(conversation.request);
    const float sum = std::accumulate(scores.probability.begin(), scores.probability.end(), 0.0F);
    EXPECT_NEAR(sum, 1.0F, 1e-4F) << text;
    EXPECT_FLOAT_EQ(scores.probability[static_cast<std::size_t>(scores.best)], scores.confidence) << text;
    EXPECT_NE(scores.best, scores.second) << text;
    for (const float p : scores.probability) EXPECT_LE(p, scores.confidence) << text;
  }
}

TEST(BuiltInClassifier, TakesTheInstructionAndNotTheTextItIsAbout) {
  const std::vector<std::pair<TaskType, std::string>> cases{
      {TaskType::rewrite, "Translate \"Write a Python function and summarize the result\" into German"},
      {TaskType::summarize,
       "Summarize the following article.\n\nThe programmer wrote a function in Python, classified the reviews as "
       "positive or "
       "negative and translated them into French. Then she solved an equation and proved a theorem about prime "
       "numbers."},
      {TaskType::classify,
       "\"How do I write a poem?\"\n\nClassify the message above as question, complaint or praise."},
      {TaskType::rewrite, "Fix the grammar: could you please summarise what he have wrote in python"},
  };
  for (const auto& [task, text] : cases) {
    const Conversation conversation = user(text);
    EXPECT_EQ(name(scores_of(conversation.request).best), name(task)) << text;
  }
}

TEST(BuiltInClassifier, SeesThroughPoliteness) {
  for (const char* text :
       {"Summarize this text", "Could you please summarize this text", "Hi, can you summarize this text for me?",
        "I want you to summarize this text", "please, please summarize this text"}) {
    const Conversation conversation = user(text);
    EXPECT_EQ(name(scores_of(conversation.request).best), "summarize") << text;
  }
}

TEST(BuiltInClassifier, TakesTheTaskFromTheSystemMessageWhenTheUserStatesNone) {
  Conversation conversation;
  conversation.system(
      "Classify the customer's message into one of the following categories: billing, technical, other. "
      "Reply with the label only.");
  conversation.user("My card was charged twice last month");
  EXPECT_EQ(name(scores_of(conversation.request).best), "classify");
}

TEST(BuiltInClassifier, LearnsNothingFromABlandSystemMessage) {
  Conversation conversation;
  conversation.system("You are a helpful assistant.").user("What are your opening hours?");
  EXPECT_EQ(name(scores_of(conversation.request).best), "qa");
}

TEST(BuiltInClassifier, TakesToolsForASignOfAnAgent) {
  constexpr auto agent = static_cast<std::size_t>(TaskType::agent);
  const Conversation words = user("Book a flight to Rome and then add it to my calendar");
  Conversation with_tools = words;
  with_tools.request.tools = 5;
  EXPECT_EQ(scores_of(with_tools.request).best, TaskType::agent);
  EXPECT_GT(scores_of(with_tools.request).probability[agent], scores_of(words.request).probability[agent]);

  Conversation in_progress;
  in_progress.user("What is the weather in Rome?").assistant("").tool("{\"temperature\": 21}");
  in_progress.request.messages[1].tool_calls = 1;
  in_progress.request.tools = 1;
  EXPECT_EQ(scores_of(in_progress.request).best, TaskType::agent);
}

TEST(BuiltInClassifier, ToleratesToolsThatAreOfferedForEveryRequest) {
  Conversation thanks = user("Thank you so much!");
  thanks.request.tools = 3;
  EXPECT_EQ(name(scores_of(thanks.request).best), "chat");

  Conversation summary =
      user("Summarize this text in three sentences: The council voted on Tuesday to extend the tram line.");
  summary.request.tools = 3;
  EXPECT_EQ(name(scores_of(summary.request).best), "summarize");
}

TEST(BuiltInClassifier, SurvivesDegenerateRequests) {
  EXPECT_NO_FATAL_FAILURE(scores_of(chat::Request{}));
  Conversation only_tools;
  only_tools.tool("{}");
  EXPECT_EQ(scores_of(only_tools.request).best, TaskType::agent);
  Conversation only_image = user("");
  only_image.request.messages[0].images = 1;
  EXPECT_GT(scores_of(only_image.request).confidence, 0.0F);
  for (const char byte : {'a', '\x80', '\n', '"', '`', '?'}) {
    const Conversation conversation = user(std::string(1U << 20U, byte));
    EXPECT_GT(scores_of(conversation.request).confidence, 0.0F);
  }
}

TEST(CueTable, FitsItsEvidence) {
  const CueTable table;
  EXPECT_LE(table.cues().size(), most_cues);
  std::size_t expected = 0;
  for (const SignalCue& cue : signal_cues()) EXPECT_EQ(static_cast<std::size_t>(cue.signal), expected++);
  EXPECT_EQ(expected, signal_count);
  for (const Cue& cue : table.cues()) EXPECT_FALSE(cue.phrases.empty());
}

TEST(TaskTypes, AreFoundByName) {
  for (std::size_t i = 0; i < task_type_count; ++i) {
    EXPECT_EQ(find_task_type(task_type_names[i]), static_cast<TaskType>(i));
  }
  EXPECT_FALSE(find_task_type("poetry"));
  EXPECT_FALSE(find_task_type(""));
}

}  // namespace
}  // namespace triaged::routing
