#include "triaged/routing/conversations.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;

constexpr Duration memory = std::chrono::minutes(5);

TEST(ConversationKeys, OfTheNextTurnNameTheTurnBefore) {
  Conversation first = user("How do I sort a list in Python?");
  const ConversationKeys before = conversation_keys(first.request, "");
  EXPECT_FALSE(before.earlier);

  Conversation second = first;
  second.assistant("With sorted().").user("And backwards?");
  const ConversationKeys after = conversation_keys(second.request, "");
  EXPECT_EQ(after.earlier, before.now);
  EXPECT_NE(after.now, before.now);

  Conversation third = second;
  third.assistant("reverse=True").tool("a tool's result").user("Thanks");
  EXPECT_EQ(conversation_keys(third.request, "").earlier, after.now);
}

TEST(ConversationKeys, DifferWhereTheHistoryWasChanged) {
  const ConversationKeys before = conversation_keys(user(std::string(5000, 'a') + "x").request, "");
  Conversation changed = user(std::string(5000, 'a') + "y");
  changed.assistant("Yes.").user("Go on");
  EXPECT_NE(conversation_keys(changed.request, "").earlier, before.now);
}

TEST(ConversationKeys, KeepClientsApart) {
  const Conversation said = user("Hello");
  EXPECT_NE(conversation_keys(said.request, "key-1").now, conversation_keys(said.request, "key-2").now);
}

TEST(ConversationKeys, AreTheSessionsWhereThereIsOne) {
  Conversation one = user("Hello");
  one.request.session = "s-17";
  Conversation other = user("Something else");
  other.request.session = "s-17";
  const ConversationKeys first = conversation_keys(one.request, "");
  EXPECT_EQ(first.earlier, first.now);
  EXPECT_EQ(conversation_keys(other.request, "").now, first.now);
  other.request.session = "s-18";
  EXPECT_NE(conversation_keys(other.request, "").now, first.now);
}

TEST(Conversations, KnowATargetUntilItsCacheIsCold) {
  Conversations conversations(memory);
  const TimePoint now{std::chrono::hours(1)};
  EXPECT_FALSE(conversations.find(7, now));
  conversations.remember(7, {3, 2000}, now);
  const auto warm = conversations.find(7, now + memory - Duration(1));
  ASSERT_TRUE(warm);
  EXPECT_EQ(warm->target, 3U);
  EXPECT_EQ(warm->tokens, 2000);
  EXPECT_FALSE(conversations.find(7, now + memory));
}

TEST(Conversations, ForgetNothingThatIsTooShortToBeCachedBecauseTheyNeverKnewIt) {
  Conversations conversations(memory);
  const TimePoint now{std::chrono::hours(1)};
  conversations.remember(7, {3, Conversations::least_tokens - 1}, now);
  EXPECT_FALSE(conversations.find(7, now));
}

TEST(Conversations, KeepTheLatestWhereManyShareAPlace) {
  Conversations conversations(memory);
  const TimePoint start{std::chrono::hours(1)};
  constexpr std::uint64_t same_place = 16 * 1024;  // keys that differ by it share one
  for (std::uint64_t i = 0; i < 10; ++i) {
    conversations.remember(5 + i * same_place, {i, 4000}, start + std::chrono::seconds(i));
  }
  const TimePoint now = start + std::chrono::seconds(10);
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(conversations.find(5 + i * same_place, now).has_value(), i >= 6) << i;
  }
}

TEST(Conversations, AreReadAndWrittenByManyThreads) {
  Conversations conversations(memory);
  const TimePoint now{std::chrono::hours(1)};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&conversations, now, t] {
      for (std::uint64_t i = 0; i < 2000; ++i) {
        conversations.remember(i, {t, 4000}, now);
        const auto warm = conversations.find(i, now);
        ASSERT_TRUE(warm);
        ASSERT_LT(warm->target, 4U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

chat::Usage usage(std::int64_t input, std::int64_t cached, std::int64_t written = 0) {
  chat::Usage result;
  result.input = input;
  result.cached_input = cached;
  result.cache_write_5m = written;
  result.output = 100;
  result.certainty = chat::Certainty::exact;
  return result;
}

TEST(WarmAfter, IsTheTargetThatAnsweredWithAllThatItReadAndSaid) {
  const WarmTarget first = warm_after(std::nullopt, 2, usage(2000, 0));
  EXPECT_EQ(first.target, 2U);
  EXPECT_EQ(first.tokens, 2100);
  EXPECT_FALSE(first.cold) << "nothing could have come from its cache";
  EXPECT_FALSE(warm_after(first, 2, usage(100, 2000)).cold);
  EXPECT_FALSE(warm_after(first, 2, usage(100, 0, 2000)).cold) << "what it wrote is there for the next turn";
  EXPECT_FALSE(warm_after(first, 1, usage(2100, 0)).cold) << "another target had never read it";
}

TEST(WarmAfter, IsColdWhereTheTargetSaysThatItReadNothingFromItsCache) {
  const WarmTarget first = warm_after(std::nullopt, 2, usage(2000, 0));
  const WarmTarget second = warm_after(first, 2, usage(2200, 0));
  EXPECT_TRUE(second.cold);
  EXPECT_TRUE(warm_after(second, 2, usage(2400, 0)).cold) << "as long as it says so";
  EXPECT_FALSE(warm_after(second, 2, usage(200, 2200)).cold);
  chat::Usage estimated = usage(2200, 0);
  estimated.certainty = chat::Certainty::estimated;
  EXPECT_FALSE(warm_after(first, 2, estimated).cold) << "it said nothing";
}

}  // namespace
}  // namespace triaged::routing
