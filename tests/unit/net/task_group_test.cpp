#include "triaged/net/task_group.hpp"

#include "unit/net/loop.hpp"

#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <stdexcept>

namespace triaged::net::test {
namespace {

struct Counts {
  int finished = 0;
  int cleaned_up = 0;
};

Task<void> finish_at_once(Counts& counts) {
  ++counts.finished;
  co_return;
}

// Opted in to `total`: cleans up, which needs an await, and ends.
Task<void> polite(Counts& counts) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  const Executor executor = co_await asio::this_coro::executor;
  SteadyTimer timer(executor, 1h);
  co_await timer.async_wait(as_result);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await pause(1ms);
  ++counts.cleaned_up;
}

Task<void> stubborn(Counts& counts) {
  co_await pause(1h);
  co_await pause(1h);
  ++counts.finished;
}

Task<void> fail() {
  co_await pause(0ms);
  throw std::runtime_error("as the test wants it");
}

TEST(TaskGroup, WaitsUntilEveryTaskHasEnded) {
  Loop loop;
  TaskGroup group(loop.executor());
  Counts counts;
  for (int i = 0; i < 20; ++i) group.spawn("quick", finish_at_once(counts));
  EXPECT_EQ(group.size(), 20U);

  loop.run(group.wait());

  EXPECT_EQ(counts.finished, 20);
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, WaitReturnsAtOnceWhenThereIsNone) {
  Loop loop;
  TaskGroup group(loop.executor());

  loop.run(group.wait());

  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, TotalCancelEndsOnlyTasksThatOptedInAndTerminalTheRest) {
  Loop loop;
  TaskGroup group(loop.executor());
  Counts counts;
  for (int i = 0; i < 40; ++i) {
    group.spawn("polite", polite(counts));
    group.spawn("stubborn", stubborn(counts));
  }
  loop.settle();

  group.cancel(asio::cancellation_type::total);
  loop.settle();
  EXPECT_EQ(counts.cleaned_up, 40);
  EXPECT_EQ(group.size(), 40U);

  group.cancel(asio::cancellation_type::terminal);
  loop.run(group.wait());
  EXPECT_EQ(group.size(), 0U);
  EXPECT_EQ(counts.finished, 0);
}

TEST(TaskGroup, AnExceptionEndsOnlyItsOwnTask) {
  Loop loop;
  TaskGroup group(loop.executor());
  Counts counts;
  group.spawn("failing", fail());
  group.spawn("polite", polite(counts));
  loop.settle();
  EXPECT_EQ(group.size(), 1U);

  group.cancel(asio::cancellation_type::total);
  loop.run(group.wait());

  EXPECT_EQ(counts.cleaned_up, 1);
}

TEST(TaskGroup, TasksMayStartOthers) {
  Loop loop;
  TaskGroup group(loop.executor());
  Counts counts;
  auto parent = [&]() -> Task<void> {
    group.spawn("child", finish_at_once(counts));
    co_return;
  };
  group.spawn("parent", parent());

  loop.run(group.wait());

  EXPECT_EQ(counts.finished, 1);
}

TEST(TaskGroup, SeveralMayWait) {
  Loop loop;
  TaskGroup group(loop.executor());
  Counts counts;
  group.spawn("stubborn", stubborn(counts));
  loop.spawn(group.wait());
  loop.spawn(group.wait());
  loop.settle();

  group.cancel(asio::cancellation_type::terminal);
  loop.drain();

  EXPECT_EQ(group.size(), 0U);
}

}  // namespace
}  // namespace triaged::net::test
