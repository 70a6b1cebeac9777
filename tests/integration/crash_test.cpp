// kill -9: every answer that a client received whole is in the ledger once the daemon runs again.
#include "support/load.hpp"
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <set>
#include <string>

namespace triaged::test {
namespace {

using testing::HasSubstr;

// `flush` so long that nothing is in the database but by recovery.
class Crash : public testing::TestWithParam<bool> {
 protected:
  TwoTiers site{"", [](DaemonSetup& setup) {
                  setup.workers = "2";
                  setup.ledger_flush = "1m";
                }};
};

TEST_P(Crash, LosesNoAnswerThatAClientReceivedWhole) {
  site.low.always(answers("an answer that is streamed in several pieces, or given whole", {1000, 100}));
  Load load(site.daemon.api(), 8, 100'000, GetParam() ? streamed_chat("auto") : chat("auto"));
  ASSERT_TRUE(eventually([&] { return load.answered() > 500; }));

  site.daemon.kill();
  const Outcomes outcomes = load.join();
  site.daemon.start();

  EXPECT_THAT(site.daemon.start_up(), HasSubstr("ledger rows of an earlier run"));
  std::set<std::string> booked;
  for (const LedgerRow& row : site.daemon.ledger().all()) {
    EXPECT_TRUE(booked.insert(row.id).second) << "booked twice: " << row.id;
    EXPECT_EQ(row.cost, 1'200'000);
  }
  EXPECT_GT(outcomes.ids.size(), 500U);
  for (const std::string& id : outcomes.ids) EXPECT_TRUE(booked.contains(id)) << id;
}

TEST_P(Crash, AgainAndAgainBooksNothingTwice) {
  site.low.always(answers("hi"));
  std::set<std::string> answered;
  for (int i = 0; i < 3; ++i) {
    answered.insert(site.ask(chat("auto")).header("x-triaged-id"));
    site.daemon.kill();
    site.daemon.start();
  }

  std::set<std::string> booked;
  for (const LedgerRow& row : site.daemon.ledger().all()) booked.insert(row.id);
  EXPECT_EQ(booked, answered);
  EXPECT_EQ(site.daemon.ledger().all().size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(All, Crash, testing::Bool(),
                         [](const auto& row) { return std::string(row.param ? "Streamed" : "Whole"); });

TEST(CrashedDaemon, LeavesItsLedgerToOneSuccessorOnly) {
  TwoTiers site;
  const Folder folder;
  const std::string config =
      folder.write("second.yaml",
                   "version: 1\nserver: {listen: \"127.0.0.1:0\", admin: \"127.0.0.1:0\"}\nproviders:\n  a: {base_url: "
                   "\"http://127.0.0.1:9/v1\"}\ntiers:\n  - {name: light, targets: [a/small]}\nledger: {path: " +
                       site.daemon.ledger_path() + "}\n");

  const Ran second = run({TRIAGED_BINARY, "serve", "--config", config});

  EXPECT_EQ(second.exit.code, 1);
  EXPECT_THAT(second.errors, HasSubstr("ledger.db.journal"));
  EXPECT_EQ(site.ask(get("/v1/models")).status, 200);
}

}  // namespace
}  // namespace triaged::test
