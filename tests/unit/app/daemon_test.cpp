#include "triaged/app/daemon.hpp"

#include "triaged/config/load.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace triaged::app {
namespace {

std::shared_ptr<const config::Settings> settings(const std::string& confidence) {
  const std::string yaml = R"(
server: {listen: "127.0.0.1:0", admin: "127.0.0.1:0", workers: 1}
ledger: {enabled: false}
providers: {sim: {dialect: simulated}}
tiers: [{name: only, targets: [sim/simulated-light]}]
routing: {confidence: )" + confidence +
                           "}\n";
  config::Loaded loaded = config::load(yaml, {}, ".");
  for (const config::Problem& problem : loaded.problems) ADD_FAILURE() << config::format(problem, "test");
  return loaded.settings;
}

// The listeners are open before start() returns, so a reload may come from them at any time.
TEST(Daemon, CanReloadAsSoonAsItRuns) {
  const std::shared_ptr<const config::Settings> first = settings("0.4");
  const std::shared_ptr<const config::Settings> second = settings("0.6");
  ASSERT_TRUE(first && second);
  auto daemon = Daemon::start(first, [&second]() -> Result<std::shared_ptr<const config::Settings>> { return second; });
  ASSERT_TRUE(daemon) << daemon.error().detail;

  const Result<Reloaded> reloaded = (*daemon)->reload();

  ASSERT_TRUE(reloaded) << reloaded.error().detail;
  EXPECT_EQ(reloaded->changed, std::vector<std::string>{"routing.confidence: 0.4 -> 0.6"});
}

TEST(Daemon, IsLeftAsItIsByAReaderThatFails) {
  auto daemon = Daemon::start(settings("0.4"), []() -> Result<std::shared_ptr<const config::Settings>> {
    return client_error(ErrorKind::invalid_request, 400, "line 3: no", "invalid_configuration");
  });
  ASSERT_TRUE(daemon) << daemon.error().detail;

  const Result<Reloaded> reloaded = (*daemon)->reload();

  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().detail, "line 3: no");
}

// All that the admin's listener answers to a GET.
std::string ask_admin(const Daemon& daemon, const std::string& path) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), daemon.admin_port()});
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer), end);
  return answer;
}

// A scrape that falls into a reload must raise no alarm.
TEST(Daemon, DoesNotCallAReloadFailedBeforeItHas) {
  std::unique_ptr<Daemon> daemon;
  std::string meanwhile;
  auto started = Daemon::start(settings("0.4"), [&]() -> Result<std::shared_ptr<const config::Settings>> {
    meanwhile = ask_admin(*daemon, "/metrics");
    return client_error(ErrorKind::invalid_request, 400, "no", "invalid_configuration");
  });
  ASSERT_TRUE(started) << started.error().detail;
  daemon = std::move(*started);

  ASSERT_FALSE(daemon->reload());

  EXPECT_NE(meanwhile.find("triaged_config_last_reload_successful 1"), std::string::npos);
  EXPECT_NE(ask_admin(*daemon, "/metrics").find("triaged_config_last_reload_successful 0"), std::string::npos);
}

TEST(Daemon, DrainsWhileAReloadRuns) {
  std::promise<void> begun;
  std::promise<void> go_on;
  auto daemon = Daemon::start(settings("0.4"), [&]() -> Result<std::shared_ptr<const config::Settings>> {
    begun.set_value();
    go_on.get_future().wait();
    return client_error(ErrorKind::invalid_request, 400, "no", "invalid_configuration");
  });
  ASSERT_TRUE(daemon) << daemon.error().detail;
  auto reload = std::async(std::launch::async, [&daemon] { return (*daemon)->reload(); });
  begun.get_future().wait();

  auto drain = std::async(std::launch::async, [&daemon] { (*daemon)->drain([] { return false; }); });

  EXPECT_EQ(drain.wait_for(std::chrono::seconds(5)), std::future_status::ready);
  go_on.set_value();
  EXPECT_FALSE(reload.get());
}

}  // namespace
}  // namespace triaged::app
