#include "triaged/app/daemon.hpp"

#include "triaged/config/load.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace triaged::app
