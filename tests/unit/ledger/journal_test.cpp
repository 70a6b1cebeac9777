#include "triaged/ledger/journal.hpp"

#include "triaged/base/crc32c.hpp"

#include "unit/ledger/sample_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace triaged::ledger {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::size_t small_segment = 64U << 10U;

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "triaged-journal-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    directory_ = root_ + "/a/journal";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<Journal> open(std::size_t segment_bytes = small_segment) {
    auto journal = Journal::open(directory_, segment_bytes);
    EXPECT_TRUE(journal) << journal.error().detail;
    return journal ? std::move(*journal) : nullptr;
  }

  std::vector<fs::path> segments() const {
    std::vector<fs::path> found;
    for (const auto& file : fs::directory_iterator(directory_)) {
      if (file.path().extension() == ".journal") found.push_back(file.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  // Of the segments, in this process.
  std::size_t resident_kib() const {
    std::ifstream maps("/proc/self/smaps");
    std::size_t sum = 0;
    bool ours = false;
    for (std::string line; std::getline(maps, line);) {
      if (line.find(" rw-s ") != std::string::npos) ours = line.find(directory_) != std::string::npos;
      if (ours && line.starts_with("Rss:")) sum += std::stoul(line.substr(4));
      if (line.starts_with("VmFlags:")) ours = false;
    }
    return sum;
  }

  std::string root_;
  std::string directory_;
};

std::vector<Entry> drained(Journal& journal, std::size_t batch_size = 2'000) {
  std::vector<Entry> all;
  const std::size_t count = journal.drain(
      [&](const std::vector<Entry>& batch) {
        EXPECT_FALSE(batch.empty());
        EXPECT_LE(batch.size(), batch_size);
        all.insert(all.end(), batch.begin(), batch.end());
        return true;
      },
      batch_size);
  EXPECT_EQ(count, all.size());
  return all;
}

std::vector<std::uint32_t> attempts(const std::vector<Entry>& entries) {
  std::vector<std::uint32_t> numbers;
  for (const Entry& entry : entries) numbers.push_back(entry.attempt);
  return numbers;
}

std::vector<std::uint32_t> counted(std::uint32_t from, std::uint32_t to) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = from; number < to; ++number) numbers.push_back(number);
  return numbers;
}

void append(JournalWriter& writer, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t number = from; number < to; ++number) ASSERT_TRUE(writer.append(settled_entry(1, number)));
}

// Kills itself after the entries are appended, as `kill -9` would: no destructor runs.
void append_in_a_process_that_is_killed(const std::string& directory, std::uint32_t count) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto journal = Journal::open(directory, small_segment);
    if (!journal) ::_exit(1);
    const auto writer = (*journal)->make_writer(0);
    for (std::uint32_t number = 0; number < count; ++number) {
      if (!writer->append(settled_entry(1, number))) ::_exit(2);
    }
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(WTERMSIG(status), SIGKILL);
}

TEST(Crc32c, MatchesThePublishedCheckValueInBothForms) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(""), 0U);
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(crc32c(bytes), crc32c_in_software(bytes)) << i;
    bytes.push_back(static_cast<char>(i * 37));
  }
}

TEST_F(JournalTest, GivesEntriesOfALiveSegmentOnce) {
  const auto journal = open();
  const auto writer = journal->make_writer(3);
  EXPECT_TRUE(drained(*journal).empty());
  append(*writer, 0, 5);
  EXPECT_EQ(attempts(drained(*journal)), counted(0, 5));
  EXPECT_TRUE(drained(*journal).empty());
  append(*writer, 5, 7);
  const std::vector<Entry> rest = drained(*journal);
  EXPECT_EQ(attempts(rest), counted(5, 7));
  EXPECT_EQ(rest.front().settled->key, "team-a");
  EXPECT_EQ(journal->damaged(), 0U);
}

TEST_F(JournalTest, KeepsInMemoryOnlyWhatIsNotStoredAndWhatIsWrittenNext) {
  constexpr std::size_t ready_kib = 512;
  const auto journal = open(4U << 20U);
  const auto writer = journal->make_writer(0);
  EXPECT_LE(resident_kib(), ready_kib);
  append(*writer, 0, 8'000);
  EXPECT_GT(resident_kib(), 2 * ready_kib);

  ASSERT_EQ(drained(*journal).size(), 8'000U);

  EXPECT_LE(resident_kib(), ready_kib);
  EXPECT_GE(resident_kib(), ready_kib - 4);
  append(*writer, 8'000, 8'010);
  EXPECT_EQ(attempts(drained(*journal)), counted(8'000, 8'010));
}

TEST_F(JournalTest, RotatesAndDeletesStoredSegments) {
  const auto journal = open();
  const auto writer = journal->make_writer(0);
  append(*writer, 0, 2'000);
  EXPECT_GT(segments().size(), 3U);
  EXPECT_EQ(attempts(drained(*journal, 100)), counted(0, 2'000));
  EXPECT_LE(segments().size(), 2U);  // the live one, and perhaps its spare
}

TEST_F(JournalTest, LeavesNothingBehindAfterAnOrderlyEnd) {
  {
    const auto journal = open();
    append(*journal->make_writer(0), 0, 250);  // enough for a spare to be made
    EXPECT_EQ(drained(*journal).size(), 250U);
  }
  EXPECT_TRUE(segments().empty());
}

TEST_F(JournalTest, UsesTheSpareThatTheDrainPrepared) {
  const auto journal = open();
  const auto writer = journal->make_writer(0);
  append(*writer, 0, 250);
  ASSERT_EQ(segments().size(), 1U);
  drained(*journal);
  const auto with_spare = segments();
  ASSERT_EQ(with_spare.size(), 2U);
  append(*writer, 250, 450);
  EXPECT_EQ(segments(), with_spare);
  EXPECT_EQ(attempts(drained(*journal)), counted(250, 450));
}

TEST_F(JournalTest, GivesEntriesAgainUntilTheyAreStored) {
  const auto journal = open();
  const auto writer = journal->make_writer(0);
  append(*writer, 0, 10);
  int calls = 0;
  const std::size_t stored = journal->drain(
      [&](const std::vector<Entry>& batch) {
        ++calls;
        return batch.front().attempt < 4;  // the first two batches
      },
      2);
  EXPECT_EQ(stored, 4U);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(attempts(drained(*journal)), counted(4, 10));
}

TEST_F(JournalTest, KeepsSegmentsThatCouldNotBeStored) {
  const auto journal = open();
  {
    const auto writer = journal->make_writer(0);
    append(*writer, 0, 10);
  }
  EXPECT_EQ(journal->drain([](const std::vector<Entry>&) { return false; }), 0U);
  EXPECT_EQ(segments().size(), 1U);
  EXPECT_EQ(drained(*journal).size(), 10U);
  EXPECT_TRUE(segments().empty());
}

TEST_F(JournalTest, KeepsEveryEntryOfAKilledProcess) {
  append_in_a_process_that_is_killed(directory_, 1'500);
  const auto journal = open();
  const auto writer = journal->make_writer(0);
  append(*writer, 1'500, 1'510);
  EXPECT_EQ(attempts(drained(*journal)), counted(0, 1'510));  // those of the crashed run first
  EXPECT_EQ(journal->damaged(), 0U);
  EXPECT_EQ(segments().size(), 1U);
}

TEST_F(JournalTest, ReplaysWhatWasNotConfirmedBeforeTheCrash) {
  append_in_a_process_that_is_killed(directory_, 20);
  {
    const auto journal = open();
    EXPECT_EQ(journal->drain([](const std::vector<Entry>&) { return false; }), 0U);
  }
  EXPECT_EQ(attempts(drained(*open())), counted(0, 20));
}

// Where the record of the `number`th entry starts; all sample entries are of one size for attempts below 128.
std::size_t record_at(std::size_t number) {
  std::string payload;
  encode(settled_entry(1, 0), payload);
  return 64 + number * ((8 + payload.size() + 7) / 8 * 8);
}

void overwrite(const fs::path& path, std::size_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
  ASSERT_TRUE(file.good());
}

TEST_F(JournalTest, SkipsAndCountsDamagedRecords) {
  const struct {
    const char* name;
    std::size_t at;
    std::string bytes;
    std::vector<std::uint32_t> left;
    std::uint64_t damaged;
  } cases[] = {
      {"payload", record_at(3) + 20, "\xFF\xFF", {0, 1, 2, 4, 5}, 1},
      {"checksum", record_at(0) + 4, "abcd", {1, 2, 3, 4, 5}, 1},
      {"absurd length", record_at(2), "\xFF\xFF\xFF\x7F", {0, 1, 3, 4, 5}, 1},
      {"lost page", record_at(1), std::string(record_at(4) - record_at(1), '\0'), {0, 4, 5}, 1},
      {"torn tail", record_at(5) + 30, std::string(40, '\0'), {0, 1, 2, 3, 4}, 1},
      {"append that was never finished", record_at(5), std::string(4, '\0'), {0, 1, 2, 3, 4}, 0},
      {"lost header", 0, std::string(64, '\0'), {0, 1, 2, 3, 4, 5}, 0},
      {"nothing left", 0, std::string(small_segment, '\0'), {}, 0},
  };
  for (const auto& item : cases) {
    SCOPED_TRACE(item.name);
    append_in_a_process_that_is_killed(directory_, 6);
    ASSERT_EQ(segments().size(), 1U);
    overwrite(segments().front(), item.at, item.bytes);
    const auto journal = open();
    EXPECT_EQ(attempts(drained(*journal)), item.left);
    EXPECT_EQ(journal->damaged(), item.damaged);
    EXPECT_TRUE(segments().empty());
  }
}

TEST_F(JournalTest, ReadsASegmentOfNoiseWithoutHarm) {
  Random random(3);
  fs::create_directories(directory_);
  for (int round = 0; round < 20; ++round) {
    std::ofstream file(directory_ + "/0-" + std::to_string(round) + ".journal", std::ios::binary);
    const std::size_t size = random.next() % 9'000;
    for (std::size_t i = 0; i < size; ++i) file.put(static_cast<char>(random.next() % 3 == 0 ? random.next() : 0));
  }
  EXPECT_TRUE(drained(*open()).empty());
  EXPECT_TRUE(segments().empty());
}

TEST_F(JournalTest, RefusesSegmentsOfANewerVersion) {
  append_in_a_process_that_is_killed(directory_, 1);
  overwrite(segments().front(), 8, "\x02");
  const auto journal = Journal::open(directory_);
  ASSERT_FALSE(journal);
  EXPECT_THAT(journal.error().detail, HasSubstr("newer version"));
  EXPECT_EQ(segments().size(), 1U);
}

TEST_F(JournalTest, LeavesOtherFilesAlone) {
  fs::create_directories(directory_);
  for (const char* name : {"notes.txt", "x-1.journal", "1.journal", "1-.journal"}) {
    std::ofstream(directory_ + "/" + name) << "mine";
  }
  EXPECT_TRUE(drained(*open()).empty());
  for (const char* name : {"notes.txt", "x-1.journal", "1.journal", "1-.journal"}) {
    EXPECT_TRUE(fs::exists(directory_ + "/" + name)) << name;
  }
}

TEST_F(JournalTest, IsForOneProcessAtATime) {
  {
    const auto journal = open();
    const auto second = Journal::open(directory_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::storage);
    EXPECT_THAT(second.error().detail, HasSubstr("in use by another process"));
  }
  EXPECT_NE(open(), nullptr);
}

TEST_F(JournalTest, TellsWhyTheDirectoryCannotBeUsed) {
  std::ofstream(root_ + "/file") << "x";
  const auto below_a_file = Journal::open(root_ + "/file/journal");
  ASSERT_FALSE(below_a_file);
  EXPECT_THAT(below_a_file.error().detail, HasSubstr("cannot create the journal directory"));
  fs::create_directories(root_ + "/busy/lock");  // a directory where the lock file should be
  const auto no_lock = Journal::open(root_ + "/busy");
  ASSERT_FALSE(no_lock);
  EXPECT_THAT(no_lock.error().detail, HasSubstr("cannot write to the journal directory"));
}

TEST_F(JournalTest, TellsAtOpeningThatTheDiskIsFull) {
  const auto journal = Journal::open(directory_, std::size_t{1} << 55U);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::storage);
  EXPECT_THAT(journal.error().detail, HasSubstr("no room for the journal segment"));
  EXPECT_FALSE(fs::exists(directory_ + "/trial"));
}

TEST_F(JournalTest, SaysFalseWhileThereIsNoRoomAndGoesOnWhenThereIs) {
  const auto journal = open();
  const auto writer = journal->make_writer(0);
  ASSERT_EQ(::signal(SIGXFSZ, SIG_IGN), SIG_DFL);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 1'024;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  std::uint32_t written = 0;
  while (written < 5'000 && writer->append(settled_entry(1, written))) ++written;
  const bool still_no = !writer->append(settled_entry(1, written));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, SIG_DFL);

  EXPECT_GT(written, 100U);
  EXPECT_LT(written, 5'000U);
  EXPECT_TRUE(still_no);
  append(*writer, written, written + 3);
  EXPECT_EQ(attempts(drained(*journal)), counted(0, written + 3));
}

TEST_F(JournalTest, HoldsTheLongestEntry) {
  Entry entry = settled_entry(1);
  const std::string longest(10'000, 'x');
  for (std::string* text : {&entry.provider, &entry.model, &entry.answered_model, &entry.tier, &entry.error,
                            &entry.settled->requested_model, &entry.settled->key, &entry.settled->task,
                            &entry.settled->tier, &entry.settled->baseline_model, &entry.settled->config_hash}) {
    *text = longest;
  }
  const auto journal = open(1);  // rounded up to what holds any entry
  const auto writer = journal->make_writer(0);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(writer->append(entry));
  EXPECT_EQ(drained(*journal).size(), 50U);
}

TEST_F(JournalTest, IsReadWhileSeveralWritersGoOn) {
  constexpr std::uint32_t per_writer = 3'000;
  constexpr std::size_t writers = 3;
  const auto journal = open();
  std::atomic<std::size_t> running{writers};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (std::size_t worker = 0; worker < writers; ++worker) {
    threads.emplace_back([&, worker] {
      const auto writer = journal->make_writer(worker);
      for (std::uint32_t number = 0; number < per_writer; ++number) {
        if (!writer->append(settled_entry(worker, number))) refused.fetch_add(1);
      }
      running.fetch_sub(1);
    });
  }
  std::set<std::pair<RequestId, std::uint32_t>> seen;
  std::size_t count = 0;
  const auto take = [&] {
    for (const Entry& entry : drained(*journal, 500)) {
      ++count;
      seen.emplace(entry.id, entry.attempt);
    }
  };
  while (running.load() > 0) take();
  for (std::thread& thread : threads) thread.join();
  take();
  EXPECT_EQ(refused.load(), 0);
  EXPECT_EQ(count, writers * per_writer);
  EXPECT_EQ(seen.size(), count);
  EXPECT_EQ(journal->damaged(), 0U);
  EXPECT_TRUE(segments().empty());
}

}  // namespace
}  // namespace triaged::ledger
