#include "net/unsent.hpp"

#include <boost/asio/buffers_iterator.hpp>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace triaged::net {
namespace {

namespace asio = boost::asio;

std::string text(asio::const_buffer buffer) { return {static_cast<const char*>(buffer.data()), buffer.size()}; }

std::vector<asio::const_buffer> buffers_of(const std::vector<std::string>& parts) {
  std::vector<asio::const_buffer> buffers;
  for (const std::string& part : parts) buffers.push_back(asio::buffer(part));
  return buffers;
}

TEST(Unsent, IsEmptyWithoutBytes) {
  const std::vector<std::string> parts = {"", "", ""};
  const auto buffers = buffers_of(parts);

  EXPECT_TRUE(Unsent({}).empty());
  EXPECT_TRUE(Unsent(buffers).empty());
}

TEST(Unsent, GivesTheSameBytesWhateverStepsAreTaken) {
  const std::vector<std::string> parts = {"", "abc", "d", "", "efghij", ""};
  const auto buffers = buffers_of(parts);
  for (std::size_t step = 1; step <= 10; ++step) {
    for (const bool in_pieces : {false, true}) {
      Unsent unsent(buffers);
      std::string got;
      std::array<char, 5> scratch;
      while (!unsent.empty()) {
        std::string next;
        Unsent::Parts storage;
        if (in_pieces) {
          next = text(unsent.next_piece(scratch));
        } else {
          for (const asio::const_buffer& part : unsent.next(storage)) next += text(part);
        }
        ASSERT_FALSE(next.empty());
        next.resize(std::min(step, next.size()));
        got += next;
        unsent.consume(next.size());
      }
      EXPECT_EQ(got, "abcdefghij") << step << in_pieces;
      EXPECT_EQ(unsent.sent(), 10U);
    }
  }
}

TEST(Unsent, OffersAtMostSixteenBuffersAtOnce) {
  const std::vector<std::string> parts(20, "x");
  const auto buffers = buffers_of(parts);
  Unsent unsent(buffers);
  Unsent::Parts storage;

  EXPECT_EQ(unsent.next(storage).size(), 16U);
  unsent.consume(16);
  EXPECT_EQ(unsent.next(storage).size(), 4U);
}

TEST(Unsent, CopiesSmallBuffersTogetherAndLeavesLargeOnesInPlace) {
  const std::vector<std::string> parts = {"12\r\n", "data", std::string(5000, 'x'), "\r\n"};
  const auto buffers = buffers_of(parts);
  Unsent unsent(buffers);
  std::array<char, 4096> scratch;

  const asio::const_buffer first = unsent.next_piece(scratch);
  EXPECT_EQ(first.data(), scratch.data());
  EXPECT_EQ(first.size(), scratch.size());
  EXPECT_EQ(text(first).substr(0, 9), "12\r\ndatax");

  unsent.consume(8);
  EXPECT_EQ(unsent.next_piece(scratch).data(), parts[2].data());
  unsent.consume(5000);
  EXPECT_EQ(unsent.next_piece(scratch).data(), parts[3].data());
}

}  // namespace
}  // namespace triaged::net
