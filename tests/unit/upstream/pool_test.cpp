#include "triaged/upstream/pool.hpp"

#include "unit/net/fake_dns.hpp"
#include "unit/net/loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <poll.h>
#include <vector>

namespace triaged::upstream {
namespace {

using namespace std::chrono_literals;
namespace asio = net::asio;
using tcp = asio::ip::tcp;

struct Seen final : PoolObserver {
  void connections(const config::Provider&, std::int64_t more_active, std::int64_t more_idle) override {
    active += more_active;
    idle += more_idle;
    most_active = std::max(most_active, active);
  }
  void acquired(const config::Provider&, bool reused) override { reuse.push_back(reused); }
  std::int64_t active = 0;
  std::int64_t idle = 0;
  std::int64_t most_active = 0;
  std::vector<bool> reuse;
};

struct PoolFixture : testing::Test {
  PoolFixture() {
    provider.name = "p";
    provider.scheme = "http";
    provider.host = "127.0.0.1";
    provider.port = acceptor.local_endpoint().port();
  }
  ~PoolFixture() override {
    pool.close_idle();
    loop.run(pool.stopped());
  }

  net::Task<void> take(Pool::Use use, Deadline deadline) {
    done = false;
    got = co_await pool.acquire(deadline, use, wake);
    done = true;
  }
  void acquire(Pool::Use use = Pool::Use::any) { loop.run(take(use, net::test::soon(5s))); }
  // Nothing of ours runs meanwhile.
  static void pass(std::chrono::milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }

  net::test::Loop loop;
  asio::basic_socket_acceptor<tcp, net::Executor> acceptor{loop.executor(),
                                                           tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  config::Provider provider;
  net::test::FakeDns dns;
  net::Resolver resolver{dns.look_up()};
  Seen seen;
  Pool pool{loop.executor(), provider, resolver, system_clock(), seen};
  std::function<void()> wake;
  Result<Lease> got = Error();
  bool done = false;
};

TEST_F(PoolFixture, ConnectsAndHandsTheConnectionOutAgainOnceItWasVouchedFor) {
  acquire();
  ASSERT_TRUE(got);
  EXPECT_EQ(pool.active(), 1U);
  got->keep();
  EXPECT_EQ(pool.idle(), 1U);

  acquire();

  ASSERT_TRUE(got);
  EXPECT_TRUE(got->reused());
  EXPECT_EQ(seen.reuse, (std::vector<bool>{false, true}));
}

TEST_F(PoolFixture, ClosesAConnectionThatNobodyVouchedFor) {
  acquire();
  ASSERT_TRUE(got);

  got->drop();

  EXPECT_EQ(pool.active(), 0U);
  EXPECT_EQ(pool.idle(), 0U);
}

TEST_F(PoolFixture, MakesAFreshConnectionWhenAskedToThoughOneIsIdle) {
  acquire();
  got->keep();

  acquire(Pool::Use::fresh);

  ASSERT_TRUE(got);
  EXPECT_FALSE(got->reused());
}

TEST_F(PoolFixture, DropsAnIdleConnectionThatTheOtherSideEnds) {
  acquire();
  net::Socket far = acceptor.accept();
  got->keep();

  far.close();
  loop.settle();

  EXPECT_EQ(pool.idle(), 0U);
  EXPECT_EQ(seen.idle, 0);
}

TEST_F(PoolFixture, DropsAnIdleConnectionOnWhichBytesComeThatNobodyAskedFor) {
  acquire();
  net::Socket far = acceptor.accept();
  got->keep();

  far.send(asio::buffer("HTTP/1.1 408 Request Timeout\r\n\r\n", 32));
  loop.settle();

  EXPECT_EQ(pool.idle(), 0U);
}

// The alarm of a connection being made goes off in the moment in which the connection is there: its handler is queued
// already and runs after the attempt, whose frame is gone by then.
TEST_F(PoolFixture, AnAlarmThatOutlivesItsAttemptTouchesNothing) {
  for (int i = 0; i < 20; ++i) {
    loop.spawn(take(Pool::Use::fresh, net::test::soon(3ms)));
    loop.context.restart();
    while (!wake && !done) loop.context.run_one();  // until the connection is being made
    pass(5ms);                                      // both the connection and the alarm are due

    loop.drain();
    loop.settle();

    ASSERT_TRUE(done);
    if (got) got->drop();
    wake = nullptr;
  }
  acquire(Pool::Use::fresh);
  EXPECT_TRUE(got) << "and the pool works on";
}

TEST_F(PoolFixture, AClientThatLeavesEndsTheAttempt) {
  provider.connections = 1;
  acquire();
  ASSERT_TRUE(got);
  Result<Lease> first = std::move(got);
  loop.spawn(take(Pool::Use::any, net::test::soon(5s)));
  loop.context.restart();
  while (!wake) loop.context.run_one();

  wake();
  loop.drain();

  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::client_gone);
}

TEST_F(PoolFixture, AClientThatLeavesWhileANameIsLookedUpEndsTheAttempt) {
  provider.host = "a.test";
  dns.hold(true);
  loop.spawn(take(Pool::Use::any, net::test::soon(5s)));
  loop.settle();
  dns.wait_for(1);
  EXPECT_TRUE(wake);

  if (wake) wake();
  loop.settle();
  const bool ended = done;
  dns.hold(false);
  loop.drain();

  EXPECT_TRUE(ended);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::client_gone);
  EXPECT_EQ(pool.active(), 0U);
}

TEST_F(PoolFixture, AClientThatLeavesAsANameIsFoundHasNoConnectionMade) {
  provider.host = "a.test";
  dns.answer("127.0.0.1");
  dns.hold(true);
  loop.spawn(take(Pool::Use::any, net::test::soon(5s)));
  loop.settle();
  dns.wait_for(1);
  ASSERT_TRUE(wake);
  dns.hold(false);
  loop.context.restart();
  loop.context.run_one();  // the answer is there; who waits for it has not gone on yet
  ASSERT_FALSE(done);

  wake();
  loop.drain();

  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::client_gone);
  net::error_code error;
  acceptor.non_blocking(true);
  acceptor.accept(error);
  EXPECT_EQ(error, asio::error::would_block);
}

TEST_F(PoolFixture, ANameThatIsNotFoundInTimeIsAConnectionThatIsNotMadeInTime) {
  provider.host = "a.test";
  dns.hold(true);
  loop.spawn(take(Pool::Use::any, net::test::soon(5ms)));
  pass(5ms);
  loop.settle();
  const bool ended = done;
  dns.hold(false);
  loop.drain();

  EXPECT_TRUE(ended);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::connect_timeout);
  EXPECT_NE(got.error().detail.find("provider p (a.test:"), std::string::npos) << got.error().detail;
  EXPECT_EQ(pool.active(), 0U);
}

TEST_F(PoolFixture, APlaceThatBecomesFreeGoesToWhoWaits) {
  provider.connections = 1;
  acquire();
  ASSERT_TRUE(got);
  Lease first = std::move(*got);
  loop.spawn(take(Pool::Use::any, net::test::soon(5s)));
  loop.context.restart();
  while (!wake) loop.context.run_one();
  EXPECT_FALSE(done);

  first.keep();
  loop.drain();

  ASSERT_TRUE(got);
  EXPECT_TRUE(got->reused());
}

// One that waits beside another.
struct Taker {
  explicit Taker(Pool& from) : pool(from) {}
  net::Task<void> take() {
    got = co_await pool.acquire(net::test::soon(5s), Pool::Use::any, wake);
    done = true;
  }
  Pool& pool;
  std::function<void()> wake;
  Result<Lease> got = Error();
  bool done = false;
};

TEST_F(PoolFixture, APlaceOfAClientThatLeftIsFreeOnce) {
  provider.connections = 2;
  acquire();
  Lease first = std::move(*got);
  acquire();
  ASSERT_EQ(pool.active(), 2U);
  Taker leaves(pool);
  loop.spawn(leaves.take());
  loop.context.restart();
  while (!leaves.wake) loop.context.run_one();

  first.drop();   // the place is the waiting one's
  leaves.wake();  // who leaves before it has noticed
  loop.drain();

  EXPECT_FALSE(leaves.got);
  EXPECT_EQ(pool.active(), 1U) << "the other connection is still in use";
}

TEST_F(PoolFixture, APlaceIsNotTakenFromWhoWasGivenIt) {
  provider.connections = 1;
  acquire();
  Lease first = std::move(*got);
  Taker waits(pool);
  loop.spawn(waits.take());
  loop.context.restart();
  while (!waits.wake) loop.context.run_one();
  Taker comes(pool);
  loop.spawn(comes.take());  // runs before the one that waits, which hears of its place later

  first.keep();
  loop.context.restart();
  while (!waits.done) loop.context.run_one();
  ASSERT_TRUE(waits.got);
  EXPECT_FALSE(comes.done);
  waits.got->keep();
  loop.drain();

  EXPECT_TRUE(comes.got);
  EXPECT_EQ(seen.most_active, 1);
}

// The sweep of idle connections is due, and its handler queued, when the pool ends.
TEST_F(PoolFixture, ASweepThatOutlivesThePoolTouchesNothing) {
  provider.idle_connection = 3ms;
  auto ends = std::make_unique<Pool>(loop.executor(), provider, resolver, system_clock(), seen);
  Taker taker(*ends);
  loop.run(taker.take());
  ASSERT_TRUE(taker.got);
  bool ended = false;
  net::test::SteadyTimer earlier(loop.executor(), 1ms);
  earlier.async_wait([&](net::error_code) {
    ends.reset();
    ended = true;
  });
  taker.got->keep();
  pass(6ms);  // both are due, and are queued in one turn

  loop.settle();

  EXPECT_TRUE(ended);
}

TEST_F(PoolFixture, TellsOfItsConnectionsUntilTheLastIsGone) {
  acquire();
  ASSERT_TRUE(got);
  EXPECT_EQ(seen.active, 1);
  {
    Pool other(loop.executor(), provider, resolver, system_clock(), seen);
    const auto take_two_keep_one = [&]() -> net::Task<void> {
      Result<Lease> kept = co_await other.acquire(net::test::soon(5s), Pool::Use::any, wake);
      Result<Lease> dropped = co_await other.acquire(net::test::soon(5s), Pool::Use::any, wake);
      EXPECT_EQ(seen.active, 3);
      if (kept) kept->keep();
    };
    loop.run(take_two_keep_one());
    EXPECT_EQ(seen.active, 1);
    EXPECT_EQ(seen.idle, 1);
  }
  EXPECT_EQ(seen.active, 1);
  EXPECT_EQ(seen.idle, 0);
}

TEST_F(PoolFixture, SaysThatAllConnectionsAreBusyWhenNoneBecomesFree) {
  provider.connections = 1;
  acquire();
  ASSERT_TRUE(got);
  const Lease first = std::move(*got);

  loop.run(take(Pool::Use::any, net::test::soon(5ms)));

  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::overloaded);
  EXPECT_EQ(got.error().status, 503);
}

TEST_F(PoolFixture, SaysWhoRefusedAConnection) {
  acceptor.close();

  acquire();

  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::connect);
  EXPECT_NE(got.error().detail.find("provider p (127.0.0.1:"), std::string::npos);
  EXPECT_EQ(pool.active(), 0U);
}

}  // namespace
}  // namespace triaged::upstream
