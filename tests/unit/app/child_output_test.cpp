#include "app/child_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace triaged::app {
namespace {

using testing::HasSubstr;

constexpr Duration plenty = std::chrono::seconds(30);

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

std::string problem_of(const std::vector<std::string>& command, Duration timeout = plenty, int wake = -1) {
  const Result<std::string> output = output_of(command, timeout, wake);
  return output ? "none: " + *output : output.error().detail;
}

TEST(ChildOutput, IsWhatTheProgramPrints) {
  const Result<std::string> output = output_of({"printf", "%s %s", "one", "two; three"}, plenty, -1);
  ASSERT_TRUE(output) << output.error().detail;
  EXPECT_EQ(*output, "one two; three");
  EXPECT_EQ(output_of(shell("cat; printf a; exec >&-; printf b >&2 2>/dev/null"), plenty, -1).value(), "a");
}

TEST(ChildOutput, IsWholeWhateverItsSize) {
  const Result<std::string> output = output_of({"head", "-c", "60000", "/dev/zero"}, plenty, -1);
  ASSERT_TRUE(output) << output.error().detail;
  EXPECT_EQ(output->size(), 60'000U);
  EXPECT_THAT(problem_of({"head", "-c", "70000", "/dev/zero"}), HasSubstr("more than 64 KiB"));
}

TEST(ChildOutput, IsNothingWhereTheProgramFails) {
  EXPECT_THAT(problem_of({"/nowhere/to/be/found"}), HasSubstr("cannot be started: No such file"));
  EXPECT_THAT(problem_of(shell("echo secret; exit 3")), HasSubstr("ended with code 3"));
  EXPECT_THAT(problem_of(shell("kill -9 $$")), HasSubstr("ended by signal 9"));
  EXPECT_THAT(problem_of({}), HasSubstr("no program"));
  EXPECT_EQ(problem_of(shell("echo secret; exit 3")).find("secret"), std::string::npos);
}

TEST(ChildOutput, IsNotWaitedForLongerThanWanted) {
  EXPECT_THAT(problem_of(shell("sleep 1000 & wait"), std::chrono::milliseconds(50)), HasSubstr("did not end in time"));
  const int wake = ::eventfd(1, EFD_CLOEXEC);
  EXPECT_THAT(problem_of(shell("sleep 1000 & wait"), plenty, wake), HasSubstr("not waited for"));
  ::close(wake);
}

// What a program leaves behind does not keep its output open.
TEST(ChildOutput, EndsWithTheProgramAndNotWithWhatItStarted) {
  const Result<std::string> output = output_of(shell("sleep 1000 & echo done"), plenty, -1);
  ASSERT_TRUE(output) << output.error().detail;
  EXPECT_EQ(*output, "done\n");
}

TEST(ChildOutput, HandsDownNothingOfOurs) {
  const int ours = ::eventfd(0, 0);  // without close-on-exec
  const Result<std::string> open = output_of({"ls", "/proc/self/fd"}, plenty, -1);
  ::close(ours);
  ASSERT_TRUE(open) << open.error().detail;
  EXPECT_EQ(*open, "0\n1\n2\n3\n");  // the last is its own, of the folder
}

}  // namespace
}  // namespace triaged::app
