#include "triaged/store/ledger_store.hpp"

#include "unit/ledger/sample_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

namespace triaged::store {
namespace {

namespace fs = std::filesystem;
using ledger::Entry;
using ledger::Outcome;
using ledger::Report;
using ledger::ReportBy;
using ledger::ReportQuery;
using ledger::ReportRow;
using ledger::sample_entry;
using ledger::settled_entry;
using ::testing::HasSubstr;

class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "triaged-store-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    path_ = root_ + "/ledger.db";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<LedgerStore> open(bool read_only = false) {
    auto store = open_sqlite(path_, read_only);
    EXPECT_TRUE(store) << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }

  std::string refusal(bool read_only = false) {
    const auto store = open_sqlite(path_, read_only);
    if (store) return "opened";
    EXPECT_EQ(store.error().kind, ErrorKind::storage);
    EXPECT_THAT(store.error().detail, HasSubstr(path_));
    return store.error().detail;
  }

  std::string root_;
  std::string path_;
};

// A second connection, as another program would have it.
class Outsider {
 public:
  explicit Outsider(const std::string& path) { EXPECT_EQ(sqlite3_open(path.c_str(), &connection_), SQLITE_OK); }
  ~Outsider() { sqlite3_close(connection_); }
  Outsider(const Outsider&) = delete;
  Outsider& operator=(const Outsider&) = delete;

  void run(const char* sql) {
    EXPECT_EQ(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection_);
  }
  // The first row, its columns joined by "|"; NULL is "-".
  std::string row(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(connection_, sql, -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(connection_);
    std::string out;
    if (sqlite3_step(statement) == SQLITE_ROW) {
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const void* text = sqlite3_column_text(statement, i);
        out += (i > 0 ? "|" : "") + std::string(text == nullptr ? "-" : static_cast<const char*>(text));
      }
    }
    sqlite3_finalize(statement);
    return out;
  }

 private:
  sqlite3* connection_ = nullptr;
};

ReportRow total(LedgerStore& store, ReportQuery query = {}) {
  const auto report = store.report(query);
  EXPECT_TRUE(report) << report.error().detail;
  return report ? report->total : ReportRow();
}

TEST_F(SqliteTest, IsNotForEveryoneToRead) {
  const auto store = open();
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->insert({sample_entry(1)}));
  for (const std::string& file : {path_, path_ + "-wal", path_ + "-shm"}) {
    EXPECT_EQ(fs::status(file).permissions() & fs::perms::others_all, fs::perms::none) << file;
  }
}

TEST_F(SqliteTest, KeepsEveryColumnOfASettlingRow) {
  Entry entry = settled_entry(1, 2);
  entry.error = "timeout";
  ASSERT_TRUE(open()->insert({entry}));
  Outsider outsider(path_);
  EXPECT_EQ(outsider.row("SELECT 'req_' || lower(hex(id)) FROM attempts"), entry.id.text());
  EXPECT_EQ(outsider.row("SELECT attempt, at, provider, model, answered_model, tier, outcome, error, upstream_status "
                         "FROM attempts"),
            "2|1700000000123|openai|gpt-4o-mini|gpt-4o-mini-2024-07-18|light|answered|timeout|200");
  EXPECT_EQ(outsider.row("SELECT input, cached_input, cache_write_5m, cache_write_1h, audio_input, output, reasoning, "
                         "audio_output, certainty, cost, first_content_us, duration_us FROM attempts"),
            "1200|1024|0|0|0|300|7|0|exact|441000|210000|1900000");
  EXPECT_EQ(outsider.row("SELECT requested_model, key, task, task_probability, complexity, start_tier, status, stream, "
                         "complete, baseline_model, baseline_cost, total_us, overhead_us, config_hash FROM attempts"),
            "gpt-4o|team-a|summarize|0.875|0.25|light|200|1|1|openai/gpt-4o|7350000|1950000|180|0123abcd");
}

TEST_F(SqliteTest, WritesNullForWhatIsNotKnown) {
  Entry entry = sample_entry(1);
  entry.cost.reset();
  Entry settled = settled_entry(2);
  settled.settled->baseline_cost.reset();
  ASSERT_TRUE(open()->insert({entry, settled}));
  Outsider outsider(path_);
  EXPECT_EQ(outsider.row("SELECT cost, requested_model, key, task, task_probability, complexity, start_tier, status, "
                         "stream, complete, baseline_model, baseline_cost, total_us, overhead_us, config_hash "
                         "FROM attempts WHERE cost IS NULL"),
            "-|-|-|-|-|-|-|-|-|-|-|-|-|-|-");
  EXPECT_EQ(outsider.row("SELECT baseline_cost, status FROM attempts WHERE cost IS NOT NULL"), "-|200");
}

TEST_F(SqliteTest, KeepsWhatRowsOfABatchHaveInCommonAndWhereTheyDiffer) {
  Entry other = settled_entry(2);
  other.provider = "elsewhere";
  other.settled->task = "qa";
  other.settled->task_probability = 0.5;
  Entry unsettled = sample_entry(3);
  unsettled.cost.reset();
  Entry unpriced = settled_entry(4);
  unpriced.usage.output = 0;
  unpriced.settled->baseline_cost.reset();
  const auto store = open();
  ASSERT_TRUE(store->insert({settled_entry(1), settled_entry(5), other, unsettled, unpriced, settled_entry(6)}));
  ASSERT_TRUE(store->insert({settled_entry(7)}));
  Outsider outsider(path_);
  const auto rows_with = [&outsider](const std::string& condition) {
    return outsider.row(("SELECT count(*) FROM attempts WHERE " + condition).c_str());
  };
  EXPECT_EQ(rows_with("provider = 'elsewhere' AND task = 'qa' AND task_probability = 0.5 AND cost = 441000"), "1");
  EXPECT_EQ(rows_with("cost IS NULL AND task IS NULL AND provider = 'openai' AND output = 300"), "1");
  EXPECT_EQ(rows_with("output = 0 AND baseline_cost IS NULL AND task = 'summarize' AND cost = 441000"), "1");
  EXPECT_EQ(rows_with("provider = 'openai' AND model = 'gpt-4o-mini' AND tier = 'light' AND cost = 441000 AND "
                      "output = 300 AND task = 'summarize' AND task_probability = 0.875 AND baseline_cost = 7350000 "
                      "AND config_hash = '0123abcd' AND purpose = 'answer'"),
            "4");
}

TEST_F(SqliteTest, InsertingTheSameEntryTwiceIsTheSameAsOnce) {
  const auto store = open();
  ASSERT_TRUE(store->insert({settled_entry(1), settled_entry(2)}));
  ASSERT_TRUE(store->insert({settled_entry(2), settled_entry(2), settled_entry(3)}));
  const ReportRow sum = total(*store);
  EXPECT_EQ(sum.requests, 3);
  EXPECT_EQ(sum.cost, NanoDollars(3 * 441'000));
  ASSERT_TRUE(store->insert({}));
}

TEST_F(SqliteTest, FindsItsRowsAgain) {
  ASSERT_TRUE(open()->insert({settled_entry(1)}));
  EXPECT_EQ(total(*open()).requests, 1);
  EXPECT_EQ(total(*open(true)).requests, 1);
}

TEST_F(SqliteTest, ReportsRequestsOfSeveralAttempts) {
  Entry light = sample_entry(1, 0);
  light.outcome = Outcome::escalated;
  light.cost = NanoDollars(1'000);
  Entry premium = settled_entry(1, 1);
  premium.tier = "premium";
  premium.model = "gpt-4o";
  premium.cost = NanoDollars(50'000);
  premium.settled->baseline_cost = NanoDollars(60'000);
  const auto store = open();
  ASSERT_TRUE(store->insert({premium, settled_entry(2)}));  // the journal of another worker may come first
  ASSERT_TRUE(store->insert({light}));
  const auto report = store->report({{}, {}, ReportBy::tier});
  ASSERT_TRUE(report);
  ASSERT_EQ(report->rows.size(), 2U);
  EXPECT_EQ(report->rows[0].name, "light");  // dearest first
  EXPECT_EQ(report->rows[0].cost, NanoDollars(442'000));
  EXPECT_EQ(report->rows[0].attempts, 2);
  EXPECT_EQ(report->rows[0].requests, 1);
  EXPECT_EQ(report->rows[1].name, "premium");
  EXPECT_EQ(report->rows[1].escalated, 1);
  EXPECT_EQ(report->rows[1].saved, NanoDollars(9'000));
  EXPECT_EQ(report->total.requests, 2);
  EXPECT_EQ(report->total.attempts, 3);
  EXPECT_EQ(report->total.usage.reasoning, 21);
  EXPECT_EQ(report->total.usage.certainty, chat::Certainty::exact);
  EXPECT_EQ(report->total.saved, NanoDollars(9'000 + 7'350'000 - 441'000));
}

TEST_F(SqliteTest, CountsTheCostOfAttemptsBeforeThePeriodAgainstTheSavingsInIt) {
  Entry early = sample_entry(1, 0);
  early.outcome = Outcome::failed;
  early.at -= std::chrono::hours(1);
  const Entry late = settled_entry(1, 1);
  const auto store = open();
  ASSERT_TRUE(store->insert({early, late}));
  const ReportRow sum = total(*store, {late.at, {}, ReportBy::tier});
  EXPECT_EQ(sum.attempts, 1);
  EXPECT_EQ(sum.cost, NanoDollars(441'000));
  EXPECT_EQ(sum.failed_over, 1);
  EXPECT_EQ(sum.saved, NanoDollars(7'350'000 - 2 * 441'000));
  EXPECT_EQ(total(*store, {{}, late.at, ReportBy::tier}).requests, 0);
}

TEST_F(SqliteTest, GroupsByEveryKind) {
  Entry next_day = settled_entry(2);
  next_day.at += std::chrono::hours(24);
  const auto store = open();
  ASSERT_TRUE(store->insert({settled_entry(1), next_day}));
  const struct {
    ReportBy by;
    std::vector<std::string> names;
  } cases[] = {
      {ReportBy::tier, {"light"}}, {ReportBy::model, {"openai/gpt-4o-mini"}},     {ReportBy::task, {"summarize"}},
      {ReportBy::key, {"team-a"}}, {ReportBy::day, {"2023-11-14", "2023-11-15"}},
  };
  for (const auto& item : cases) {
    const auto report = store->report({{}, {}, item.by});
    ASSERT_TRUE(report);
    std::vector<std::string> names;
    for (const ReportRow& row : report->rows) names.push_back(row.name);
    EXPECT_EQ(names, item.names);
    EXPECT_EQ(report->total.requests, 2);
  }
}

TEST_F(SqliteTest, ReportsNothingOfNothing) {
  const auto report = open()->report({});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->rows.empty());
  EXPECT_EQ(report->total.requests, 0);
}

TEST_F(SqliteTest, ReportsTheSameOnceMore) {
  const auto store = open();
  ASSERT_TRUE(store->insert({settled_entry(1)}));
  EXPECT_EQ(total(*store).requests, 1);
  ASSERT_TRUE(store->insert({settled_entry(2)}));
  EXPECT_EQ(total(*store).requests, 2);
}

TEST_F(SqliteTest, IsReadByAnotherProcessWhileItIsWritten) {
  const auto writer = open();
  ASSERT_TRUE(writer->insert({settled_entry(1)}));
  const auto reader = open(true);
  EXPECT_EQ(total(*reader).requests, 1);
  ASSERT_TRUE(writer->insert({settled_entry(2)}));
  EXPECT_EQ(total(*reader).requests, 2);
}

TEST_F(SqliteTest, UsesAWriteAheadLogAndNamesItsSchema) {
  const auto store = open();
  Outsider outsider(path_);
  EXPECT_EQ(outsider.row("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(outsider.row("PRAGMA user_version"), "2");
}

TEST_F(SqliteTest, CreatesTheDirectoryOfItsFile) {
  path_ = root_ + "/a/b/ledger.db";
  EXPECT_NE(open(), nullptr);
}

TEST_F(SqliteTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path_) << std::string(5'000, 'x');
  EXPECT_THAT(refusal(), HasSubstr("it is not an SQLite database: move it away"));
}

TEST_F(SqliteTest, RefusesADatabaseOfAnotherProgram) {
  Outsider(path_).run("CREATE TABLE recipes (name TEXT)");
  EXPECT_THAT(refusal(), HasSubstr("a database of another program"));
}

TEST_F(SqliteTest, RefusesANewerSchema) {
  Outsider(path_).run("PRAGMA user_version = 7");
  EXPECT_THAT(refusal(), HasSubstr("a newer version wrote it (schema 7, this one knows 2)"));
}

TEST_F(SqliteTest, KeepsWhatASideCallWasFor) {
  Entry call = sample_entry(1, 0);
  call.purpose = ledger::Purpose::classifier;
  const auto store = open();
  ASSERT_TRUE(store->insert({call, settled_entry(1, 1)}));
  Outsider outsider(path_);
  EXPECT_EQ(outsider.row("SELECT group_concat(purpose) FROM (SELECT purpose FROM attempts ORDER BY attempt)"),
            "classifier,answer");
  const ReportRow sum = total(*store);
  EXPECT_EQ(sum.side_calls, 1);
  EXPECT_EQ(sum.attempts, 1);
  EXPECT_EQ(sum.saved, NanoDollars(7'350'000 - 2 * 441'000));
}

// The table as the first version made it, with one settled request.
constexpr const char* version_1 = R"sql(
CREATE TABLE attempts (
  id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  answered_model TEXT NOT NULL,
  tier TEXT NOT NULL,
  outcome TEXT NOT NULL,
  error TEXT NOT NULL,
  upstream_status INTEGER NOT NULL,
  input INTEGER NOT NULL,
  cached_input INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  audio_input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  audio_output INTEGER NOT NULL,
  certainty TEXT NOT NULL,
  cost INTEGER,
  first_content_us INTEGER NOT NULL,
  duration_us INTEGER NOT NULL,
  requested_model TEXT,
  key TEXT,
  task TEXT,
  task_probability REAL,
  complexity REAL,
  start_tier TEXT,
  status INTEGER,
  stream INTEGER,
  complete INTEGER,
  baseline_model TEXT,
  baseline_cost INTEGER,
  total_us INTEGER,
  overhead_us INTEGER,
  config_hash TEXT,
  PRIMARY KEY (id, attempt)
) WITHOUT ROWID;
CREATE INDEX attempts_at ON attempts (at);
PRAGMA user_version = 1;
INSERT INTO attempts VALUES (x'000102030405060708090a0b0c0d0e0f', 0, 1700000000123, 'openai', 'gpt-4o-mini', '', 'light',
  'answered', '', 200, 10, 0, 0, 0, 0, 5, 0, 0, 'exact', 441000, 1, 2, 'auto', '', 'qa', 0.5, 0.25, 'light', 200, 0, 1,
  'openai/gpt-4o', 7350000, 3, 4, '0123abcd');
)sql";

TEST_F(SqliteTest, MigratesADatabaseOfVersion1AndLosesNothing) {
  Outsider(path_).run(version_1);

  const auto store = open();
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->insert({settled_entry(1)}));

  Outsider outsider(path_);
  EXPECT_EQ(outsider.row("PRAGMA user_version"), "2");
  EXPECT_EQ(outsider.row("SELECT count(*), count(DISTINCT purpose), min(purpose) FROM attempts"), "2|1|answer");
  EXPECT_EQ(outsider.row("SELECT config_hash, purpose FROM attempts WHERE model = 'gpt-4o-mini' AND input = 10"),
            "0123abcd|answer");
  const ReportRow sum = total(*store);
  EXPECT_EQ(sum.requests, 2);
  EXPECT_EQ(sum.attempts, 2);
  EXPECT_EQ(sum.side_calls, 0);
  EXPECT_EQ(sum.saved, NanoDollars(2 * (7'350'000 - 441'000)));
  EXPECT_EQ(total(*open()).requests, 2) << "once is enough";
}

TEST_F(SqliteTest, MakesMigratedAndNewDatabasesAlike) {
  const std::string columns =
      "SELECT group_concat(name || ' ' || type || ' ' || \"notnull\") FROM pragma_table_info('attempts')";
  ASSERT_TRUE(open());
  const std::string fresh = Outsider(path_).row(columns.c_str());
  path_ += ".old";
  Outsider(path_).run(version_1);
  ASSERT_TRUE(open());
  EXPECT_EQ(Outsider(path_).row(columns.c_str()), fresh);
}

TEST_F(SqliteTest, ReportsFromADatabaseOfVersion1WithoutChangingIt) {
  Outsider(path_).run(version_1);
  const auto store = open(true);
  ASSERT_TRUE(store);
  EXPECT_EQ(total(*store).requests, 1);
  EXPECT_EQ(total(*store).attempts, 1);
  EXPECT_EQ(Outsider(path_).row("PRAGMA user_version"), "1");
}

TEST_F(SqliteTest, RefusesANegativeVersion) {
  Outsider(path_).run("PRAGMA user_version = -1");
  EXPECT_THAT(refusal(), HasSubstr("a database of another program"));
}

TEST_F(SqliteTest, ForReadingNeedsAFileWithRecords) {
  EXPECT_THAT(refusal(true), HasSubstr("nothing has been recorded yet"));
  EXPECT_FALSE(fs::exists(path_));
  std::ofstream(path_) << "";
  EXPECT_THAT(refusal(true), HasSubstr("nothing has been recorded yet"));
}

TEST_F(SqliteTest, ForReadingRefusesToInsert) {
  ASSERT_TRUE(open()->insert({settled_entry(1)}));
  const auto inserted = open(true)->insert({settled_entry(2)});
  ASSERT_FALSE(inserted);
  EXPECT_THAT(inserted.error().detail, HasSubstr("it is read-only"));
}

TEST_F(SqliteTest, TellsThatADirectoryCannotBeUsed) {
  std::ofstream(root_ + "/file") << "x";
  path_ = root_ + "/file/ledger.db";
  EXPECT_THAT(refusal(), HasSubstr("cannot create the directory of the ledger"));
  path_ = root_;  // a directory is no file
  EXPECT_THAT(refusal(), HasSubstr("make sure that its directory exists"));
}

TEST_F(SqliteTest, TellsThatAnotherProcessHoldsTheLockAndGoesOnAfterIt) {
  const auto store = open();
  Outsider outsider(path_);
  outsider.run("BEGIN IMMEDIATE");
  const auto inserted = store->insert({settled_entry(1)});
  ASSERT_FALSE(inserted);
  EXPECT_THAT(inserted.error().detail, HasSubstr("locked by another process"));
  outsider.run("ROLLBACK");
  ASSERT_TRUE(store->insert({settled_entry(1)}));
  EXPECT_EQ(total(*store).requests, 1);
}

TEST_F(SqliteTest, KeepsNothingOfABatchThatFailed) {
  const auto store = open();
  Outsider(path_).run(
      "CREATE TRIGGER refuse BEFORE INSERT ON attempts WHEN NEW.attempt = 9 "
      "BEGIN SELECT RAISE(ABORT, 'no nines'); END");
  const auto inserted = store->insert({settled_entry(1), settled_entry(2, 9)});
  ASSERT_FALSE(inserted);
  EXPECT_THAT(inserted.error().detail, HasSubstr("no nines"));
  EXPECT_EQ(total(*store).requests, 0);
  ASSERT_TRUE(store->insert({settled_entry(1)}));
  EXPECT_EQ(total(*store).requests, 1);
}

}  // namespace
}  // namespace triaged::store
