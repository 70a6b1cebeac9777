#include "triaged/net/runtime.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <vector>

namespace triaged::net {
namespace {

TEST(Runtime, RunsEachWorkerOnAThreadOfItsOwn) {
  Runtime runtime(3);
  runtime.start();
  std::vector<std::thread::id> ids;
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    EXPECT_EQ(runtime.worker(i).index(), i);
    std::promise<std::thread::id> id;
    asio::post(runtime.worker(i).executor(), [&id] { id.set_value(std::this_thread::get_id()); });
    ids.push_back(id.get_future().get());
  }
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_NE(ids[1], ids[2]);
  EXPECT_NE(ids[0], ids[2]);
}

TEST(Runtime, HasAWorkerEvenWhenNoneWasAskedFor) { EXPECT_EQ(Runtime(0).size(), 1U); }

TEST(Runtime, SurvivesExceptions) {
  Runtime runtime(1);
  runtime.start();
  std::promise<void> reached;
  asio::post(runtime.worker(0).executor(), [] { throw std::runtime_error("as the test wants it"); });
  asio::post(runtime.worker(0).executor(), [] { throw 42; });
  asio::post(runtime.worker(0).executor(), [&reached] { reached.set_value(); });

  EXPECT_EQ(reached.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(Runtime, FinishesItsWorkAfterRelease) {
  Runtime runtime(2);
  std::atomic<int> done = 0;
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    asio::post(runtime.worker(i).executor(),
               [&runtime, &done, i] { asio::post(runtime.worker(i).executor(), [&done] { ++done; }); });
  }
  runtime.start();
  runtime.release();
  runtime.join();

  EXPECT_EQ(done, 2);
}

TEST(Runtime, StopsAlthoughThereIsWork) {
  Runtime runtime(2);
  runtime.start();
  runtime.stop();
  runtime.join();
  SUCCEED();
}

}  // namespace
}  // namespace triaged::net
