#include "dispatch/attempt_row.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

chat::Usage usage(std::int64_t input, std::int64_t output, chat::Certainty certainty) {
  chat::Usage usage;
  usage.input = input;
  usage.output = output;
  usage.certainty = certainty;
  return usage;
}

TEST(UsageOf, IsWhatTheProviderTold) {
  const chat::Usage told = usage(100, 1, chat::Certainty::exact);
  EXPECT_EQ(usage_of(told, nullptr, 5, 4000), told);
}

// Some providers tell at the beginning of a stream what its input costs, and its output at the end only.
TEST(UsageOf, CountsWhatCameOfAStreamThatBrokeBeforeItsOutputWasTold) {
  const chat::Usage told = usage(100, 1, chat::Certainty::estimated);
  EXPECT_EQ(usage_of(told, nullptr, 5, 4000), usage(100, 1000, chat::Certainty::estimated));
  EXPECT_EQ(usage_of(told, nullptr, 5, 0), told);
}

TEST(UsageOf, IsEstimatedWhereNothingWasTold) {
  EXPECT_EQ(usage_of(std::nullopt, nullptr, 5, 8), usage(5, 2, chat::Certainty::estimated));
}

}  // namespace
}  // namespace triaged::dispatch
