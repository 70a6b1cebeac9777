#include "triaged/ledger/output_lengths.hpp"

#include <gtest/gtest.h>

namespace triaged::ledger {
namespace {

TEST(OutputLengths, CountModelsAsEquallyLongUntilBothWereSeenInTheSameCell) {
  OutputLengths lengths(2, 3);
  for (int i = 0; i < 1000; ++i) lengths.observe(1, 0, 0.9, 4000);
  for (int i = 0; i < 1000; ++i) lengths.observe(0, 0, 0.1, 100);

  EXPECT_EQ(lengths.expected(1, 0, 0, 0.1, 200), 200);  // the wordy answers were to harder questions
  EXPECT_EQ(lengths.expected(1, 0, 2, 0.1, 200), 200);
}

TEST(OutputLengths, FollowTheMeasuredRatioOnceThereIsEnoughOfIt) {
  OutputLengths lengths(2, 1);
  for (int i = 0; i < 5000; ++i) {
    lengths.observe(0, 0, 0.1, 100);
    lengths.observe(1, 0, 0.1, 300);
  }

  EXPECT_NEAR(static_cast<double>(lengths.expected(1, 0, 0, 0.1, 100)), 298, 2);
  EXPECT_NEAR(static_cast<double>(lengths.expected(0, 1, 0, 0.1, 300)), 102, 3);
  EXPECT_EQ(lengths.expected(1, 1, 0, 0.1, 123), 123);
}

TEST(OutputLengths, ShrinkAFewObservationsTowardsTheNeutralAssumption) {
  OutputLengths lengths(2, 1);
  for (int i = 0; i < 5; ++i) {
    lengths.observe(0, 0, 0.1, 100);
    lengths.observe(1, 0, 0.1, 1000);
  }

  EXPECT_LT(lengths.expected(1, 0, 0, 0.1, 100), 200);
  EXPECT_GT(lengths.expected(1, 0, 0, 0.1, 100), 100);
}

TEST(OutputLengths, KeepTheRatioWithinBoundsAndSurviveOddValues) {
  OutputLengths lengths(2, 1);
  for (int i = 0; i < 100'000; ++i) {
    lengths.observe(0, 0, 7.0, 1);
    lengths.observe(1, 0, 7.0, 1'000'000);
  }
  lengths.observe(0, 0, 1.0, -5);

  EXPECT_EQ(lengths.expected(1, 0, 0, 1.0, 100), 800);
  EXPECT_EQ(lengths.expected(1, 0, 0, -3.0, 100), 100);
}

}  // namespace
}  // namespace triaged::ledger
