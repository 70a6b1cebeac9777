#include "app/token_commands.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace triaged::app {
namespace {

constexpr Duration soon = std::chrono::milliseconds(1);
constexpr Duration never = std::chrono::hours(1);

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A program that tells when it begins, and prints what it is given then, both through pipes with names.
class Told {
 public:
  Told() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triaged-told-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    EXPECT_EQ(::mkfifo(begun().c_str(), 0600), 0);
    EXPECT_EQ(::mkfifo(given().c_str(), 0600), 0);
  }
  ~Told() { std::filesystem::remove_all(folder_); }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

  std::vector<std::string> command() const {
    return {"/bin/sh", "-c", "echo >\"$0\"; read -r token <\"$1\"; echo $token", begun(), given()};
  }
  // Returns when the next run has begun, so the one before has ended.
  void wait_for_next() const { EXPECT_EQ(read_file(begun()), "\n"); }
  void give(std::string_view token) const { std::ofstream(given()) << token << "\n"; }

 private:
  std::string begun() const { return folder_ + "/begun"; }
  std::string given() const { return folder_ + "/given"; }
  std::string folder_;
};

// The file, once the program was given the first token.
std::string file_with(const Told& program, std::string_view token, TokenCommands& commands) {
  std::thread first([&program, token] {
    program.wait_for_next();
    program.give(token);
  });
  std::string file = commands.file_of(program.command(), soon).value();
  first.join();
  return file;
}

TEST(TokenCommands, KeepWhatTheProgramPrintsInAFileOfTheirOwn) {
  TokenCommands commands;
  const Result<std::string> file = commands.file_of({"printf", " a-token\n"}, never);
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(read_file(*file), "a-token");
  struct stat found {};
  ASSERT_EQ(::stat(file->c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  commands.stop();
  EXPECT_FALSE(std::filesystem::exists(*file));
}

TEST(TokenCommands, RunTheProgramAgainAndAgain) {
  const Told program;
  TokenCommands commands;
  const std::string file = file_with(program, "one", commands);
  EXPECT_EQ(read_file(file), "one");
  program.wait_for_next();
  program.give("two");
  program.wait_for_next();
  EXPECT_EQ(read_file(file), "two");
  program.give("no token");
  program.wait_for_next();
  EXPECT_EQ(read_file(file), "two") << "the last one stays";
  program.give("three");
  program.wait_for_next();
  EXPECT_EQ(read_file(file), "three");
}

TEST(TokenCommands, RunTheSameCommandOnce) {
  TokenCommands commands;
  const std::string one = commands.file_of({"echo", "x"}, never).value();
  EXPECT_EQ(commands.file_of({"echo", "x"}, never).value(), one);
  EXPECT_NE(commands.file_of({"echo", "y"}, never).value(), one);
}

TEST(TokenCommands, ThatFailLeaveNoFile) {
  TokenCommands commands;
  EXPECT_FALSE(std::filesystem::exists(commands.file_of({"false"}, never).value()));
}

TEST(TokenCommands, EndAProgramThatRunsWhenTheyStop) {
  const Told program;
  TokenCommands commands;
  const std::string file = file_with(program, "one", commands);
  program.wait_for_next();
  commands.stop();  // it waits for its second token
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace triaged::app
