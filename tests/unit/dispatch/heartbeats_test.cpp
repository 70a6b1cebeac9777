#include "dispatch/heartbeats.hpp"

#include "unit/net/loop.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

using namespace std::chrono_literals;

// A comment takes as long as the test wants.
class SlowReply final : public Reply {
 public:
  explicit SlowReply(net::Executor executor) : sent_(executor, TimePoint::max()) {}
  void finish_comment() { sent_.cancel(); }

  net::Task<Result<void>> comment() override {
    co_await sent_.async_wait(net::as_result);
    co_return Result<void>();
  }
  void event(const chat::Event&) override {}
  void begin_stream(const AnswerInfo&) override {}
  void continue_stream(const AnswerInfo&) override {}
  net::Task<Result<void>> flush() override { co_return Result<void>(); }
  net::Task<Result<void>> end_stream(const AnswerInfo&) override { co_return Result<void>(); }
  net::Task<Result<void>> break_stream(const Error&) override { co_return Result<void>(); }
  net::Task<Result<void>> answer(const AnswerInfo&, std::string_view) override { co_return Result<void>(); }
  net::Task<Result<void>> fail(const AnswerInfo&, const Error&, std::optional<Duration>,
                               const UpstreamAnswer*) override {
    co_return Result<void>();
  }
  bool client_gone() const override { return false; }
  void on_client_gone(std::function<void()>) override {}

 private:
  net::test::SteadyTimer sent_;
};

TEST(Heartbeats, OfSeveralStreamsAreWaitedForAtRest) {
  net::test::Loop loop;
  Heartbeats heartbeats(loop.executor(), system_clock(), 4ms);
  SlowReply first_reply(loop.executor());
  SlowReply second_reply(loop.executor());
  Heartbeat first(heartbeats);
  Heartbeat second(heartbeats);
  first.start(first_reply, TimePoint());  // quiet for ages
  second.start(second_reply, TimePoint());
  loop.context.restart();
  while (!first.writing() || !second.writing()) loop.context.run_one();

  loop.spawn(first.quiet());
  loop.spawn(second.quiet());
  int steps = 0;
  while (steps < 1000 && loop.context.poll_one() > 0) ++steps;

  EXPECT_LT(steps, 1000) << "who waits keeps the thread busy";
  first_reply.finish_comment();
  second_reply.finish_comment();
  loop.drain();
  EXPECT_FALSE(first.writing() || second.writing());
  first.stop();
  second.stop();
  loop.run(heartbeats.stopped());
}

}  // namespace
}  // namespace triaged::dispatch
