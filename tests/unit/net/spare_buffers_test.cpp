#include "triaged/net/spare_buffers.hpp"

#include <gtest/gtest.h>

namespace triaged::net {
namespace {

TEST(SpareBuffers, GiveWhatWasGivenBack) {
  SpareBuffers spare(4096, 2);
  std::string buffer = spare.take();
  ASSERT_EQ(buffer.size(), 4096U);
  const char* const memory = buffer.data();

  spare.give(buffer);

  EXPECT_TRUE(buffer.empty());
  EXPECT_LT(buffer.capacity(), 4096U) << "whoever gave it back has its memory no more";
  EXPECT_EQ(spare.size(), 1U);
  EXPECT_EQ(spare.take().data(), memory);
  EXPECT_EQ(spare.size(), 0U);
}

TEST(SpareBuffers, KeepOnlySoManyAndOnlyOfTheirSize) {
  SpareBuffers spare(4096, 1);
  std::string first = spare.take();
  std::string second = spare.take();
  std::string grown = spare.take();
  grown.resize(8192);

  spare.give(grown);
  EXPECT_EQ(spare.size(), 0U);
  spare.give(first);
  spare.give(second);
  EXPECT_EQ(spare.size(), 1U);
}

}  // namespace
}  // namespace triaged::net
