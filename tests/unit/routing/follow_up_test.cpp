#include "routing/follow_up.hpp"

#include "triaged/routing/complexity.hpp"
#include "triaged/routing/task_model.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::routing {
namespace {

using test::Conversation;

constexpr const char* earlier = "Write a Python function that merges two sorted lists.";

Conversation after(const char* first, const char* answer, const char* last) {
  Conversation conversation;
  conversation.user(first).assistant(answer).user(last);
  return conversation;
}

class LeaningTurn : public testing::TestWithParam<const char*> {};

TEST_P(LeaningTurn, TakesTheTaskOfTheEarlierTurn) {
  const Conversation conversation = after(earlier, "Here it is.", GetParam());
  const Features features = extract_features(conversation.request);
  EXPECT_TRUE(features.is_follow_up);
  EXPECT_EQ(features.task_text, earlier);
}

INSTANTIATE_TEST_SUITE_P(Turns, LeaningTurn,
                         testing::Values("yes, do it", "Continue", "and in French?", "ok", "why?", "Go on please",
                                         "make it shorter", "what about negative numbers?", "no, the other one",
                                         "can you explain it?", "ja, mach das", "weiter", "oui, vas-y", "continue",
                                         "sí, adelante", "继续", "好的", "हाँ, कर दो", "?", "..."));

class OwnTurn : public testing::TestWithParam<const char*> {};

TEST_P(OwnTurn, StandsForItself) {
  const Conversation conversation = after(earlier, "Here it is.", GetParam());
  const Features features = extract_features(conversation.request);
  EXPECT_FALSE(features.is_follow_up);
  EXPECT_EQ(features.task_text, GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Turns, OwnTurn,
    testing::Values(
        "Thanks a lot!", "Goodbye", "What is the capital of Peru?", "Now translate that into German",
        "ok, summarize it", "Vielen Dank", "谢谢你", "धन्यवाद",
        "And here is a much longer message that starts with a small word but then goes on to describe in full "
        "what should be done, namely to plan a journey through the north of Italy in late autumn by train."));

TEST(FollowUp, NeedsAnEarlierTurn) {
  const Conversation conversation = test::user("yes, do it");
  const Features features = extract_features(conversation.request);
  EXPECT_FALSE(features.is_follow_up);
  EXPECT_EQ(features.task_text, "yes, do it");
}

TEST(FollowUp, LooksThroughAChainOfFollowUps) {
  Conversation conversation;
  conversation.user(earlier)
      .assistant("...")
      .user("and for strings?")
      .assistant("...")
      .user("yes")
      .assistant("...")
      .user("more");
  EXPECT_EQ(extract_features(conversation.request).task_text, earlier);
}

TEST(FollowUp, StopsLookingInAVeryLongChain) {
  Conversation conversation;
  conversation.user(earlier);
  for (int i = 0; i < 1000; ++i) conversation.assistant("...").user("continue");
  const Features features = extract_features(conversation.request);
  EXPECT_TRUE(features.is_follow_up);
  EXPECT_EQ(features.task_text, "continue");
}

TEST(FollowUp, WithItsOwnImageStandsForItself) {
  Conversation conversation = after(earlier, "Done.", "and this?");
  conversation.request.messages.back().images = 1;
  EXPECT_FALSE(extract_features(conversation.request).is_follow_up);
}

TEST(FollowUp, KeepsTaskAndComplexity) {
  const Conversation alone = test::user(earlier);
  const Conversation later = after(earlier, "Sure.", "yes, do it");
  const Features first = extract_features(alone.request);
  const Features second = extract_features(later.request);

  EXPECT_EQ(classify(later.request, second, test::built_in_classifier()).best, TaskType::code);
  EXPECT_GE(score_complexity(second, TaskType::code).value, score_complexity(first, TaskType::code).value);
}

TEST(AcceptedOffer, IsWhatTheAssistantProposed) {
  const Conversation conversation =
      after("How are you?", "Fine! Would you like me to write a Python script that sorts your files?", "yes please");
  EXPECT_EQ(find_accepted_offer(conversation.request),
            "Would you like me to write a Python script that sorts your files?");

  const Features features = extract_features(conversation.request);
  EXPECT_EQ(classify(conversation.request, features, test::built_in_classifier()).best, TaskType::code);
}

TEST(AcceptedOffer, IsNothingWithoutContentOrConsent) {
  EXPECT_EQ(find_accepted_offer(after(earlier, "Shall I continue?", "yes").request), "");
  EXPECT_EQ(find_accepted_offer(after(earlier, "Shall I add unit tests for the edge cases?", "what for?").request), "");
  EXPECT_EQ(find_accepted_offer(after(earlier, "Here it is.", "yes").request), "");
  EXPECT_EQ(find_accepted_offer(test::user("yes").request), "");
  EXPECT_EQ(find_accepted_offer(chat::Request{}), "");
}

}  // namespace
}  // namespace triaged::routing
