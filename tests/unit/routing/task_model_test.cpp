#include "triaged/routing/task_model.hpp"

#include "triaged/base/embedded.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;

std::string message_of(std::string_view bytes) {
  const auto model = TaskModel::decode(bytes, "x.model");
  return model ? "" : model.error().detail;
}

TaskWeights some_weights() {
  TaskWeights weights;
  weights.text.assign(bucket_count * task_type_count, 0);
  weights.dense.assign(dense_feature_count() * task_type_count, 0);
  return weights;
}

TEST(TaskModel, SaysWhatIsWrongWithAFile) {
  const std::string good(embedded_task_model());
  EXPECT_EQ(message_of(good), "");
  EXPECT_EQ(message_of(""), "x.model is not a task model of triaged");
  EXPECT_EQ(message_of("PK\x03\x04"), "x.model is not a task model of triaged");
  EXPECT_EQ(message_of(good.substr(0, 21)), "x.model is cut short");
  EXPECT_EQ(message_of(good.substr(0, good.size() / 2)), "x.model is damaged: its checksum does not match");
  EXPECT_EQ(message_of(good + "x"), "x.model is damaged: its checksum does not match");
  for (const std::size_t at : {std::size_t{25}, good.size() / 3, good.size() - 1}) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_EQ(message_of(damaged), "x.model is damaged: its checksum does not match") << at;
  }
}

TEST(TaskModel, RefusesOtherVersionsAndNumbersThatAreNone) {
  TaskWeights weights = some_weights();
  weights.dense.resize(weights.dense.size() - task_type_count);
  EXPECT_NE(
      message_of(encode_task_model(weights)).find("was made for another version of triaged: its number of cues is"),
      std::string::npos);

  weights = some_weights();
  weights.temperature = 0;
  EXPECT_EQ(message_of(encode_task_model(weights)), "x.model has a temperature that is not positive");
  weights = some_weights();
  weights.dense[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of(encode_task_model(weights)), "x.model has a weight that is no number");
  weights = some_weights();
  weights.text.pop_back();
  EXPECT_EQ(message_of(encode_task_model(weights)), "x.model is cut short");
  weights = some_weights();
  weights.text.push_back(0);
  EXPECT_EQ(message_of(encode_task_model(weights)), "x.model has bytes behind its end");
}

TEST(TaskModel, ScoresAsItsWeightsSayUpToRounding) {
  const Conversation conversation = user("Summarize the minutes of the meeting");
  TaskFeatures features;
  extract_task_features(conversation.request, extract_features(conversation.request), features);
  TaskWeights weights = some_weights();
  constexpr auto math = static_cast<std::size_t>(TaskType::math);
  double expected = 0;
  const auto words = features.group(TextGroup::instruction_words);
  ASSERT_GE(words.size(), 6U);
  for (const std::uint16_t bucket : words) weights.text[bucket * task_type_count + math] = 2.0F;
  for (std::size_t g = 0; g < text_group_count; ++g) {
    const auto group = static_cast<TextGroup>(g);
    for (const std::uint16_t bucket : features.group(group)) {
      expected += static_cast<double>(weights.text[bucket * task_type_count + math] * features.scale(group));
    }
  }
  weights.temperature = 2;

  const auto model = TaskModel::decode(encode_task_model(weights), "x.model");

  ASSERT_TRUE(model);
  const TaskScores scores = (*model)->score(features);
  const double logit = std::exp(expected / 2);
  EXPECT_EQ(scores.best, TaskType::math);
  EXPECT_NEAR(static_cast<double>(scores.confidence), logit / (logit + task_type_count - 1), 0.01);
}

TEST(TaskModel, IsNamedByItsContent) {
  TaskWeights weights = some_weights();
  const auto one = TaskModel::decode(encode_task_model(weights), "x");
  weights.dense[0] = 1;
  const auto two = TaskModel::decode(encode_task_model(weights), "x");
  const auto same = TaskModel::decode(encode_task_model(weights), "y");
  EXPECT_NE((*one)->version(), (*two)->version());
  EXPECT_EQ((*two)->version(), (*same)->version());
  EXPECT_EQ((*one)->version().substr(0, 6), "tasks-");
}

TEST(TaskFeatures, AreBoundedWhateverTheText) {
  for (const std::string& unit : {std::string("a"), std::string("word "), std::string("Frage? "),
                                  std::string("\xE4\xB8\xAD"), std::string("\xFF"), std::string("x\n\n")}) {
    std::string text;
    while (text.size() < (1U << 20U)) text += unit;
    const Conversation conversation = user(text);
    TaskFeatures features;
    extract_task_features(conversation.request, extract_features(conversation.request), features);
    std::size_t total = 0;
    for (std::size_t g = 0; g < text_group_count; ++g) total += features.group(static_cast<TextGroup>(g)).size();
    EXPECT_GT(total, 0U);
    EXPECT_LE(total, 4096U);
  }
}

TEST(TaskFeatures, SeeTheTurnsBeforeInGroupsOfTheirOwn) {
  Conversation conversation;
  conversation.user("Summarise this report").assistant("Shall I also translate it?").user("yes please");
  TaskFeatures features;
  extract_task_features(conversation.request, extract_features(conversation.request), features);
  EXPECT_EQ(features.group(TextGroup::last_turn_words).size(), 3U);  // two words and one pair
  EXPECT_EQ(features.group(TextGroup::earlier_words).size(), 5U);
  EXPECT_EQ(features.group(TextGroup::offer_words).size(), 9U);

  const Conversation alone = user("Summarise this report");
  extract_task_features(alone.request, extract_features(alone.request), features);
  EXPECT_EQ(features.group(TextGroup::last_turn_words).size(), 0U);
  EXPECT_EQ(features.scale(TextGroup::last_turn_words), 0.0F);
}

TEST(TaskFeatures, LetAShortTurnInheritWhatTheTurnBeforeAskedFor) {
  const auto extract = [](const std::string& last, TaskFeatures& features) {
    Conversation conversation;
    conversation.user("Summarise this report").assistant("It says that sales fell.").user(last);
    const Features found = extract_features(conversation.request);
    EXPECT_FALSE(found.is_follow_up) << last;
    extract_task_features(conversation.request, found, features);
  };
  const Conversation asked = user("Summarise this report");
  TaskFeatures alone;
  extract_task_features(asked.request, extract_features(asked.request), alone);
  TaskFeatures features;

  extract("even in winter?", features);
  const auto inherited = features.group(TextGroup::earlier_words);
  for (const std::uint16_t bucket : alone.group(TextGroup::instruction_words)) {
    EXPECT_EQ(std::count(inherited.begin(), inherited.end(), bucket), 1) << "the weights of instructions are shared";
  }
  const float share = features.scale(TextGroup::earlier_words) * std::sqrt(static_cast<float>(inherited.size()));
  EXPECT_NEAR(share, 8.0F / 11.0F, 1e-5F);

  extract("Prove that a group of prime order is cyclic and name a group of order four that is not", features);
  EXPECT_LT(features.scale(TextGroup::earlier_words) *
                std::sqrt(static_cast<float>(features.group(TextGroup::earlier_words).size())),
            0.5F * share)
      << "a turn with its own task owes little to the one before";
}

}  // namespace
}  // namespace triaged::routing
