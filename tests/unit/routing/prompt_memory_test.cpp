#include "triaged/routing/prompt_memory.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::routing {
namespace {

TEST(PromptMemory, KeepsWhatWasUsedLast) {
  PromptMemory<int> memory(2);
  memory.remember("one", 1);
  memory.remember("two", 2);
  ASSERT_TRUE(memory.find("one"));

  memory.remember("three", 3);

  EXPECT_FALSE(memory.find("two"));
  ASSERT_TRUE(memory.find("one"));
  EXPECT_EQ(*memory.find("one"), 1);
  ASSERT_TRUE(memory.find("three"));
  EXPECT_EQ(*memory.find("three"), 3);
  EXPECT_EQ(memory.size(), 2U);
}

TEST(PromptMemory, ReplacesWhatItKnows) {
  PromptMemory<int> memory(2);
  memory.remember("one", 1);
  memory.remember("one", 9);
  EXPECT_EQ(memory.size(), 1U);
  EXPECT_EQ(*memory.find("one"), 9);
}

TEST(PromptMemory, NeverGrowsBeyondItsCapacity) {
  PromptMemory<int> none(0);
  none.remember("one", 1);
  EXPECT_FALSE(none.find("one"));
  PromptMemory<int> some(100);
  for (int i = 0; i < 10'000; ++i) some.remember(std::to_string(i % 777), 1);
  EXPECT_EQ(some.size(), 100U);
}

TEST(PromptMemory, TellsTextsApart) {
  PromptMemory<int> memory(10);
  memory.remember(R"({"request":"a"})", 1);
  EXPECT_FALSE(memory.find(R"({"request":"b"})"));
  EXPECT_FALSE(memory.find(R"({"request":"a","tools_offered":1})"));
  EXPECT_FALSE(memory.find(""));
}

}  // namespace
}  // namespace triaged::routing
