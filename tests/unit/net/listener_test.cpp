#include "triaged/net/listener.hpp"

#include "triaged/base/log.hpp"
#include "triaged/net/runtime.hpp"

#include "unit/net/loop.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <condition_variable>
#include <ctime>
#include <fcntl.h>
#include <mutex>
#include <numeric>
#include <sys/resource.h>
#include <unistd.h>

namespace triaged::net::test {
namespace {

using Client = asio::ip::tcp::socket;

// Keeps what a listener hands out.
struct Handed {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::vector<Socket>> sockets;
  std::vector<std::thread::id> threads;

  explicit Handed(std::size_t workers) : sockets(workers), threads(workers) {}
  std::size_t count(std::size_t index) {
    const std::lock_guard lock(mutex);
    return sockets[index].size();
  }
  std::size_t total() const {
    return std::accumulate(sockets.begin(), sockets.end(), std::size_t{0},
                           [](std::size_t sum, const auto& of_worker) { return sum + of_worker.size(); });
  }
  bool wait_for(std::size_t connections, Duration limit = 5s) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, limit, [&] { return total() >= connections; });
  }
  Listener::OnSocket on_socket() {
    return [this](std::size_t index, Socket socket) {
      const std::lock_guard lock(mutex);
      sockets[index].push_back(std::move(socket));
      threads[index] = std::this_thread::get_id();
      changed.notify_all();
    };
  }
  Listener::Load load() {
    return [this](std::size_t index) { return count(index); };
  }
};

struct Listening : testing::Test {
  // The sockets go before the runtime they belong to.
  Runtime runtime{3};
  Handed handed{3};
  asio::io_context io;
  std::vector<Client> clients;
  std::unique_ptr<Listener> listener;

  void listen(Listener::Load load) {
    auto bound = Listener::bind(runtime, "127.0.0.1", 0, std::move(load), handed.on_socket());
    ASSERT_TRUE(bound) << bound.error().detail;
    listener = std::move(*bound);
  }
  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients.emplace_back(io);
      clients.back().connect({asio::ip::address_v4::loopback(), listener->port()});
    }
  }
  // One after the other, each in the hands of its worker before the next one comes.
  void connect_in_turn(std::size_t count) {
    for (std::size_t i = 1; i <= count; ++i) {
      connect(1);
      ASSERT_TRUE(handed.wait_for(i));
    }
  }
  ~Listening() override {
    listener.reset();
    runtime.stop();
    runtime.join();
  }
};

TEST_F(Listening, GivesEachWorkerItsShareAndRunsOnItsThread) {
  listen(handed.load());
  listener->start();
  runtime.start();

  connect_in_turn(9);

  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(handed.count(i), 3U);
  EXPECT_NE(handed.threads[0], handed.threads[1]);
  EXPECT_NE(handed.threads[1], handed.threads[2]);
}

TEST_F(Listening, SpreadsABurstEvenlyBeforeTheLoadIsKnown) {
  listen([](std::size_t) { return std::size_t{0}; });
  connect(9);  // all wait in the queue of the kernel
  // Worker 0 accepts all nine before it takes its own first; the others must not take any before that.
  for (std::size_t i = 1; i < 3; ++i) {
    asio::post(runtime.worker(i).executor(), [this] {
      std::unique_lock lock(handed.mutex);
      handed.changed.wait(lock, [this] { return !handed.sockets[0].empty(); });
    });
  }
  listener->start();
  runtime.start();

  ASSERT_TRUE(handed.wait_for(9));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(handed.count(i), 3U);
}

TEST_F(Listening, PrefersTheWorkerWithTheFewestConnections) {
  constexpr std::array<std::size_t, 3> before = {100, 5, 7};
  listen([&](std::size_t index) { return before.at(index) + handed.count(index); });
  listener->start();
  runtime.start();

  connect_in_turn(4);

  EXPECT_EQ(handed.count(0), 0U);
  EXPECT_EQ(handed.count(1), 3U);
  EXPECT_EQ(handed.count(2), 1U);
}

TEST_F(Listening, HandsOutWhoHasConnectedBeforeItIsFinished) {
  listen(handed.load());
  connect(40);  // all wait in the queue of the kernel
  runtime.start();

  std::thread([this] { listener->finish(); }).join();

  EXPECT_TRUE(handed.wait_for(40));
  Client late(io);
  boost::system::error_code error;
  late.connect({asio::ip::address_v4::loopback(), listener->port()}, error);
  EXPECT_EQ(error, asio::error::connection_refused);
}

TEST_F(Listening, RefusesConnectionsAfterStop) {
  listen(handed.load());
  listener->start();
  runtime.start();
  connect(1);
  ASSERT_TRUE(handed.wait_for(1));

  std::thread([this] { listener->stop(); }).join();

  error_code error;
  for (int i = 0; i < 5000 && !error; ++i) {
    Client late(io);
    late.connect({asio::ip::address_v4::loopback(), listener->port()}, error);
  }
  EXPECT_TRUE(error);
}

// So many descriptors are open that the next cannot be.
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int free = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(free);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(free);
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptorsLeft() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptorsLeft(const NoDescriptorsLeft&) = delete;
  NoDescriptorsLeft& operator=(const NoDescriptorsLeft&) = delete;

 private:
  rlimit before_{};
};

TEST_F(Listening, WaitsWhenDescriptorsRunOutAndGoesOnAfterwards) {
  listen(handed.load());
  listener->start();
  runtime.start();
  // UBSan examines a type it has not met with the help of a pipe, so it must meet those of accepting and logging
  // before.
  connect_in_turn(1);
  log_error("about to run out of descriptors",
            {{"reason", error_code(EMFILE, boost::system::system_category()).message()}});
  Client& late = clients.emplace_back(io);
  late.open(asio::ip::tcp::v4());
  {
    const NoDescriptorsLeft limit;
    const std::clock_t before = std::clock();
    late.connect({asio::ip::address_v4::loopback(), listener->port()});

    EXPECT_FALSE(handed.wait_for(2, 200ms));

    const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    EXPECT_LT(busy, 0.1) << "the accept loop spins";
  }
  EXPECT_TRUE(handed.wait_for(2));
}

TEST(ListenerBind, SaysThatAnAddressIsInUse) {
  Runtime runtime(1);
  const auto idle = [](std::size_t) { return std::size_t{0}; };
  const auto drop = [](std::size_t, Socket) {};
  auto first = Listener::bind(runtime, "127.0.0.1", 0, idle, drop);
  ASSERT_TRUE(first);
  const std::uint16_t port = (*first)->port();

  const auto second = Listener::bind(runtime, "127.0.0.1", port, idle, drop);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().detail, "address 127.0.0.1:" + std::to_string(port) +
                                       " is in use: another program listens there; choose another one");
}

TEST(ListenerBind, TakesAddressesAsPeopleWriteThem) {
  Runtime runtime(1);
  const auto idle = [](std::size_t) { return std::size_t{0}; };
  const auto drop = [](std::size_t, Socket) {};
  for (const char* host : {"127.0.0.1", "0.0.0.0", "localhost"}) {
    const auto bound = Listener::bind(runtime, host, 0, idle, drop);
    EXPECT_TRUE(bound) << host;
  }
  for (const char* host : {"", "example.com", "127.0.0", "[127.0.0.1", "999.0.0.1"}) {
    const auto refused = Listener::bind(runtime, host, 0, idle, drop);
    ASSERT_FALSE(refused) << host;
    EXPECT_NE(refused.error().detail.find("is not an IP address"), std::string::npos) << refused.error().detail;
  }
  const auto elsewhere = Listener::bind(runtime, "192.0.2.1", 0, idle, drop);
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().detail,
            "address 192.0.2.1:0 is not an address of this machine; choose one of its own, or 0.0.0.0 for all");
}

TEST(ListenerBind, TakesIpv6WithAndWithoutBracketsAndIpv4OverIt) {
  Runtime runtime(1);
  const auto idle = [](std::size_t) { return std::size_t{0}; };
  const auto drop = [](std::size_t, Socket) {};
  const auto bare = Listener::bind(runtime, "::", 0, idle, drop);
  if (!bare && bare.error().detail.find("not supported") != std::string::npos) GTEST_SKIP() << "no IPv6 here";
  ASSERT_TRUE(bare) << bare.error().detail;
  const auto brackets = Listener::bind(runtime, "[::1]", 0, idle, drop);
  EXPECT_TRUE(brackets) << brackets.error().detail;

  asio::io_context io;
  Client client(io);
  error_code error;
  client.connect({asio::ip::address_v4::loopback(), (*bare)->port()}, error);
  EXPECT_FALSE(error) << error.message();
}

}  // namespace
}  // namespace triaged::net::test
