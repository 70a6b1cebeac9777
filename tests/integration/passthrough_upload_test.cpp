// Bodies that are too large to be held: bounded memory, the slower side sets the pace, and whoever ends early (the
// provider, the client) ends the upload.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;

constexpr std::size_t mib = 1U << 20U;
constexpr std::size_t large = 64 * mib;
// What a daemon may grow by, sanitizers and their quarantine included. Holding a large body whole takes more than twice
// as much.
constexpr std::size_t bound = 28 * mib;
// Nothing moved for so long: the way is full.
constexpr std::chrono::milliseconds stuck{500};

std::string block(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 31 + i / 257) & 255U);
  return bytes;
}

std::string head(std::size_t length, std::string_view fields = {}) {
  return "POST /v1/files HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
         std::to_string(length) + "\r\n" + std::string(fields) + "\r\n";
}

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

// A provider that is told what to do with each connection before a request on it is whole.
class RawUpstream {
 public:
  using Script = std::function<void(Socket&)>;
  explicit RawUpstream(Script script) : script_(std::move(script)), thread_([this] { serve(); }) {}
  ~RawUpstream() {
    acceptor_.shut();
    thread_.join();
    for (const std::string& problem : problems_) ADD_FAILURE() << "in an upstream's script: " << problem;
  }
  RawUpstream(const RawUpstream&) = delete;
  RawUpstream& operator=(const RawUpstream&) = delete;
  std::uint16_t port() const { return acceptor_.port(); }

 private:
  void serve() {
    while (true) {
      Socket socket = acceptor_.accept();
      if (!socket.open()) return;
      try {
        script_(socket);
      } catch (const PeerLeft&) {
        // The script says what it expects of the gateway; that it leaves is usual.
      } catch (const std::exception& problem) {
        problems_.emplace_back(problem.what());
      }
    }
  }

  Acceptor acceptor_;
  Script script_;
  std::vector<std::string> problems_;
  std::thread thread_;
};

// The head of a request; what came of its body is left in `rest`.
std::string read_head(Socket& socket, std::string& rest) {
  std::string bytes;
  while (bytes.find("\r\n\r\n") == std::string::npos) {
    const Received received = socket.receive();
    if (received.end != Received::End::none) throw PeerLeft("no request came");
    bytes += received.bytes;
  }
  const std::size_t end = bytes.find("\r\n\r\n") + 4;
  rest = bytes.substr(end);
  return bytes.substr(0, end);
}

// True when `count` bytes came and every one was that of the repeated block.
bool read_blocks(Socket& socket, const std::string& expected, std::string rest, std::size_t count) {
  bool same = true;
  std::size_t at = 0;
  while (true) {
    for (std::string_view left(rest); !left.empty();) {
      const std::string_view wanted = std::string_view(expected).substr(at % expected.size(), left.size());
      same = same && left.substr(0, wanted.size()) == wanted;
      left.remove_prefix(wanted.size());
      at += wanted.size();
    }
    if (at >= count) return same && at == count;
    const Received received = socket.receive();
    if (received.end != Received::End::none) return false;
    rest = received.bytes;
  }
}

void read_to_the_end(Socket& socket) {
  while (socket.receive().end == Received::End::none) {
  }
}

struct Site {
  explicit Site(RawUpstream::Script script, const std::string& of_provider = "", const std::string& server = "")
      : raw(std::move(script)), two("", [&](DaemonSetup& setup) {
          setup.providers.push_back(provider("raw", raw.port(), of_provider));
          setup.server = server;
          setup.more = "passthrough: {provider: raw}";
        }) {}
  Client client() const { return two.client(); }
  Daemon& daemon() { return two.daemon; }

  RawUpstream raw;
  TwoTiers two;
};

// What the daemon has in memory now; what peak_memory() says from here on is no less.
std::size_t forget_peak(const Process& process) {
  std::ofstream("/proc/" + std::to_string(process.id()) + "/clear_refs") << "5";
  return process.peak_memory();
}

// Sends the block over and over. Where nothing is taken for a while, `on_stuck` is told, and then it goes on.
void send_blocks(Socket& socket, const std::string& bytes, std::size_t count, const std::function<void()>& on_stuck) {
  std::size_t at = 0;
  while (at < count) {
    const std::size_t in_block = at % bytes.size();
    const std::size_t size = std::min(bytes.size() - in_block, count - at);
    const std::size_t sent = socket.send_some(std::string_view(bytes).substr(in_block, size), stuck);
    if (sent == 0) on_stuck();
    at += sent;
  }
}

TEST(PassthroughUpload, OfALargeBodyKeepsThePaceOfASlowProviderInBoundedMemory) {
  const std::string bytes = block(mib - 1);
  Signal go_on;
  std::atomic<bool> same = false;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    go_on.wait();
    same = read_blocks(socket, bytes, std::move(rest), large);
    socket.send(answer);
    read_to_the_end(socket);
  });
  Client client = site.client();
  ASSERT_EQ(client.ask(get("/v1/models")).status, 200);
  const std::size_t before = forget_peak(site.daemon().process());
  bool waited = false;

  client.send(head(large));
  send_blocks(client.socket(), bytes, large, [&] {
    waited = true;
    go_on.set();
  });
  const Response got = client.read();

  EXPECT_EQ(got.status, 200);
  EXPECT_TRUE(same);
  EXPECT_TRUE(waited) << "the client was never slowed down";
  EXPECT_LT(site.daemon().process().peak_memory() - before, bound);
}

TEST(PassthroughDownload, OfALargeAnswerKeepsThePaceOfASlowClientInBoundedMemory) {
  const std::string bytes = block(mib - 1);
  Signal go_on;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: " + std::to_string(large) + "\r\n\r\n");
    bool waited = false;
    send_blocks(socket, bytes, large, [&] {
      waited = true;
      go_on.set();
    });
    if (!waited) throw std::runtime_error("the provider was never slowed down");
    read_to_the_end(socket);
  });
  Client client = site.client();
  ASSERT_EQ(client.ask(get("/v1/models")).status, 200);
  const std::size_t before = forget_peak(site.daemon().process());

  client.send(get("/v1/files/file-1/content"));
  go_on.wait();
  std::string rest;
  const std::string got = read_head(client.socket(), rest);

  EXPECT_THAT(got, HasSubstr("Content-Length: " + std::to_string(large)));
  EXPECT_TRUE(read_blocks(client.socket(), bytes, std::move(rest), large));
  EXPECT_LT(site.daemon().process().peak_memory() - before, bound);
}

struct Leaving {
  const char* name;
  void (*leave)(Socket&);
};

const Leaving ways_to_leave[] = {{"closed", [](Socket& socket) { socket.close(); }},
                                 {"reset", [](Socket& socket) { socket.reset(); }},
                                 {"half_closed", [](Socket& socket) { socket.half_close(); }}};

void expect_cancelled(Site& site) {
  const LedgerRow row = site.daemon().ledger().settled(1)[0];
  EXPECT_EQ(row.outcome, "cancelled");
  EXPECT_EQ(row.error, "client_gone");
  EXPECT_EQ(row.status, 499);
  EXPECT_FALSE(row.complete);
}

class PassthroughClientLeaves : public testing::TestWithParam<Leaving> {};

TEST_P(PassthroughClientLeaves, InTheMiddleOfItsUpload) {
  Signal begun;
  Signal ended;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    begun.set();
    read_to_the_end(socket);
    ended.set();
  });
  Client client = site.client();
  client.send(head(large) + block(200'000));
  begun.wait();

  GetParam().leave(client.socket());

  ended.wait();
  expect_cancelled(site);
}

// Only a reset gets past the bytes that nobody reads; an end waits behind them.
TEST(PassthroughClientLeavesAtOnce, WhileTheProviderTakesNothing) {
  Signal gone;
  Signal ended;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    gone.wait();
    read_to_the_end(socket);
    ended.set();
  });
  Client client = site.client();
  client.send(head(large));
  bool full = false;
  const std::string bytes = block(mib);
  while (!full) full = client.socket().send_some(bytes, stuck) == 0;

  client.socket().reset();

  expect_cancelled(site);
  gone.set();
  ended.wait();
}

TEST_P(PassthroughClientLeaves, InTheMiddleOfTheAnswer) {
  Signal ended;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 1000000\r\n\r\nbeginning");
    read_to_the_end(socket);
    ended.set();
  });
  Client client = site.client();
  client.send(get("/v1/files/file-1/content"));
  std::string rest;
  ASSERT_THAT(read_head(client.socket(), rest), HasSubstr("200 OK"));

  GetParam().leave(client.socket());

  ended.wait();
  expect_cancelled(site);
}

INSTANTIATE_TEST_SUITE_P(All, PassthroughClientLeaves, testing::ValuesIn(ways_to_leave),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PassthroughEarlyAnswer, IsRelayedWhileTheClientStillSends) {
  Signal ended;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    socket.send(
        "HTTP/1.1 413 Payload Too Large\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"
        R"({"error":{}})");
    ended.wait();  // nothing more is taken
  });
  Client client = site.client();
  client.send(head(large));
  const std::string bytes = block(mib);
  // The gateway takes what still comes, so that the client gets to the answer.
  std::thread sending([&] {
    try {
      send_blocks(client.socket(), bytes, large, [] {});
    } catch (const PeerLeft&) {
    }
  });

  const Response got = client.read();
  sending.join();
  ended.set();

  EXPECT_EQ(got.status, 413);
  EXPECT_EQ(got.body, R"({"error":{}})");
  EXPECT_EQ(got.header("connection"), "close");
  EXPECT_TRUE(got.whole);
  const LedgerRow row = site.daemon().ledger().settled(1)[0];
  EXPECT_EQ(row.upstream_status, 413);
  EXPECT_EQ(row.cost, 0);
}

TEST(PassthroughEarlyAnswer, IsRelayedWhileTheClientPauses) {
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    socket.send("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    socket.half_close();
    read_to_the_end(socket);
  });
  Client client = site.client();
  client.send(head(large) + block(100'000));

  const Response got = client.read();

  EXPECT_EQ(got.status, 401);
  EXPECT_EQ(got.header("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(PassthroughEarlyAnswer, AnInterimResponseIsNone) {
  const std::string bytes = block(200'000);
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    socket.send("HTTP/1.1 102 Processing\r\n\r\n");
    const bool same = read_blocks(socket, bytes, std::move(rest), bytes.size());
    socket.send(same ? answer : "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    read_to_the_end(socket);
  });
  Client client = site.client();

  EXPECT_EQ(client.ask(head(bytes.size()) + bytes).status, 200);
}

TEST(PassthroughClocks, AnUploadThatMovesIsNotCutByTheTotal) {
  const std::string bytes = block(200'000);
  Signal half;
  Site site(
      [&](Socket& socket) {
        std::string rest;
        read_head(socket, rest);
        half.set();
        if (read_blocks(socket, bytes, std::move(rest), bytes.size())) socket.send(answer);
        read_to_the_end(socket);
      },
      "clocks: {total: 50ms}");
  Client client = site.client();
  client.send(head(bytes.size()) + bytes.substr(0, 100'000));
  half.wait();
  Signal never;
  EXPECT_FALSE(never.wait_for(std::chrono::milliseconds(150)));  // the pace of a slow client
  client.send(bytes.substr(100'000));

  EXPECT_EQ(client.read().status, 200);
}

TEST(PassthroughClocks, AProviderThatTakesNothingIsGivenUp) {
  Signal ended;
  Site site(
      [&](Socket& socket) {
        std::string rest;
        read_head(socket, rest);
        ended.wait();
      },
      "clocks: {idle: 200ms}");
  Client client = site.client();
  client.send(head(large));
  const std::string bytes = block(mib);
  std::thread sending([&] {
    try {
      send_blocks(client.socket(), bytes, large, [] {});
    } catch (const PeerLeft&) {
    }
  });

  const Response got = client.read();
  sending.join();
  ended.set();

  EXPECT_EQ(got.status, 504);
  EXPECT_EQ(got.error().at("code"), "idle_timeout");
}

TEST(PassthroughClocks, AProviderThatDoesNotAnswerIsGivenUp) {
  Signal ended;
  Site site(
      [&](Socket& socket) {
        std::string rest;
        read_head(socket, rest);
        ended.wait();
      },
      "clocks: {head: 100ms}");
  Client client = site.client();

  const Response got = client.ask(head(100'000) + block(100'000));
  ended.set();

  EXPECT_EQ(got.status, 504);
  EXPECT_EQ(got.error().at("code"), "head_timeout");
  EXPECT_TRUE(got.keep_alive);
}

TEST(PassthroughClocks, AClientThatStopsSendingIsToldSo) {
  Signal ended;
  Site site(
      [&](Socket& socket) {
        std::string rest;
        read_head(socket, rest);
        read_to_the_end(socket);
        ended.set();
      },
      "", "clocks: {body: 200ms}");
  Client client = site.client();
  client.send(head(large) + block(100'000));

  const Response got = client.read();
  ended.wait();

  EXPECT_EQ(got.status, 408);
  EXPECT_EQ(got.error().at("code"), "request_timeout");
}

TEST(PassthroughShutdown, WaitsForAnUploadThatIsUnderWay) {
  const std::string bytes = block(200'000);
  Signal half;
  Site site([&](Socket& socket) {
    std::string rest;
    read_head(socket, rest);
    half.set();
    if (read_blocks(socket, bytes, std::move(rest), bytes.size())) socket.send(answer);
    read_to_the_end(socket);
  });
  Client client = site.client();
  client.send(head(bytes.size()) + bytes.substr(0, 100'000));
  half.wait();

  site.daemon().signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return site.two.ask_admin(get("/readyz")).status == 503; }));
  client.send(bytes.substr(100'000));
  const Response got = client.read();

  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("connection"), "close");
  EXPECT_EQ(site.daemon().wait().code, 0);
}

TEST(PassthroughShutdown, CutsAnUploadThatDoesNotEnd) {
  Signal half;
  Site site(
      [&](Socket& socket) {
        std::string rest;
        read_head(socket, rest);
        half.set();
        read_to_the_end(socket);
      },
      "", "drain: 100ms");
  Client client = site.client();
  client.send(head(large) + block(100'000));
  half.wait();

  site.daemon().signal(SIGTERM);

  EXPECT_EQ(site.daemon().wait().code, 0);
}

}  // namespace
}  // namespace triaged::test
