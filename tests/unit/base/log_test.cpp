#include "triaged/base/log.hpp"

#include "triaged/base/text.hpp"

#include "base/logfmt.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace triaged {
namespace {

std::string line_with(const std::string& value) {
  const std::string line = format_logfmt(LogLevel::info, WallTime(), "m", {{"k", value}});
  return line.substr(line.find("k=") + 2);
}

TEST(Logfmt, StartsWithTimeLevelAndMessage) {
  const WallTime now{std::chrono::milliseconds(1'700'000'000'007)};

  EXPECT_EQ(format_logfmt(LogLevel::warn, now, "breaker opened", {{"target", "openai/gpt-4o"}, {"failures", "5"}}),
            "time=2023-11-14T22:13:20.007Z level=warn msg=\"breaker opened\" target=openai/gpt-4o failures=5");
}

struct ValueCase {
  std::string value, written;
};

TEST(Logfmt, QuotesValuesThatNeedIt) {
  for (const auto& [value, written] : std::vector<ValueCase>{{"plain-1.5/x:y", "plain-1.5/x:y"},
                                                             {"", R"("")"},
                                                             {"two words", R"("two words")"},
                                                             {"a=b", R"("a=b")"},
                                                             {R"(say "hi")", R"("say \"hi\"")"},
                                                             {R"(back\slash)", R"("back\\slash")"},
                                                             {"Zürich", "\"Zürich\""}}) {
    EXPECT_EQ(line_with(value), written);
  }
}

TEST(Logfmt, EscapesWhatCouldForgeALineOrSteerATerminal) {
  for (const auto& [value, written] : std::vector<ValueCase>{{"a\nlevel=error", R"("a\nlevel=error")"},
                                                             {"a\r\tb", R"("a\r\tb")"},
                                                             {"\x1B[2J", R"("\u001b[2J")"},
                                                             {std::string(1, '\0'), R"("\u0000")"},
                                                             {"\x7F", R"("\u007f")"},
                                                             {"\xC2\x9B", R"("\u009b")"},
                                                             {"\x9B\xFF", R"("\x9b\xff")"},
                                                             {"cut \xC3", R"("cut \xc3")"}}) {
    EXPECT_EQ(line_with(value), written);
  }
}

TEST(Logfmt, CutsVeryLongValues) {
  const std::string written = line_with(std::string(10'000, 'x'));

  EXPECT_EQ(written.size(), 4096U + 5);
  EXPECT_EQ(written.substr(written.size() - 5), "x...\"");
}

TEST(Logfmt, CleansKeys) {
  EXPECT_NE(format_logfmt(LogLevel::info, WallTime(), "m", {{"a b=\n\"", "1"}}).find(" a_b___=1"), std::string::npos);
}

class Log : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("triaged_log_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    // Back to what a program starts with.
    static_cast<void>(start_logging({}));
    stop_logging();
    std::filesystem::remove_all(folder_);
  }
  std::string path(const std::string& name) const { return folder_ / name; }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(Log, GoesToStandardErrorBeforeStartAndAfterStop) {
  testing::internal::CaptureStderr();
  log_info("before");
  ASSERT_TRUE(start_logging({}));
  stop_logging();
  log_error("after", {{"why", "test"}});
  stop_logging();
  flush_logging();
  const std::string written = testing::internal::GetCapturedStderr();

  EXPECT_NE(written.find("level=info msg=before\n"), std::string::npos) << written;
  EXPECT_NE(written.find("level=error msg=after why=test\n"), std::string::npos) << written;
}

TEST_F(Log, FlushWaitsUntilLinesAreWritten) {
  testing::internal::CaptureStderr();
  ASSERT_TRUE(start_logging({LogLevel::info, path("access.log")}));
  for (int i = 0; i < 1000; ++i) {
    log_warn("message", {{"number", std::to_string(i)}});
    write_access_line("{\"n\":" + std::to_string(i) + "}");
  }
  flush_logging();
  const std::string access = read(path("access.log"));
  const std::string messages = testing::internal::GetCapturedStderr();

  EXPECT_EQ(split(access, '\n').size(), 1001U);
  EXPECT_TRUE(access.starts_with("{\"n\":0}\n{\"n\":1}\n")) << access.substr(0, 40);
  EXPECT_EQ(split(messages, '\n').size(), 1001U);
}

TEST_F(Log, StopWritesEverythingQueued) {
  ASSERT_TRUE(start_logging({LogLevel::info, path("access.log")}));
  for (int i = 0; i < 5000; ++i) write_access_line("{}");
  stop_logging();

  EXPECT_EQ(read(path("access.log")).size(), 5000U * 3);
  EXPECT_FALSE(access_log_on());
}

TEST_F(Log, LeavesOutLinesBelowItsLevel) {
  testing::internal::CaptureStderr();
  ASSERT_TRUE(start_logging({LogLevel::warn, ""}));
  log_debug("no debug");
  log_info("no info");
  log_warn("a warning");
  flush_logging();
  const std::string written = testing::internal::GetCapturedStderr();

  EXPECT_EQ(written.find("no "), std::string::npos) << written;
  EXPECT_NE(written.find("a warning"), std::string::npos) << written;
}

TEST_F(Log, AccessLinesGoNowhereWithoutAnAccessFile) {
  testing::internal::CaptureStderr();
  ASSERT_TRUE(start_logging({}));
  EXPECT_FALSE(access_log_on());
  write_access_line("{\"lost\":true}");
  stop_logging();

  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(Log, StandardOutputTakesAccessLinesWithoutAPrefix) {
  testing::internal::CaptureStdout();
  ASSERT_TRUE(start_logging({LogLevel::info, "-"}));
  EXPECT_TRUE(access_log_on());
  write_access_line("{\"a\":1}");
  stop_logging();

  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"a\":1}\n");
}

TEST_F(Log, AnAccessFileThatCannotBeOpenedIsAnErrorAndChangesNothing) {
  ASSERT_TRUE(start_logging({LogLevel::info, path("access.log")}));
  const auto failed = start_logging({LogLevel::info, path("missing/access.log")});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().detail.find("missing/access.log"), std::string::npos);
  EXPECT_NE(failed.error().detail.find("No such file"), std::string::npos);

  write_access_line("{}");
  stop_logging();
  EXPECT_EQ(read(path("access.log")), "{}\n");
}

TEST_F(Log, StartingAgainAppendsAndMayMoveTheFile) {
  ASSERT_TRUE(start_logging({LogLevel::info, path("a.log")}));
  write_access_line("1");
  ASSERT_TRUE(start_logging({LogLevel::info, path("b.log")}));
  write_access_line("2");
  ASSERT_TRUE(start_logging({LogLevel::info, path("a.log")}));
  write_access_line("3");
  stop_logging();

  EXPECT_EQ(read(path("a.log")), "1\n3\n");
  EXPECT_EQ(read(path("b.log")), "2\n");
}

TEST_F(Log, CountsLinesThatTheSystemRefuses) {
  const std::uint64_t before = dropped_log_lines();
  ASSERT_TRUE(start_logging({LogLevel::info, "/dev/full"}));
  for (int i = 0; i < 3; ++i) write_access_line("{}");
  stop_logging();

  EXPECT_EQ(dropped_log_lines() - before, 3U);
}

TEST_F(Log, AnAccessLineGoesOutSoonWithoutAnyOtherBehindIt) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_TRUE(start_logging({LogLevel::info, path("pipe")}));
  ASSERT_EQ(::fcntl(reader, F_SETFL, 0), 0);
  for (const std::string line : {"first", "second"}) {
    write_access_line(line);
    std::vector<char> bytes(100);
    const ssize_t size = ::read(reader, bytes.data(), bytes.size());  // waits for it
    ASSERT_GT(size, 0);
    EXPECT_EQ(std::string(bytes.data(), static_cast<std::size_t>(size)), line + "\n");
  }
  stop_logging();
  ::close(reader);
}

// A pipe that nobody reads holds the background thread up; the queue runs over; then the pipe is read to its end.
TEST_F(Log, DropsTheOldestLinesAndCountsThemWhenWritingIsTooSlow) {
  const std::uint64_t before = dropped_log_lines();
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_TRUE(start_logging({LogLevel::info, path("pipe")}));
  constexpr int sent = 30'000;
  for (int i = 0; i < sent; ++i) write_access_line(std::to_string(i) + std::string(100, '.'));
  const std::uint64_t dropped = dropped_log_lines() - before;

  ASSERT_EQ(::fcntl(reader, F_SETFL, 0), 0);
  std::string received;
  std::thread drain([&] {
    std::vector<char> bytes(65'536);
    for (ssize_t n = 0; (n = ::read(reader, bytes.data(), bytes.size())) > 0;) {
      received.append(bytes.data(), static_cast<std::size_t>(n));
    }
  });
  stop_logging();
  drain.join();
  ::close(reader);

  EXPECT_GT(dropped, 0U);
  EXPECT_EQ(split(received, '\n').size() - 1 + dropped, static_cast<std::size_t>(sent));
  EXPECT_TRUE(received.ends_with("\n" + std::to_string(sent - 1) + std::string(100, '.') + "\n"));
}

TEST_F(Log, TakesLinesFromManyThreadsWhileStartingAndStopping) {
  testing::internal::CaptureStderr();
  std::vector<std::thread> writers;
  for (int t = 0; t < 3; ++t) {
    writers.emplace_back([] {
      for (int i = 0; i < 300; ++i) {
        log_info("line");
        write_access_line("{}");
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(start_logging({LogLevel::info, path("access.log")}));
    flush_logging();
    stop_logging();
  }
  for (auto& writer : writers) writer.join();
  const std::string written = testing::internal::GetCapturedStderr();

  EXPECT_EQ(split(written, '\n').size(), 901U);
}

}  // namespace
}  // namespace triaged
