#include "triaged/net/resolver.hpp"

#include "unit/net/fake_dns.hpp"
#include "unit/net/loop.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <optional>
#include <thread>

namespace triaged::net::test {
namespace {

struct Resolving : testing::Test {
  Loop loop;
  FakeDns dns;
  ManualClock clock;
  std::optional<Resolver> resolver{std::in_place, dns.look_up(), clock};
  Deadline deadline;
  std::function<void()> wake;

  static std::string text(const Resolver::Answer& answer) {
    if (answer.error) return "error: " + answer.error.message();
    std::string out;
    for (const auto& endpoint : *answer.endpoints) {
      if (!out.empty()) out += ' ';
      out += endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
    }
    return out;
  }
  Task<void> ask(std::string host, std::uint16_t port, std::string& out) {
    const Resolver::Answer answer = co_await resolver->resolve(host, port, deadline, wake);
    out = text(answer);
  }
  std::string resolve(const std::string& host, std::uint16_t port = 443) {
    std::string out;
    loop.run(ask(host, port, out));
    return out;
  }
  // Asks until the background refresh shows, which it does on another thread.
  void expect_soon(const std::string& host, const std::string& expected) {
    for (int i = 0; i < 5000 && resolve(host) != expected; ++i) std::this_thread::yield();
    EXPECT_EQ(resolve(host), expected);
  }
};

TEST_F(Resolving, TakesLiteralAddressesAsTheyAre) {
  EXPECT_EQ(resolve("127.0.0.1", 80), "127.0.0.1:80");
  EXPECT_EQ(resolve("::1", 81), "::1:81");
  EXPECT_EQ(resolve("[::1]", 82), "::1:82");
  EXPECT_EQ(dns.count(), 0);
}

TEST_F(Resolving, LooksANameUpOnceForAllPorts) {
  EXPECT_EQ(resolve("a.test", 443), "10.0.0.1:443");
  EXPECT_EQ(resolve("a.test", 8443), "10.0.0.1:8443");
  EXPECT_EQ(dns.count(), 1);
}

TEST_F(Resolving, LooksANameUpOnceForAllWhoAskAtTheSameTime) {
  dns.hold(true);
  std::vector<std::string> answers(10);
  for (std::string& answer : answers) loop.spawn(ask("a.test", 443, answer));
  loop.settle();
  dns.wait_for(1);
  dns.hold(false);

  loop.drain();

  for (const std::string& answer : answers) EXPECT_EQ(answer, "10.0.0.1:443");
  EXPECT_EQ(dns.count(), 1);
}

TEST_F(Resolving, ASlowNameDoesNotHoldUpOthers) {
  dns.hold(true);
  std::string first;
  std::string second;
  loop.spawn(ask("a.test", 1, first));
  loop.spawn(ask("b.test", 2, second));
  loop.settle();

  dns.wait_for(2);  // both are being looked up
  dns.hold(false);
  loop.drain();

  EXPECT_EQ(first, "10.0.0.1:1");
  EXPECT_EQ(second, "10.0.0.1:2");
}

TEST_F(Resolving, KeepsAnAnswerForThirtySecondsAtLeast) {
  resolve("a.test");
  dns.answer("10.0.0.2");

  clock.advance(29s);

  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");
  EXPECT_EQ(dns.count(), 1);
}

TEST_F(Resolving, ServesTheOldAnswerWhileTheNextIsLookedUp) {
  resolve("a.test");
  dns.answer("10.0.0.2");
  dns.hold(true);

  clock.advance(61s);
  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");
  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");
  dns.wait_for(2);
  EXPECT_EQ(dns.count(), 2);

  dns.hold(false);
  expect_soon("a.test", "10.0.0.2:443");
}

TEST_F(Resolving, KeepsTheLastGoodAnswerWhenARefreshFails) {
  resolve("a.test");
  dns.fail(asio::error::host_not_found);

  clock.advance(61s);
  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");
  dns.wait_for(2);
  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");

  dns.answer("10.0.0.3");
  for (int i = 0; i < 5000 && resolve("a.test") != "10.0.0.3:443"; ++i) clock.advance(2s);
  EXPECT_EQ(resolve("a.test"), "10.0.0.3:443");
}

TEST_F(Resolving, KeepsAFailureForOneSecond) {
  dns.fail(asio::error::host_not_found);
  const std::string failure = "error: " + error_code(asio::error::host_not_found).message();
  EXPECT_EQ(resolve("a.test"), failure);
  EXPECT_EQ(resolve("a.test"), failure);
  EXPECT_EQ(dns.count(), 1);

  dns.answer("10.0.0.1");
  clock.advance(1s);

  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");
  EXPECT_EQ(dns.count(), 2);
}

TEST_F(Resolving, TreatsAnEmptyAnswerAndAnExceptionAsFailures) {
  EXPECT_EQ(resolve("empty.test"), "error: " + error_code(asio::error::host_not_found).message());
  dns.throw_next();
  EXPECT_EQ(resolve("a.test"), "error: " + error_code(asio::error::no_recovery).message());
}

TEST_F(Resolving, RefusesWhatCannotBeAName) {
  const std::string failure = "error: " + error_code(asio::error::host_not_found).message();
  EXPECT_EQ(resolve(""), failure);
  EXPECT_EQ(resolve(std::string(300, 'a')), failure);
  EXPECT_EQ(resolve(std::string("a\0b", 3)), failure);
  EXPECT_EQ(dns.count(), 0);
}

TEST_F(Resolving, ACancelledWaitEndsAtOnce) {
  dns.hold(true);
  asio::cancellation_signal signal;
  std::string out;
  auto on_end = [](const std::exception_ptr&) {};
  asio::co_spawn(loop.context, ask("a.test", 443, out), asio::bind_cancellation_slot(signal.slot(), on_end));
  loop.settle();

  signal.emit(asio::cancellation_type::terminal);
  loop.settle();

  EXPECT_EQ(out, "error: " + error_code(asio::error::operation_aborted).message());
  dns.hold(false);
}

TEST_F(Resolving, AWaitEndsAtItsDeadline) {
  dns.hold(true);
  deadline = soon();

  EXPECT_EQ(resolve("a.test"), "error: " + error_code(asio::error::timed_out).message());

  dns.hold(false);
  deadline = Deadline();
  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443") << "the look-up went on";
  EXPECT_EQ(dns.count(), 1);
}

TEST_F(Resolving, AWaitEndsWhenItIsWoken) {
  dns.hold(true);
  std::string out;
  loop.spawn(ask("a.test", 443, out));
  loop.settle();
  ASSERT_TRUE(wake);

  wake();
  loop.drain();

  EXPECT_EQ(out, "error: " + error_code(asio::error::operation_aborted).message());
  EXPECT_FALSE(wake);
  dns.hold(false);
}

TEST_F(Resolving, EndsWaitsWhenItIsDestroyedAndWaitsForNoLookUp) {
  dns.hold(true);
  std::string out;
  loop.spawn(ask("a.test", 443, out));
  loop.settle();
  dns.wait_for(1);

  auto ending = std::async(std::launch::async, [this] { resolver.reset(); });
  EXPECT_EQ(ending.wait_for(5s), std::future_status::ready);
  loop.drain();
  dns.hold(false);

  EXPECT_EQ(out, "error: " + error_code(asio::error::operation_aborted).message());
}

TEST_F(Resolving, OutlivesTheLoopOfAWaiter) {
  dns.hold(true);
  auto other = std::make_unique<Loop>();
  std::string out = "never answered";
  other->spawn(ask("a.test", 443, out));
  other->settle();
  dns.wait_for(1);

  other.reset();
  dns.hold(false);

  EXPECT_EQ(resolve("a.test"), "10.0.0.1:443");
  EXPECT_EQ(out, "never answered");
}

TEST(SystemLookUp, KnowsLocalhostAndSaysWhatItDoesNotKnow) {
  const Addresses local = system_look_up("localhost");
  ASSERT_FALSE(local.error) << local.error.message();
  EXPECT_TRUE(local.list.front().is_loopback());

  const Addresses unknown = system_look_up("no such name");
  EXPECT_TRUE(unknown.error);
  EXPECT_TRUE(unknown.list.empty());
}

}  // namespace
}  // namespace triaged::net::test
