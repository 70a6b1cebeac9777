#include "app/reload_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace triaged::app {
namespace {

using namespace std::chrono_literals;

struct Answers {
  server::ReloadDone count() {
    return [this](const Result<std::string>& outcome) {
      ++(outcome ? reloaded : refused);
      if (!outcome) status = outcome.error().status;
    };
  }
  std::atomic<int> reloaded{0};
  std::atomic<int> refused{0};
  std::atomic<int> status{0};
};

// Whoever asked waits for the answer, and the daemon for whoever waits.
TEST(ReloadThread, AnswersEveryoneWhoAskedWhenItStops) {
  std::promise<void> begun;
  std::promise<void> go_on;
  Answers answers;
  ReloadThread reloads([&]() -> Result<Reloaded> {
    begun.set_value();
    go_on.get_future().wait();
    return Reloaded();
  });
  reloads.ask(answers.count());
  begun.get_future().wait();
  int asked = 1;
  for (; asked < 4; ++asked) reloads.ask(answers.count());

  std::thread stopping([&reloads] { reloads.stop(); });
  // The reload that runs holds back all others: the first answer is of an ask() that found it stopping.
  const auto limit = std::chrono::steady_clock::now() + 5s;
  while (answers.refused == 0 && std::chrono::steady_clock::now() < limit) {
    reloads.ask(answers.count());
    ++asked;
    std::this_thread::yield();
  }
  go_on.set_value();
  stopping.join();

  EXPECT_EQ(answers.reloaded, 1);
  EXPECT_EQ(answers.reloaded + answers.refused, asked);
  EXPECT_EQ(answers.status, 503);
}

}  // namespace
}  // namespace triaged::app
