#include "triaged/net/descriptor_memory.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace triaged::net {
namespace {

using Local = asio::local::stream_protocol;
using LocalSocket = asio::basic_stream_socket<Local, Executor>;

struct Pair {
  explicit Pair(asio::io_context& context) : one(context.get_executor()), other(context.get_executor()) {
    asio::local::connect_pair(one, other);
  }
  LocalSocket one;
  LocalSocket other;
};

std::vector<std::unique_ptr<Pair>> pairs(asio::io_context& context, std::size_t count) {
  std::vector<std::unique_ptr<Pair>> made;
  while (made.size() < count) made.push_back(std::make_unique<Pair>(context));
  return made;
}

TEST(DescriptorMemory, FreesWhatIsLeftOfClosedDescriptorsOnce) {
  asio::io_context context(1);
  const Pair open(context);
  free_closed_descriptors(context);
  pairs(context, 50);

  EXPECT_EQ(free_closed_descriptors(context), 100U);
  context.run();
  EXPECT_EQ(free_closed_descriptors(context), 0U);
}

// All of them are readable in the same turn of the loop, and the first handler closes them: the others' events are
// queued already.
TEST(DescriptorMemory, WaitsForEventsOfClosedDescriptorsThatAreQueued) {
  asio::io_context context(1);
  auto open = pairs(context, 60);
  std::size_t told = 0;
  std::size_t freed = 0;
  for (const auto& each : open) {
    each->one.async_wait(LocalSocket::wait_read, [&](net::error_code) {
      ++told;
      if (open.empty()) return;
      open.clear();
      freed += free_closed_descriptors(context);
    });
    ASSERT_EQ(each->other.write_some(asio::buffer("x", 1)), 1U);
  }

  context.run();

  EXPECT_EQ(told, 60U);
  EXPECT_GT(freed, 0U);
}

TEST(DescriptorMemory, LeavesTheLoopAsItWas) {
  asio::io_context context(1);
  pairs(context, 5);
  free_closed_descriptors(context);
  Pair later(context);
  char received = 0;
  later.one.async_read_some(asio::buffer(&received, 1), [](net::error_code, std::size_t) {});
  ASSERT_EQ(later.other.write_some(asio::buffer("y", 1)), 1U);

  context.run();

  EXPECT_EQ(received, 'y');
}

TEST(DescriptorMemory, IsFreedWithALoopThatNeverRuns) {
  asio::io_context context(1);
  pairs(context, 5);

  EXPECT_EQ(free_closed_descriptors(context), 10U);
}

}  // namespace
}  // namespace triaged::net
